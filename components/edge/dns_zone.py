"""The public DNS zone of an environment."""

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_gcp import compute, dns

from components.design.foundation.model import DnsZoneDesign, RecordCheck, ZoneRecord
from components.paved import Paved


class DnsZone(Paved, area="foundation"):
    """A zone, signed when the design says so, with the records that lead to the zones below and those that
    its own file asks for. Its name servers are what the zone above must delegate to."""

    zone: dns.ManagedZone

    def __init__(
        self,
        design: DnsZoneDesign,
        *,
        labels: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        origins = {_called(each.name, each.type): each.origin for each in design.records}
        super().__init__(design.resource, design.origin, opts, origins=origins)
        self.zone = dns.ManagedZone(
            design.resource,
            name=design.resource,
            dns_name=f"{design.domain}.",
            description=f"Services below {design.domain}",
            visibility="public",
            dnssec_config=dns.ManagedZoneDnssecConfigArgs(
                state="on" if design.is_signed else "off", non_existence="nsec3"
            ),
            cloud_logging_config=dns.ManagedZoneCloudLoggingConfigArgs(enable_logging=True),
            force_destroy=False,
            labels=labels,
            opts=self.stateful(protected=design.protected),
        )
        for below in design.delegates:
            servers = self._record(
                below.domain, "NS", design.ttl_seconds, [f"{name}." for name in below.name_servers]
            )
            if below.ds:
                # A DS record is only legal where there is a delegation (RFC 4035, section 2.4).
                self._record(below.domain, "DS", design.ttl_seconds, below.ds, depends_on=[servers])
        delegations: dict[str, dns.RecordSet] = {}
        for each in sorted(design.records, key=lambda record: record.type == "DS"):
            above = [delegations[each.name]] if each.type == "DS" else []
            made = self._steered(each) if each.weights or each.backup else None
            made = made or self._record(each.name, each.type, each.ttl_seconds, each.values, depends_on=above)
            if each.type == "NS":
                delegations[each.name] = made
        self.register_outputs({"name": self.zone.name, "name_servers": self.zone.name_servers})

    def _steered(self, record: ZoneRecord) -> dns.RecordSet:
        check = None if record.check is None else self._check(record.check)
        return dns.RecordSet(
            _called(record.name, record.type),
            name=f"{record.name}.",
            type=record.type,
            ttl=record.ttl_seconds,
            managed_zone=self.zone.name,
            routing_policy=_routing(record, check),
            opts=self.child(),
        )

    def _check(self, check: RecordCheck) -> pulumi.Output[str]:
        port, host, path = check.port, check.host, check.path
        return compute.HealthCheck(
            check.resource,
            name=check.resource,
            check_interval_sec=check.interval_seconds,
            timeout_sec=10,
            source_regions=check.regions,
            https_health_check=compute.HealthCheckHttpsHealthCheckArgs(
                port=port, host=host, request_path=path
            )
            if check.protocol == "https"
            else None,
            http_health_check=compute.HealthCheckHttpHealthCheckArgs(port=port, host=host, request_path=path)
            if check.protocol == "http"
            else None,
            tcp_health_check=compute.HealthCheckTcpHealthCheckArgs(port=port)
            if check.protocol == "tcp"
            else None,
            log_config=compute.HealthCheckLogConfigArgs(enable=True),
            opts=self.child(),
        ).self_link

    def _record(
        self,
        name: str,
        kind: str,
        ttl_seconds: int,
        values: Sequence[str],
        depends_on: Sequence[dns.RecordSet] = (),
    ) -> dns.RecordSet:
        return dns.RecordSet(
            _called(name, kind),
            name=f"{name}.",
            type=kind,
            ttl=ttl_seconds,
            managed_zone=self.zone.name,
            rrdatas=list(values),
            opts=self.child(depends_on=[*depends_on]),
        )


def _called(name: str, kind: str) -> str:
    """What the resource of a record is called."""
    return f"{name}-{kind.lower()}"


def _routing(record: ZoneRecord, check: pulumi.Output[str] | None) -> dns.RecordSetRoutingPolicyArgs:
    """https://cloud.google.com/dns/docs/routing-policies-overview"""
    if record.backup:
        return dns.RecordSetRoutingPolicyArgs(
            health_check=check,
            primary_backup=dns.RecordSetRoutingPolicyPrimaryBackupArgs(
                primary=dns.RecordSetRoutingPolicyPrimaryBackupPrimaryArgs(external_endpoints=record.values),
                backup_geos=[
                    dns.RecordSetRoutingPolicyPrimaryBackupBackupGeoArgs(
                        location=record.region,
                        health_checked_targets=dns.RecordSetRoutingPolicyPrimaryBackupBackupGeoHealthCheckedTargetsArgs(
                            external_endpoints=record.backup
                        ),
                    )
                ],
            ),
        )
    return dns.RecordSetRoutingPolicyArgs(
        health_check=check,
        wrrs=[
            dns.RecordSetRoutingPolicyWrrArgs(weight=float(weight), rrdatas=[value])
            if check is None
            else dns.RecordSetRoutingPolicyWrrArgs(
                weight=float(weight),
                health_checked_targets=dns.RecordSetRoutingPolicyWrrHealthCheckedTargetsArgs(
                    external_endpoints=[value]
                ),
            )
            for weight, value in zip(record.weights, record.values, strict=True)
        ],
    )
