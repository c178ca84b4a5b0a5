"""Decides the cluster of an environment: its control plane, its nodes, and what those may do."""

from ipaddress import ip_network

from catalog.checks.reserved_names import ROLLING_OUT
from catalog.kinds.environment import Environment
from components.design.foundation.model import (
    ClusterDesign,
    Grant,
    MaintenanceWindow,
    NodeAccountDesign,
    NodePoolDesign,
    QueueMetricsDesign,
    Range,
    RolloutsDesign,
    SecretsKeyDesign,
)
from components.design.naming import ACCOUNT_LIMIT, resource_name

PODS_PER_NODE = 110
ADDRESSES_PER_NODE = 256
"""GKE's default, and the range of pods that each node then takes, at least twice as many addresses:
https://cloud.google.com/kubernetes-engine/docs/how-to/flexible-pod-cidr."""

UNUSABLE_ADDRESSES = 4
"""Of each primary range: https://cloud.google.com/vpc/docs/subnets#unusable-ip-addresses-in-every-subnet."""

SURGE_NODES = 1

DISK_GB = 40
"""Of a node, for its system, images and what pods write. The six nodes of a small production stay below
250 GB, which is all of SSD_TOTAL_GB that a new project has in some regions:
https://cloud.google.com/compute/resource-usage#disk_quotas."""

KEY_ROTATION_DAYS = 90
"""https://cloud.google.com/kms/docs/key-rotation#how_often_to_rotate_keys"""


def nodes(environment: Environment) -> NodePoolDesign:
    """The nodes, and how many there may and could be."""
    spec = environment.spec
    per_zone = spec.cluster.nodes_per_zone
    room = {
        "nodes": ip_network(spec.network.nodes).num_addresses - UNUSABLE_ADDRESSES,
        "pods": ip_network(spec.network.pods).num_addresses // ADDRESSES_PER_NODE,
    }
    return NodePoolDesign(
        name="nodes",
        origin=environment.origin("spec", "cluster"),
        resource="general",
        region=spec.region,
        zones=spec.zones,
        machine_type=spec.cluster.machine_type,
        disk_gb=DISK_GB,
        pods_per_node=PODS_PER_NODE,
        least_per_zone=per_zone.min,
        most_per_zone=per_zone.max,
        max_surge=SURGE_NODES,
        max_unavailable=0,
        most_nodes=len(spec.zones) * (per_zone.max + SURGE_NODES),
        room_for_nodes=room,
    )


def cluster(environment: Environment, pool: NodePoolDesign) -> ClusterDesign:
    """The cluster around its nodes. Operators who all have private addresses need no public endpoint."""
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
        nodes=pool,
        protected=spec.protected,
    )


def secrets_key(environment: Environment) -> SecretsKeyDesign:
    """A ring for nothing else, since neither ring nor key can ever be deleted; a later generation of them is
    called after its number."""
    spec = environment.spec
    later = [f"g{spec.cluster.key_generation}"] if spec.cluster.key_generation > 1 else []
    return SecretsKeyDesign(
        name="secrets key",
        origin=environment.origin("spec", "cluster"),
        resource=resource_name(environment.name, "cluster", *later),
        region=spec.region,
        key=resource_name(environment.name, "cluster", "secrets", *later),
        rotation_days=KEY_ROTATION_DAYS,
        project=spec.project,
    )


def queue_metrics(environment: Environment) -> QueueMetricsDesign | None:
    """Two copies, of which any answers: while there is none, autoscalers go on by CPU alone."""
    spec = environment.spec
    if spec.cluster.queue_metrics is None:
        return None
    return QueueMetricsDesign(
        name="queue metrics",
        origin=environment.origin("spec", "cluster", "queueMetrics"),
        resource=resource_name(environment.name, "queue-metrics"),
        image=spec.cluster.queue_metrics,
        namespace="custom-metrics",
        project=spec.project,
        account_id=resource_name(environment.name, "queues", limit=ACCOUNT_LIMIT),
        copies=2,
        zones=spec.zones,
    )


def rollouts(environment: Environment) -> RolloutsDesign | None:
    """Two copies: while there is none, no rollout goes on, forward or back, and what runs goes on running."""
    spec = environment.spec
    if spec.cluster.rollouts is None:
        return None
    return RolloutsDesign(
        name="rollouts",
        origin=environment.origin("spec", "cluster", "rollouts"),
        resource=resource_name(environment.name, "rollouts"),
        image=spec.cluster.rollouts,
        namespace=ROLLING_OUT,
        copies=2,
    )


def _maintenance(environment: Environment) -> MaintenanceWindow:
    """06:00 to 18:00 UTC once a week, after the nightly jobs: on Sunday in production, the day before
    elsewhere, so that a bad upgrade is seen there first.

    Twelve hours, because GKE wants 48 in any 32 days:
    https://cloud.google.com/kubernetes-engine/docs/concepts/maintenance-windows-and-exclusions."""
    date, day = ("2024-01-07", "SU") if environment.spec.purpose == "production" else ("2024-01-06", "SA")
    return MaintenanceWindow(f"{date}T06:00:00Z", f"{date}T18:00:00Z", f"FREQ=WEEKLY;BYDAY={day}")


def node_account(environment: Environment) -> NodeAccountDesign:
    """What nodes run as: they write logs and metrics and read images. The roles and why:
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
