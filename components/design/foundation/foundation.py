"""An environment in, what all its services share out."""

from collections.abc import Sequence

from catalog.kinds.environment import Environment
from catalog.kinds.zone import Zone
from components.design.database_proxy import IMAGE
from components.design.edge.baseline import shared_policies
from components.design.foundation import cluster as foundation_cluster
from components.design.foundation import network as foundation_network
from components.design.foundation.dns_zone import dns_zone
from components.design.foundation.model import (
    AuditDesign,
    FoundationDesign,
    ImagePolicyDesign,
)
from components.design.naming import OWNER, owner_label, resource_name


def design_foundation(
    environment: Environment, below: Sequence[Environment], zone: Zone | None
) -> FoundationDesign:
    """Decides the foundation of an environment, whose zone delegates to those of the environments `below`.
    What the file of the `zone` says is in that, and in the firewall policies that services share. The same
    arguments always give the same design."""
    spec = environment.spec
    nodes = foundation_cluster.nodes(environment)
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
            OWNER: owner_label("foundation", environment.name),
            "team": spec.owner,
        },
        network=foundation_network.network(environment),
        private_access=foundation_network.private_access(environment),
        connection_policy=foundation_network.connection_policy(environment),
        nat=foundation_network.nat(environment, nodes.most_nodes),
        firewall=foundation_network.firewall(environment),
        node_account=foundation_cluster.node_account(environment),
        secrets_key=foundation_cluster.secrets_key(environment),
        cluster=foundation_cluster.cluster(environment, nodes),
        queue_metrics=foundation_cluster.queue_metrics(environment),
        rollouts=foundation_cluster.rollouts(environment),
        image_policy=ImagePolicyDesign(
            name="images",
            origin=environment.origin("spec", "imageRegistries"),
            resource=resource_name(environment.name, "images"),
            # What Google publishes runs by its digest: no other image of those registries does.
            patterns=[
                *(f"{registry.rstrip('/')}/**" for registry in spec.image_registries),
                IMAGE,
                *(
                    image
                    for image in (spec.cluster.queue_metrics, spec.cluster.rollouts)
                    if image is not None
                ),
            ],
        ),
        dns_zone=dns_zone(environment, below, zone),
        edge=shared_policies(environment, zone),
        audit=_audit(environment),
    )


def _audit(environment: Environment) -> AuditDesign:
    """Reads of data are logged where the data is real.

    The retention policy stands in for object versions, a bucket can't have both:
    https://cloud.google.com/storage/docs/bucket-lock. Once locked it can never be undone or lessened, so the
    environment says whether it is."""
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
        retention_days=spec.audit.retention_days,
        is_locked=spec.audit.locked,
        cold_after_days=min(90, spec.audit.retention_days),
        deleted_after_days=spec.audit.retention_days + 30,
        protected=spec.protected,
    )
