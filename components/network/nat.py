"""How nodes without a public address call out."""

from collections.abc import Mapping

import pulumi
from pulumi_gcp import compute

from components.design.foundation.model import NatDesign
from components.paved import Paved


class Nat(Paved, area="foundation"):
    """All outgoing calls leave from the reserved addresses and from no other.

    Vendors allow-list these addresses, so losing one is an outage: they are stateful, the NAT isn't."""

    addresses: list[compute.Address]

    def __init__(
        self,
        design: NatDesign,
        *,
        network_id: pulumi.Input[str],
        subnet_id: pulumi.Input[str],
        labels: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(design.resource, design.origin, opts)
        self.addresses = [
            compute.Address(
                name,
                name=name,
                region=design.region,
                address_type="EXTERNAL",
                labels=labels,
                opts=self.stateful(protected=design.protected),
            )
            for name in design.addresses
        ]
        router = compute.Router(
            design.router,
            name=design.router,
            region=design.region,
            network=network_id,
            opts=self.child(),
        )
        compute.RouterNat(
            design.resource,
            name=design.resource,
            region=design.region,
            router=router.name,
            nat_ip_allocate_option="MANUAL_ONLY",
            nat_ips=[address.self_link for address in self.addresses],
            source_subnetwork_ip_ranges_to_nat="LIST_OF_SUBNETWORKS",
            subnetworks=[
                compute.RouterNatSubnetworkArgs(name=subnet_id, source_ip_ranges_to_nats=["ALL_IP_RANGES"])
            ],
            enable_dynamic_port_allocation=True,
            enable_endpoint_independent_mapping=False,
            min_ports_per_vm=design.least_ports,
            max_ports_per_vm=design.most_ports,
            log_config=compute.RouterNatLogConfigArgs(enable=True, filter="ERRORS_ONLY"),
            opts=self.child(),
        )
        self.register_outputs({"addresses": [address.address for address in self.addresses]})
