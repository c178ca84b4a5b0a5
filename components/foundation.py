"""All that the services of an environment share."""

import pulumi

from components.cluster.cluster import Cluster, NodePool
from components.cluster.image_policy import ImagePolicy
from components.design.foundation.model import FoundationDesign
from components.edge.dns_zone import DnsZone
from components.identity.audit import Audit
from components.identity.node_account import NodeAccount
from components.network.firewall import Firewall
from components.network.nat import Nat
from components.network.network import Network, PrivateAccess
from components.paved import Paved


class Foundation(Paved, area="foundation"):
    """Composes the parts of `design`. Needs the provider `gcp` of the environment's project in `opts`."""

    network: Network
    private_access: PrivateAccess
    nat: Nat
    node_account: NodeAccount
    cluster: Cluster
    dns_zone: DnsZone

    def __init__(self, design: FoundationDesign, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(design.name, design.origin, opts)
        labels = design.labels
        self.network = Network(design.network, self.child())
        network_id, subnet_id = self.network.network.id, self.network.subnet.id
        self.private_access = PrivateAccess(
            design.private_access, network_id=network_id, labels=labels, opts=self.child()
        )
        self.nat = Nat(
            design.nat, network_id=network_id, subnet_id=subnet_id, labels=labels, opts=self.child()
        )
        self.node_account = NodeAccount(design.node_account, self.child())
        account = self.node_account.account.email
        Firewall(design.firewall, network_id=network_id, node_account=account, opts=self.child())
        image_policy = ImagePolicy(design.image_policy, self.child())
        self.cluster = Cluster(
            design.cluster,
            network_id=network_id,
            subnet_id=subnet_id,
            pods_range=design.network.subnet.pods.name,
            services_range=design.network.subnet.services.name,
            node_account=account,
            labels=labels,
            opts=self.child(depends_on=[image_policy]),
        )
        NodePool(
            design.cluster.nodes,
            cluster=self.cluster.cluster.name,
            account=account,
            labels=labels,
            opts=self.child(depends_on=[self.node_account, self.nat]),  # nodes pull images as they start
        )
        self.dns_zone = DnsZone(design.dns_zone, labels=labels, opts=self.child())
        Audit(design.audit, labels=labels, opts=self.child())
        self.register_outputs({})
