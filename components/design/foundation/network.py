"""Decides the network of an environment: its ranges, its way out and who may come in."""

from ipaddress import ip_network

from catalog.kinds.environment import Environment
from components.design.foundation.model import (
    ConnectionPolicyDesign,
    FirewallDesign,
    FirewallRule,
    NatDesign,
    NetworkDesign,
    PrivateAccessDesign,
    Range,
    Subnet,
)
from components.design.naming import egress_addresses, resource_name

LOAD_BALANCERS = ["35.191.0.0/16", "130.211.0.0/22"]
"""Google's load balancers and their health checks: https://cloud.google.com/load-balancing/docs/firewall-rules."""

PORTS_PER_ADDRESS = 64512
LEAST_PORTS, MOST_PORTS = 32, 65536
"""Source ports of one NAT address, and the bounds of a node's share:
https://cloud.google.com/nat/docs/ports-and-addresses."""


def network(environment: Environment) -> NetworkDesign:
    """The network and its subnet. Half of its flows are logged: enough to see who talks to whom."""
    ranges = environment.spec.network
    subnet = Subnet(
        name="nodes",
        origin=environment.origin("spec", "network", "nodes"),
        resource=resource_name(environment.name, "nodes"),
        region=environment.spec.region,
        cidr=ranges.nodes,
        pods=Range("pods", ranges.pods),
        services=Range("services", ranges.services),
        flow_log_share=0.1,
    )
    return NetworkDesign(
        name="network",
        origin=environment.origin("spec", "network"),
        resource=resource_name(environment.name, "network"),
        subnet=subnet,
        protected=environment.spec.protected,
    )


def private_access(environment: Environment) -> PrivateAccessDesign:
    """The range of managed stores."""
    stores = ip_network(environment.spec.network.stores)
    return PrivateAccessDesign(
        name="stores",
        origin=environment.origin("spec", "network", "stores"),
        resource=resource_name(environment.name, "stores"),
        address=str(stores.network_address),
        prefix_length=stores.prefixlen,
        protected=environment.spec.protected,
    )


def connection_policy(environment: Environment) -> ConnectionPolicyDesign:
    """What a Valkey gets its endpoint by: https://cloud.google.com/memorystore/docs/valkey/networking."""
    return ConnectionPolicyDesign(
        name="endpoints",
        origin=environment.origin("spec", "network", "nodes"),
        resource=resource_name(environment.name, "memorystore"),
        region=environment.spec.region,
        service_class="gcp-memorystore",
        protected=environment.spec.protected,
    )


def nat(environment: Environment, most_nodes: int) -> NatDesign:
    """The way out, for up to `most_nodes` nodes.

    Half of all ports is dealt out evenly; from the rest a busy node may grow to four times its share."""
    addresses = egress_addresses(environment.name, environment.spec.egress_addresses)
    share = len(addresses) * PORTS_PER_ADDRESS // (2 * most_nodes)
    least = min(max(_power_of_two(share), LEAST_PORTS), MOST_PORTS // 4)
    return NatDesign(
        name="egress",
        origin=environment.origin("spec", "egressAddresses"),
        resource=resource_name(environment.name, "egress"),
        router=resource_name(environment.name, "router"),
        region=environment.spec.region,
        addresses=addresses,
        least_ports=least,
        most_ports=4 * least,
        protected=environment.spec.protected,
    )


def _power_of_two(number: int) -> int:
    """The largest one up to `number`."""
    return 1 << (number.bit_length() - 1) if number > 0 else 0


def firewall(environment: Environment) -> FirewallDesign:
    """Who may come in. What GKE needs between its own parts it opens itself:
    https://cloud.google.com/kubernetes-engine/docs/concepts/firewall-rules."""
    origin = environment.origin("spec", "network")
    load_balancers = FirewallRule(
        name="load-balancers",
        origin=origin,
        resource=resource_name(environment.name, "allow", "load-balancers"),
        priority=1000,
        action="allow",
        sources=LOAD_BALANCERS,
        ports=["1-65535"],
        targets="nodes",
        description="Requests and health checks of Google's load balancers reach pods on their ports.",
    )
    everything_else = FirewallRule(
        name="everything-else",
        origin=origin,
        resource=resource_name(environment.name, "deny", "ingress"),
        priority=65534,
        action="deny",
        sources=["0.0.0.0/0"],
        ports=[],
        targets="all",
        description="What no other rule lets in is refused, and logged.",
    )
    return FirewallDesign(
        name="firewall",
        origin=origin,
        resource=resource_name(environment.name, "firewall"),
        rules=[load_balancers, everything_else],
    )
