"""An environment and all that runs in it in, what that needs together out."""

from collections.abc import Sequence

import msgspec

from catalog.kind import Documents
from catalog.kinds.environment import Environment
from catalog.kinds.service import Service, services_in
from components.design.capacity.fit import ClusterFit, fit, nodes_needed
from components.design.capacity.quotas import QuotaNeed, quota_needs


class Together(msgspec.Struct, frozen=True, rename="camel"):
    """What no service by itself is to blame for."""

    cluster: ClusterFit
    quotas: list[QuotaNeed]


def needed_together(catalog: Documents, environment: Environment) -> Together:
    """What all services of a catalog need that run in an environment."""
    return together(environment, services_in(catalog, environment.name))


def together(environment: Environment, services: Sequence[Service]) -> Together:
    """What these services need in their environment. The same arguments always give the same."""
    cluster = fit(environment, services)
    return Together(cluster, quota_needs(environment, services, nodes_needed(environment, cluster)))
