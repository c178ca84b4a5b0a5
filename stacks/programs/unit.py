"""The program of `unit.<environment>`: what watches an environment."""

import pulumi

from catalog.kinds.environment import Environment
from catalog.kinds.observability_unit import ObservabilityUnit as Unit
from catalog.loader import Catalog
from components.design.unit.designed import designed_unit
from components.observability_unit import ObservabilityUnit
from stacks.programs.cluster_provider import cluster_provider
from stacks.programs.outputs import FoundationOutputs


def program(catalog: Catalog, environment: str) -> None:
    """Registers the unit of an environment, in the cluster of its foundation.

    Raises pulumi.RunError when the catalog has no such unit, or its file can't be used."""
    design, where = designed_unit(catalog, environment), catalog.find(Environment, environment)
    if design is None or where is None:
        known = ", ".join(sorted(catalog.documents[Unit.__name__])) or "none"
        raise pulumi.RunError(
            f"The catalog has no usable observability unit `{environment}` (usable: {known}). "
            "Run `pave check` to see what is wrong with its file."
        )
    foundation = FoundationOutputs.of(environment)
    provider = cluster_provider(foundation, where.spec.project, where.spec.region)
    ObservabilityUnit(design, pulumi.ResourceOptions(providers={"kubernetes": provider}))
