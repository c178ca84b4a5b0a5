"""The public DNS zone of an environment."""

from collections.abc import Mapping

import pulumi
from pulumi_gcp import dns

from components.design.foundation.model import DnsZoneDesign
from components.paved import Paved


class DnsZone(Paved, area="foundation"):
    """A zone, signed when the design says so. Its name servers are what the parent zone must delegate to."""

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
        self.register_outputs({"name": self.zone.name, "name_servers": self.zone.name_servers})
