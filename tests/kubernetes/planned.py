"""The Kubernetes resources of recorded plans, as the engine would hand them over."""

from collections.abc import Iterator
from typing import Any

from catalog.kinds.service import places_of
from catalog.loader import load
from tests.components.service_plans import CATALOG, SHAPES, plan, unwatched
from tests.components.test_foundation import plan as foundation
from tests.components.test_global_stack import plan as global_stack
from tests.components.test_observability_unit import plan as unit
from tests.kubernetes.api_server import Json

STAND_IN = "known-once-it-is-applied"
"""Stands for an address or a certificate that only the cloud will know."""


FOUNDATION = "foundation"
"""What an environment's cluster holds for all of its services."""

UNIT, GLOBAL = "observability", "global-observability"
"""What watches an environment, and what all units write to, among the services that run there: no service may
be called so."""


UNWATCHED = "customersdot-where-nothing-watches"
"""CustomersDot as it would be in an environment that has no unit of its own."""


def what_runs() -> list[tuple[str, str]]:
    """Every shipped service and example in each of its environments, services of other shapes, what they
    share, and what watches them."""
    shipped = load(CATALOG, (CATALOG / "examples").glob("*.yaml"))
    running = [
        (name, where) for name in sorted(shipped.documents["Service"]) for where in places_of(shipped, name)
    ]
    running.append((UNWATCHED, "production"))
    units = [(UNIT, environment) for environment in sorted(shipped.documents["ObservabilityUnit"])]
    shared = [(FOUNDATION, environment) for environment in sorted(shipped.documents["Environment"])]
    of_shapes = [(name, "production") for name in sorted(SHAPES)]
    return [*running, *of_shapes, *shared, *units, (GLOBAL, "production")]


def resources(name: str, environment: str) -> list[Json]:
    """What a service, `FOUNDATION`, `UNIT` or `GLOBAL` asks of Kubernetes, namespaces first, with `STAND_IN`
    for what is unknown yet."""
    if name == UNWATCHED:
        planned = unwatched("customersdot", environment)
    elif name == GLOBAL:
        planned = global_stack()
    elif name == UNIT:
        planned = unit(environment)
    else:
        planned = foundation(environment) if name == FOUNDATION else plan(name, environment)
    found = [
        known(resource.inputs) for resource in planned.resources if resource.type.startswith("kubernetes:")
    ]
    return sorted(found, key=lambda resource: resource["kind"] != "Namespace")


def known(value: Any) -> Any:
    """The same with every unknown replaced."""
    if isinstance(value, dict):
        return STAND_IN if "$unknown" in value else {name: known(item) for name, item in value.items()}
    return [known(item) for item in value] if isinstance(value, list) else value


def stand_ins(value: Any, path: str = "") -> Iterator[str]:
    """Where `STAND_IN` stands in a resource: `.spec.template.spec.containers[].env[].value`."""
    if value == STAND_IN:
        yield path
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from stand_ins(item, f"{path}.{name}")
    elif isinstance(value, list):
        for item in value:
            yield from stand_ins(item, f"{path}[]")


def pods(resource: Json) -> Iterator[Json]:
    """The pod that a workload would start first; none for what starts none."""
    spec = resource.get("spec", {})
    template = spec.get("jobTemplate", {}).get("spec", spec).get("template")
    if template is not None:
        metadata = {**template["metadata"], "namespace": resource["metadata"]["namespace"], "name": "first"}
        # A set's pods get its claims as volumes, by their controller.
        claims = [
            {"name": claim["metadata"]["name"], "persistentVolumeClaim": {"claimName": "first"}}
            for claim in spec.get("volumeClaimTemplates", [])
        ]
        whole = {**template["spec"], "volumes": [*template["spec"].get("volumes", []), *claims]}
        yield {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": whole}
