"""The public DNS zone of an environment."""

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_gcp import dns

from components.design.foundation.model import DnsZoneDesign
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
        super().__init__(design.resource, design.origin, opts)
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
            made = self._record(each.name, each.type, each.ttl_seconds, each.values, depends_on=above)
            if each.type == "NS":
                delegations[each.name] = made
        self.register_outputs({"name": self.zone.name, "name_servers": self.zone.name_servers})

    def _record(
        self,
        name: str,
        kind: str,
        ttl_seconds: int,
        values: Sequence[str],
        depends_on: Sequence[dns.RecordSet] = (),
    ) -> dns.RecordSet:
        return dns.RecordSet(
            f"{name}-{kind.lower()}",
            name=f"{name}.",
            type=kind,
            ttl=ttl_seconds,
            managed_zone=self.zone.name,
            rrdatas=list(values),
            opts=self.child(depends_on=[*depends_on]),
        )
