"""Pure decisions: an environment in, what all its services share out. No cloud SDK, no clock, no I/O."""

from ipaddress import ip_network

from catalog.model import Environment
from components.design.edge import core_rules
from components.design.foundation_model import (
    AuditDesign,
    ClusterDesign,
    DnsZoneDesign,
    FirewallDesign,
    FirewallRule,
    FoundationDesign,
    Grant,
    ImagePolicyDesign,
    MaintenanceWindow,
    NatDesign,
    NetworkDesign,
    NodeAccountDesign,
    NodePoolDesign,
    PrivateAccessDesign,
    ProxyRanges,
    Range,
    Subnet,
    WafBaselineDesign,
)
from components.design.naming import ACCOUNT_LIMIT, egress_addresses, resource_name

LOAD_BALANCERS = ["35.191.0.0/16", "130.211.0.0/22"]
"""Google's load balancers and their health checks: https://cloud.google.com/load-balancing/docs/firewall-rules."""

PODS_PER_NODE = 110
ADDRESSES_PER_NODE = 256
"""GKE's default, and the range of pods that each node then takes, at least twice as many addresses:
https://cloud.google.com/kubernetes-engine/docs/how-to/flexible-pod-cidr."""

UNUSABLE_ADDRESSES = 4
"""Of each primary range: https://cloud.google.com/vpc/docs/subnets#unusable-ip-addresses-in-every-subnet."""

SURGE_NODES = 1

PORTS_PER_ADDRESS = 64512
LEAST_PORTS, MOST_PORTS = 32, 65536
"""Source ports of one NAT address, and the bounds of a node's share:
https://cloud.google.com/nat/docs/ports-and-addresses."""

RANGES_PER_RULE = 10
"""https://cloud.google.com/armor/quotas"""

RETENTION_DAYS = 365


def design_foundation(environment: Environment) -> FoundationDesign:
    """Decides the foundation of an environment. The same argument always gives the same design."""
    spec = environment.spec
    nodes = _nodes(environment)
    return FoundationDesign(
        name=environment.name,
        origin=environment.origin("metadata", "name"),
        purpose=spec.purpose,
        protected=spec.protected,
        project=spec.project,
        region=spec.region,
        zones=spec.zones,
        labels={
            "cost-centre": spec.cost_centre,
            "env": environment.name,
            "managed-by": "pave",
            "team": spec.owner,
        },
        network=_network(environment),
        private_access=_private_access(environment),
        nat=_nat(environment, nodes.most_nodes),
        firewall=_firewall(environment),
        node_account=_node_account(environment),
        cluster=_cluster(environment, nodes),
        image_policy=ImagePolicyDesign(
            name="images",
            origin=environment.origin("spec", "imageRegistries"),
            resource=resource_name(environment.name, "images"),
            patterns=[f"{registry.rstrip('/')}/**" for registry in spec.image_registries],
        ),
        dns_zone=DnsZoneDesign(
            name="zone",
            origin=environment.origin("spec", "dns"),
            resource=resource_name(spec.dns.domain.replace(".", "-"), limit=63),
            domain=spec.dns.domain,
            is_signed=spec.dns.dnssec,
            protected=spec.protected,
        ),
        waf_baseline=_waf_baseline(environment),
        audit=_audit(environment),
    )


def _network(environment: Environment) -> NetworkDesign:
    network = environment.spec.network
    subnet = Subnet(
        name="nodes",
        origin=environment.origin("spec", "network", "nodes"),
        resource=resource_name(environment.name, "nodes"),
        region=environment.spec.region,
        cidr=network.nodes,
        pods=Range("pods", network.pods),
        services=Range("services", network.services),
        flow_log_share=0.5,
    )
    return NetworkDesign(
        name="network",
        origin=environment.origin("spec", "network"),
        resource=resource_name(environment.name, "network"),
        subnet=subnet,
        protected=environment.spec.protected,
    )


def _private_access(environment: Environment) -> PrivateAccessDesign:
    stores = ip_network(environment.spec.network.stores)
    return PrivateAccessDesign(
        name="stores",
        origin=environment.origin("spec", "network", "stores"),
        resource=resource_name(environment.name, "stores"),
        address=str(stores.network_address),
        prefix_length=stores.prefixlen,
        protected=environment.spec.protected,
    )


def _nat(environment: Environment, most_nodes: int) -> NatDesign:
    """Half of all ports is dealt out evenly; from the rest a busy node may grow to four times its share."""
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


def _firewall(environment: Environment) -> FirewallDesign:
    """What GKE needs between its own parts it opens itself:
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


def _node_account(environment: Environment) -> NodeAccountDesign:
    """Least privilege: write logs and metrics, read images. The roles and why:
    https://cloud.google.com/kubernetes-engine/docs/how-to/hardening-your-cluster#use_least_privilege_sa."""
    spec = environment.spec
    own = (
        "roles/logging.logWriter",
        "roles/monitoring.metricWriter",
        "roles/monitoring.viewer",
        "roles/stackdriver.resourceMetadata.writer",
    )
    projects = sorted({project for r in spec.image_registries if (project := _registry_project(r))})
    return NodeAccountDesign(
        name="nodes",
        origin=environment.origin("spec", "cluster"),
        resource=resource_name(environment.name, "nodes", limit=ACCOUNT_LIMIT),
        project=spec.project,
        grants=[
            *(Grant(role, spec.project) for role in own),
            *(Grant("roles/artifactregistry.reader", project) for project in projects),
        ],
    )


def _registry_project(registry: str) -> str | None:
    """The project of `us-docker.pkg.dev/<project>/…`; None for a registry that isn't Artifact Registry."""
    host, _, path = registry.partition("/")
    return path.split("/")[0] or None if host.endswith("-docker.pkg.dev") else None


def _nodes(environment: Environment) -> NodePoolDesign:
    spec = environment.spec
    per_zone = spec.cluster.nodes_per_zone
    addresses = ip_network(spec.network.nodes).num_addresses - UNUSABLE_ADDRESSES
    pod_ranges = ip_network(spec.network.pods).num_addresses // ADDRESSES_PER_NODE
    return NodePoolDesign(
        name="nodes",
        origin=environment.origin("spec", "cluster"),
        resource="general",
        region=spec.region,
        zones=spec.zones,
        machine_type=spec.cluster.machine_type,
        disk_gb=100,
        pods_per_node=PODS_PER_NODE,
        least_per_zone=per_zone.min,
        most_per_zone=per_zone.max,
        max_surge=SURGE_NODES,
        max_unavailable=0,
        most_nodes=len(spec.zones) * (per_zone.max + SURGE_NODES),
        room_for_nodes=min(addresses, pod_ranges),
    )


def _cluster(environment: Environment, nodes: NodePoolDesign) -> ClusterDesign:
    spec = environment.spec
    system = ["SYSTEM_COMPONENTS", "APISERVER", "CONTROLLER_MANAGER", "SCHEDULER"]
    return ClusterDesign(
        name="cluster",
        origin=environment.origin("spec", "cluster"),
        resource=resource_name(environment.name, "cluster"),
        region=spec.region,
        zones=spec.zones,
        control_plane=spec.network.control_plane,
        operators=[Range(f"operators-{n}", cidr) for n, cidr in enumerate(spec.network.operators)],
        has_private_endpoint_only=all(ip_network(cidr).is_private for cidr in spec.network.operators),
        release_channel=spec.cluster.release_channel.upper(),
        maintenance=_maintenance(environment),
        workload_pool=f"{spec.project}.svc.id.goog",
        log_components=[*system, "WORKLOADS"],
        metric_components=[*system, "STORAGE", "HPA", "POD", "DEPLOYMENT", "CADVISOR", "KUBELET"],
        nodes=nodes,
        protected=spec.protected,
    )


def _maintenance(environment: Environment) -> MaintenanceWindow:
    """06:00 to 18:00 UTC once a week, after the nightly jobs: on Sunday in production, the day before
    elsewhere, so that a bad upgrade is seen there first.

    Twelve hours, because GKE wants 48 in any 32 days:
    https://cloud.google.com/kubernetes-engine/docs/concepts/maintenance-windows-and-exclusions."""
    date, day = ("2024-01-07", "SU") if environment.spec.purpose == "production" else ("2024-01-06", "SA")
    return MaintenanceWindow(f"{date}T06:00:00Z", f"{date}T18:00:00Z", f"FREQ=WEEKLY;BYDAY={day}")


def _waf_baseline(environment: Environment) -> WafBaselineDesign:
    """Closed: who has no policy of its own is reached through the trusted proxies or not at all."""
    origin = environment.origin("spec", "trustedProxies")
    proxies = environment.spec.trusted_proxies
    chunks = [proxies[at : at + RANGES_PER_RULE] for at in range(0, len(proxies), RANGES_PER_RULE)]
    return WafBaselineDesign(
        name="waf",
        origin=origin,
        resource=resource_name(environment.name, "waf-baseline"),
        rules=core_rules(origin, sensitivity=1, preview=False),
        proxies=[ProxyRanges(2000 + n, chunk) for n, chunk in enumerate(chunks)],
        default_action="deny(403)",
    )


def _audit(environment: Environment) -> AuditDesign:
    """Reads of data are logged where the data is real.

    The retention policy stands in for object versions, a bucket can't have both:
    https://cloud.google.com/storage/docs/bucket-lock. It isn't locked: a lock can never be undone."""
    spec = environment.spec
    kinds = ["ADMIN_READ", "DATA_WRITE"]
    return AuditDesign(
        name="audit",
        origin=environment.origin("spec", "project"),
        resource=resource_name(spec.project, "audit", limit=63),
        project=spec.project,
        region=spec.region,
        kinds=sorted([*kinds, "DATA_READ"]) if spec.protected else kinds,
        sink=resource_name(environment.name, "audit"),
        filter='logName:"cloudaudit.googleapis.com"',
        retention_days=RETENTION_DAYS,
        cold_after_days=90,
        deleted_after_days=RETENTION_DAYS + 30,
        protected=spec.protected,
    )
