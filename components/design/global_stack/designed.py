"""Decides what all units of a catalog write to, and finds it in one."""

from collections.abc import Mapping, Sequence

from catalog.kind import Documents
from catalog.kinds.environment import Environment
from catalog.kinds.observability_global import ObservabilityGlobal
from catalog.kinds.service import Service, services_in
from catalog.kinds.team import Team
from components.design.global_stack.admission import users
from components.design.global_stack.engine import engine
from components.design.global_stack.freshness import own_monitoring
from components.design.global_stack.model import GlobalDesign
from components.design.global_stack.names import DOOR, DOOR_PORT, NAMESPACE
from components.design.global_stack.pane import dashboards
from components.design.naming import OWNER, owner_label


def designed_global(catalog: Documents, name: str) -> GlobalDesign | None:
    """The design of the global stack on that environment's foundation; None when the catalog has no usable
    one."""
    hub, environment = catalog.find(ObservabilityGlobal, name), catalog.find(Environment, name)
    owner = None if hub is None else catalog.find(Team, hub.spec.owner)
    if hub is None or environment is None or owner is None:
        return None
    watched = {each.unit: [*services_in(catalog, each.unit)] for each in hub.spec.tenants}
    return design_global(hub, environment, owner, watched)


def design_global(
    hub: ObservabilityGlobal, environment: Environment, owner: Team, watched: Mapping[str, Sequence[Service]]
) -> GlobalDesign:
    """The global stack on the foundation of an environment, which its `owner` runs and to which units write
    that watch these services."""
    labels = {OWNER: owner_label("global", hub.name), "environment": hub.name}
    own = own_monitoring(hub, owner, NAMESPACE)
    return GlobalDesign(
        name=hub.name,
        origin=hub.origin(),
        namespace=NAMESPACE,
        labels=labels,
        protected=environment.spec.protected,
        objects=[*engine(hub, owner, own, labels), *users(hub, watched)],
        dashboards=dashboards(hub),
        sources=hub.spec.sources,
        door={"app.kubernetes.io/name": "vmauth", "app.kubernetes.io/instance": DOOR},
        door_port=DOOR_PORT,
        own=own,
    )
