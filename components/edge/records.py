"""The names that lead to a service."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from pulumi_gcp import dns

from components.design.edge_model import (
    HostDesign,
)
from components.paved import Paved

SERVICE = "pave:service:HighlyAvailableService"
HOMES = (SERVICE, f"{SERVICE}$pave:service:FrontDoor")
"""Below what a service's records may stand, as types in a URN: those of a machine below the service itself,
those of a front door below that. It is one record all the while: names move, and the engine has to know it
again, or it would make a second one and then delete the one."""


class Records(Paved, area="service"):
    """The zone that the names of one host of a service live in, and its address records.

    That zone is `environment_zone`, or one of its own when the host lies outside of the environment's domain;
    the domain's owner then delegates the host to it. Behind a proxy, the address record is what the proxy
    asks for; the host itself is the proxy's to announce, and not made here."""

    zone: pulumi.Input[str]

    def __init__(
        self,
        design: HostDesign,
        *,
        environment_zone: pulumi.Input[str],
        addresses: Mapping[str, Sequence[pulumi.Input[str]]],
        machines: Sequence[pulumi.Input[str]] = (),
        labels: Mapping[str, str],
        protected: bool,
        is_former: bool = False,
        is_of_door: bool = False,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """`addresses` has the record type, `A` or `AAAA`, before its addresses, and `machines` are those of
        machines, to which the design's share of those who ask is led. `is_former` says that it is the host's
        that the service had before, `is_of_door` that a front door makes them."""
        super().__init__(design.host if is_former else design.name, design.origin, opts)
        self._design = design
        self._other_home = HOMES[not is_of_door]
        targets = _targets(design, addresses, machines)
        self._known: dict[tuple[str, str], Any] = {
            (design.record, kind): [each for _, values in weighed for each in values]
            for kind, weighed in targets.items()
        }
        self.zone = environment_zone
        if design.has_own_zone:
            own = dns.ManagedZone(
                design.certificate,
                name=design.certificate,
                dns_name=f"{design.host}.",
                description=f"Delegated to {design.name}",
                visibility="public",
                dnssec_config=dns.ManagedZoneDnssecConfigArgs(state="on", non_existence="nsec3"),
                force_destroy=False,
                labels=labels,
                opts=self.stateful(
                    protected=protected,
                    aliases=[self._formerly("gcp:dns/managedZone:ManagedZone", design.certificate)],
                ),
            )
            self.zone, self._known[design.host, "NS"] = own.name, own.name_servers
        for kind, weighed in targets.items():
            dns.RecordSet(
                f"{design.record}-{kind.lower()}",
                name=f"{design.record}.",
                type=kind,
                ttl=design.ttl_seconds,
                managed_zone=self.zone,
                rrdatas=list(weighed[0][1]) if len(weighed) == 1 else None,
                routing_policy=_weighted(weighed) if len(weighed) > 1 else None,
                opts=self.child(
                    aliases=[self._formerly("gcp:dns/recordSet:RecordSet", f"{design.record}-{kind.lower()}")]
                ),
            )
        self.register_outputs({"zone": self.zone})

    def _formerly(self, token: str, name: str) -> str:
        """The URN that a child has where these records stand below the other of the two."""
        types = f"{self._other_home}${self.token}${token}"
        return f"urn:pulumi:{pulumi.get_stack()}::{pulumi.get_project()}::{types}::{name}"

    def elsewhere(self, proof: pulumi.Output[Any] | None = None) -> list[dict[str, Any]]:
        """The design's records that others have to make, each with its `values`; `proof` is the record that
        proves the host."""
        known, names = dict(self._known), {}
        if proof is not None:
            record = self._design.proof.record
            known[record, "CNAME"] = [proof.data]
            names = {record: proof.name.apply(lambda name: name.rstrip("."))} if "*" in record else {}
        return [
            {
                "name": names.get(record.name, record.name),
                "type": record.type,
                "values": known[record.name, record.type] if record.value is None else [record.value],
                "holder": record.holder,
                "why": record.why,
            }
            for record in self._design.records_elsewhere
        ]


Weighed = list[tuple[int, list[pulumi.Input[str]]]]
"""Weights, each with the addresses that so many of those who ask are led to."""


def _targets(
    design: HostDesign,
    addresses: Mapping[str, Sequence[pulumi.Input[str]]],
    machines: Sequence[pulumi.Input[str]],
) -> dict[str, Weighed]:
    """By the record's type, where it leads. Machines have IPv4 alone: as long as they are one of two ways
    there is no AAAA, which whoever has IPv6 would take every time."""
    share = design.machine_percent if machines else 0
    if not share:
        return {kind: [(100, list(values))] for kind, values in addresses.items()}
    if share == 100:
        return {"A": [(100, list(machines))]}
    return {"A": [(share, list(machines)), (100 - share, list(addresses["A"]))]}


def _weighted(weighed: Weighed) -> dns.RecordSetRoutingPolicyArgs:
    """https://cloud.google.com/dns/docs/routing-policies-overview#wrr-policy"""
    return dns.RecordSetRoutingPolicyArgs(
        wrrs=[
            dns.RecordSetRoutingPolicyWrrArgs(weight=float(weight), rrdatas=addresses)
            for weight, addresses in weighed
        ]
    )
