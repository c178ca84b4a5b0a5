"""An environment and all that runs in it in, what that needs together out."""

from collections.abc import Sequence

import msgspec

from catalog.kind import Documents
from catalog.kinds.environment import Environment
from catalog.kinds.service import Service, services_in
from catalog.kinds.zone import Zone
from components.design.capacity.fit import ClusterFit, Others, fit, nodes_needed
from components.design.capacity.quotas import QuotaNeed, quota_needs


class Together(msgspec.Struct, frozen=True, rename="camel"):
    """What no service by itself is to blame for."""

    cluster: ClusterFit
    quotas: list[QuotaNeed]


def needed_together(catalog: Documents, environment: Environment, others: Others | None = None) -> Together:
    """What all services of a catalog need that run in an environment, and what else does."""
    zone = catalog.find(Zone, environment.name)
    return together(environment, services_in(catalog, environment.name), others, zone)


def together(
    environment: Environment,
    services: Sequence[Service],
    others: Others | None = None,
    zone: Zone | None = None,
) -> Together:
    """What these services and others need in their environment, whose zone's file is `zone`. The same
    arguments always give the same."""
    cluster = fit(environment, services, others)
    disk_gb = 0 if others is None else others.disk_gb
    quotas = quota_needs(environment, zone, services, nodes_needed(environment, cluster), disk_gb)
    return Together(cluster, quotas)
