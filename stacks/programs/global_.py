"""The program of `global.<environment>`: what all observability units write to."""

import pulumi

from catalog.kinds.environment import Environment
from catalog.kinds.observability_global import ObservabilityGlobal
from catalog.loader import Catalog
from components.design.global_stack.designed import designed_global
from components.global_stack import GlobalStack
from stacks.programs.cluster_provider import cluster_provider
from stacks.programs.outputs import FoundationOutputs


def program(catalog: Catalog, environment: str) -> None:
    """Registers the global stack in the cluster of an environment's foundation.

    Raises pulumi.RunError when the catalog has no such stack, or its file can't be used."""
    design, where = designed_global(catalog, environment), catalog.find(Environment, environment)
    if design is None or where is None:
        known = ", ".join(sorted(catalog.documents[ObservabilityGlobal.__name__])) or "none"
        raise pulumi.RunError(
            f"The catalog has no usable global stack `{environment}` (usable: {known}). "
            "Run `pave check` to see what is wrong with its file."
        )
    foundation = FoundationOutputs.of(environment)
    provider = cluster_provider(foundation, where.spec.project, where.spec.region)
    GlobalStack(design, pulumi.ResourceOptions(providers={"kubernetes": provider}))
