"""The names that lead to a service."""

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_gcp import dns

from components.design.model import EdgeDesign
from components.paved import Paved


class Records(Paved, area="service"):
    """The zone that a service's names live in, and its address records.

    That zone is `environment_zone`, or one of its own when the host lies outside of the environment's domain;
    the domain's owner then delegates the host to it. Behind a proxy, the address record is what the proxy
    asks for; the host itself is the proxy's to announce, and not made here."""

    zone: pulumi.Input[str]

    def __init__(
        self,
        design: EdgeDesign,
        *,
        environment_zone: pulumi.Input[str],
        addresses: Mapping[str, Sequence[pulumi.Input[str]]],
        labels: Mapping[str, str],
        protected: bool,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """`addresses` has the record type, `A` or `AAAA`, before its addresses."""
        super().__init__(design.name, design.origin, opts)
        self.zone = environment_zone
        if design.has_own_zone:
            self.zone = dns.ManagedZone(
                design.certificate,
                name=design.certificate,
                dns_name=f"{design.host}.",
                description=f"Delegated to {design.name}",
                visibility="public",
                dnssec_config=dns.ManagedZoneDnssecConfigArgs(state="on", non_existence="nsec3"),
                force_destroy=False,
                labels=labels,
                opts=self.stateful(protected=protected),
            ).name
        for kind, values in addresses.items():
            dns.RecordSet(
                f"{design.record}-{kind.lower()}",
                name=f"{design.record}.",
                type=kind,
                ttl=design.ttl_seconds,
                managed_zone=self.zone,
                rrdatas=list(values),
                opts=self.child(),
            )
        self.register_outputs({"zone": self.zone})
