"""All that the services of an environment share."""

from collections.abc import Sequence

import pulumi

from components.cluster.cluster import Cluster, NodePool
from components.cluster.image_policy import ImagePolicy
from components.cluster.secrets_key import SecretsKey
from components.design.foundation.model import FoundationDesign
from components.edge.dns_zone import DnsZone
from components.edge.security_policy import SharedPolicies
from components.identity.audit import Audit
from components.identity.node_account import NodeAccount
from components.network.firewall import Firewall
from components.network.nat import Nat
from components.network.network import ConnectionPolicy, Network, PrivateAccess
from components.paved import Paved
from components.project.apis import Apis
from components.project.service_agents import ServiceAgents


class Foundation(Paved, area="foundation"):
    """Composes the parts of `design`, after `apis` are enabled, those that services need among them. Needs
    the provider `gcp` of the environment's project in `opts`."""

    apis: Apis
    network: Network
    private_access: PrivateAccess
    nat: Nat
    node_account: NodeAccount
    cluster: Cluster
    nodes: NodePool
    dns_zone: DnsZone
    agents: ServiceAgents

    def __init__(
        self, design: FoundationDesign, apis: Sequence[str], opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(design.name, design.origin, opts)
        labels = design.labels
        self.apis = enabled = Apis(design.name, apis, design.origin, self.child())
        after_apis = self.child(depends_on=[enabled])
        self.network = Network(design.network, after_apis)
        network_id, subnet_id = self.network.network.id, self.network.subnet.id
        self.private_access = PrivateAccess(
            design.private_access, network_id=network_id, labels=labels, opts=after_apis
        )
        ConnectionPolicy(
            design.connection_policy,
            network_id=network_id,
            subnet_id=subnet_id,
            labels=labels,
            opts=after_apis,
        )
        self.nat = Nat(design.nat, network_id=network_id, subnet_id=subnet_id, labels=labels, opts=after_apis)
        self.node_account = NodeAccount(design.node_account, after_apis)
        account = self.node_account.account.email
        Firewall(design.firewall, network_id=network_id, node_account=account, opts=after_apis)
        image_policy = ImagePolicy(design.image_policy, after_apis)
        secrets_key = SecretsKey(design.secrets_key, labels=labels, opts=after_apis)
        self.cluster = Cluster(
            design.cluster,
            network_id=network_id,
            subnet_id=subnet_id,
            pods_range=design.network.subnet.pods.name,
            services_range=design.network.subnet.services.name,
            node_account=account,
            secrets_key=secrets_key.key.id,
            labels=labels,
            opts=self.child(depends_on=[enabled, image_policy, secrets_key.grant]),
        )
        self.nodes = NodePool(
            design.cluster.nodes,
            cluster=self.cluster.cluster.name,
            account=account,
            labels=labels,
            # Nodes pull images as they start.
            opts=self.child(depends_on=[enabled, self.node_account, self.nat]),
        )
        self.agents = ServiceAgents(design.name, design.project, design.origin, after_apis)
        self.dns_zone = DnsZone(design.dns_zone, labels=labels, opts=after_apis)
        if design.edge:
            SharedPolicies(design.name, design.edge, design.edge[0].origin, labels, after_apis)
        Audit(design.audit, labels=labels, opts=after_apis)
        self.register_outputs({})
