"""The documents that rules see. Imports no Pulumi: a check of specs needs none.

`spec` = {service, environment, unit, global, design, together, catalog, today}; `plan` = {stack, resources};
`state` = {budget, change}: see `policies/schema/input.schema.json`.
"""

from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from catalog.days import days_since_epoch
from catalog.kind import Documents, Effective
from catalog.kinds.environment import Environment
from catalog.kinds.observability_global import ObservabilityGlobal
from catalog.kinds.observability_unit import ObservabilityUnit
from catalog.kinds.service import Service
from catalog.neighbourhood import neighbourhood
from components.design.capacity.together import Together, needed_together
from components.design.service import design
from components.design.unit.needed import unit_needs

if TYPE_CHECKING:
    from stacks.plan import Plan

_UNKNOWN = {"$unknown": list[str]()}


def input_on(
    catalog: Documents,
    judged: Effective,
    today: date,
    plan: "Plan | None" = None,
    state: Any | None = None,
) -> bytes:
    """The rule input, as JSON, on a service of a catalog, or on an environment's foundation; with `plan`,
    also on its recorded stack; with `state`, on what is known of it besides."""
    return rule_input(spec_of(catalog, judged, today), plan, state)


def rule_input(spec: msgspec.Raw, plan: "Plan | None" = None, state: Any | None = None) -> bytes:
    """The rule input on a spec that is JSON already: several plans of it are judged one after the other."""
    given = {"spec": spec, "plan": plan and _for_rules(plan), "state": state}
    return msgspec.json.encode({name: value for name, value in given.items() if value is not None})


def _for_rules(plan: "Plan") -> "Plan":
    return replace(
        plan, resources=[replace(each, inputs=_unattributed(each.inputs)) for each in plan.resources]
    )


def _unattributed(value: Any) -> Any:
    """An input without the URNs in its marks of what is unknown, or itself if it has none. They are the same
    in all marks of an input, and stand beside it, in `options.propertyDependencies`: a path map of five
    hundred backends would name each of them five hundred times."""
    if isinstance(value, dict):
        if "$unknown" in value:
            return _UNKNOWN
        found = {name: _unattributed(item) for name, item in value.items()}
        return found if any(found[name] is not item for name, item in value.items()) else value
    if isinstance(value, list):
        items = [_unattributed(item) for item in value]
        return items if any(a is not b for a, b in zip(items, value, strict=True)) else value
    return value


def spec_of(catalog: Documents, judged: Effective, today: date) -> msgspec.Raw:
    """`spec` of the rule input. On a foundation there is no service, no design of one and nothing around
    it, but what all services need together, what watches it, and what all units write to if that is there;
    these are nowhere else."""
    service = environment = judged
    effective: dict[str, Any] | None = None
    decided: Any = None
    shown: msgspec.Struct | None = None
    together: Together | None = None
    parts: dict[str, Any] = {"unit": None, "global": None}
    if isinstance(service, Service):
        around = neighbourhood(catalog, service)
        environment, decided, shown = service.environment, design(service, around), around.shown()
        effective = _document("Service", service.metadata, service.spec)
    assert isinstance(environment, Environment)
    if not isinstance(service, Service):
        together = needed_together(catalog, environment, unit_needs(catalog, environment))
        for part, kind in (("unit", ObservabilityUnit), ("global", ObservabilityGlobal)):
            made = catalog.find(kind, environment.name)
            if made is not None:
                parts[part] = _document(kind.__name__, made.data["metadata"], made.spec)
    spec = {
        "service": effective,
        "environment": _document("Environment", environment.data["metadata"], environment.spec),
        **parts,
        "design": decided,
        "together": together,
        "catalog": shown,
        "today": days_since_epoch(today),
    }
    return msgspec.Raw(msgspec.json.encode(spec))


def _document(kind: str, metadata: Any, spec: msgspec.Struct) -> dict[str, Any]:
    return {"apiVersion": "pave/v1", "kind": kind, "metadata": metadata, "spec": spec}
