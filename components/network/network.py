"""The private network of an environment, and the ranges that nodes, pods and managed stores take."""

from collections.abc import Mapping

import pulumi
from pulumi_gcp import compute, networkconnectivity, servicenetworking

from components.design.foundation.model import ConnectionPolicyDesign, NetworkDesign, PrivateAccessDesign
from components.paved import Paved


class Network(Paved, area="foundation"):
    """A network with one subnet for nodes. There is no public way in; calls to Google stay inside."""

    network: compute.Network
    subnet: compute.Subnetwork

    def __init__(self, design: NetworkDesign, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(design.resource, design.origin, opts)
        self.network = compute.Network(
            design.resource,
            name=design.resource,
            auto_create_subnetworks=False,
            routing_mode="REGIONAL",
            opts=self.stateful(protected=design.protected),
        )
        subnet = design.subnet
        self.subnet = compute.Subnetwork(
            subnet.resource,
            name=subnet.resource,
            network=self.network.id,
            region=subnet.region,
            ip_cidr_range=subnet.cidr,
            secondary_ip_ranges=[
                compute.SubnetworkSecondaryIpRangeArgs(range_name=extra.name, ip_cidr_range=extra.cidr)
                for extra in (subnet.pods, subnet.services)
            ],
            private_ip_google_access=True,
            log_config=compute.SubnetworkLogConfigArgs(
                aggregation_interval="INTERVAL_5_MIN",
                flow_sampling=subnet.flow_log_share,
                metadata="INCLUDE_ALL_METADATA",
            ),
            opts=self.stateful(protected=design.protected),
        )
        self.register_outputs({"network_id": self.network.id, "subnet_id": self.subnet.id})


class PrivateAccess(Paved, area="foundation"):
    """Private services access: managed stores get addresses of `design`'s range inside the network.

    https://cloud.google.com/vpc/docs/private-services-access"""

    range: compute.GlobalAddress
    connection: servicenetworking.Connection

    def __init__(
        self,
        design: PrivateAccessDesign,
        *,
        network_id: pulumi.Input[str],
        labels: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(design.resource, design.origin, opts)
        self.range = compute.GlobalAddress(
            design.resource,
            name=design.resource,
            purpose="VPC_PEERING",
            address_type="INTERNAL",
            address=design.address,
            prefix_length=design.prefix_length,
            network=network_id,
            labels=labels,
            opts=self.stateful(protected=design.protected),
        )
        self.connection = servicenetworking.Connection(
            design.resource,
            network=network_id,
            service="servicenetworking.googleapis.com",
            reserved_peering_ranges=[self.range.name],
            opts=self.stateful(protected=design.protected),
        )
        self.register_outputs({"connection_id": self.connection.id, "range_name": self.range.name})


class ConnectionPolicy(Paved, area="foundation"):
    """Lets Google's stores make their endpoints in a subnet of the network
    (https://cloud.google.com/vpc/docs/about-service-connection-policies)."""

    def __init__(
        self,
        design: ConnectionPolicyDesign,
        *,
        network_id: pulumi.Input[str],
        subnet_id: pulumi.Input[str],
        labels: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(design.resource, design.origin, opts)
        networkconnectivity.ServiceConnectionPolicy(
            design.resource,
            name=design.resource,
            location=design.region,
            service_class=design.service_class,
            network=network_id,
            psc_config=networkconnectivity.ServiceConnectionPolicyPscConfigArgs(subnetworks=[subnet_id]),
            labels=labels,
            opts=self.stateful(protected=design.protected),
        )
        self.register_outputs({})
