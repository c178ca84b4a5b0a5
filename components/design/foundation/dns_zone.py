"""Decides the public DNS zone of an environment."""

from collections.abc import Sequence

from catalog.checks.dns_records import in_zone_file, whole
from catalog.kinds.environment import Environment
from catalog.kinds.zone import HealthCheck, Zone
from components.design.foundation.model import DelegatedZone, DnsZoneDesign, RecordCheck, ZoneRecord
from components.design.naming import host_name, resource_name

REGIONS = ("us-east1", "europe-west1", "asia-east1")
"""From where an address is asked whether it answers. Checks of Cloud DNS for a public zone have three, and an
interval of 30 seconds at least (https://cloud.google.com/compute/docs/reference/rest/v1/healthChecks)."""

INTERVAL_SECONDS = 30

MOVED = ("A", "AAAA", "CNAME", "HTTPS", "SVCB")
"""Types of names that are led elsewhere when what they lead to fails or moves."""


def usual_ttl_seconds(kind: str) -> int:
    """How long a record of that type may be cached, where it doesn't say."""
    return 300 if kind in MOVED else 3600


def dns_zone(environment: Environment, below: Sequence[Environment], zone: Zone | None) -> DnsZoneDesign:
    """The zone of an environment, which delegates to those of the environments `below`, with the records of
    the `zone`'s file where there is one."""
    dns = environment.spec.dns
    return DnsZoneDesign(
        name="zone",
        origin=environment.origin("spec", "dns"),
        resource=host_name(dns.domain),
        domain=dns.domain,
        is_signed=dns.dnssec,
        ttl_seconds=dns.ttl_seconds,
        delegates=[
            DelegatedZone(each.domain, each.delegation.name_servers, each.delegation.ds)
            for each in (one.spec.dns for one in below)
            if each.delegation is not None
        ],
        records=[] if zone is None else _records(zone, dns.domain, environment.spec.region),
        protected=environment.spec.protected,
    )


def _records(zone: Zone, domain: str, region: str) -> list[ZoneRecord]:
    """In the order of their names, so that a line that is moved changes nothing."""
    found = [
        ZoneRecord(
            name=whole(record.name, domain),
            origin=zone.origin("spec", "records", index),
            type=record.type,
            ttl_seconds=record.ttl_seconds or usual_ttl_seconds(record.type),
            values=[in_zone_file(record.type, value) for value in record.values],
            weights=record.weights,
            backup=[in_zone_file(record.type, value) for value in record.backup],
            region=region,
            check=_check(whole(record.name, domain), record.health_check),
            why=record.why,
        )
        for index, record in enumerate(zone.spec.records)
    ]
    return sorted(found, key=lambda each: (each.name, each.type))


def _check(name: str, written: HealthCheck | None) -> RecordCheck | None:
    if written is None:
        return None
    return RecordCheck(
        resource=resource_name("dns", host_name(name)),
        protocol=written.protocol,
        host=name,
        port=written.port,
        path=written.path,
        interval_seconds=INTERVAL_SECONDS,
        regions=list(REGIONS),
    )
