"""The documents that rules see. Imports no Pulumi: a check of specs needs none.

`spec` = {service, environment, design, catalog, today}; `plan` = {stack, resources}, see
`policies/schema/input.schema.json`.
"""

from datetime import date
from typing import Any

import msgspec

from catalog.defaults import days_since_epoch
from catalog.model import Environment, Service
from catalog.neighbourhood import Neighbourhood
from components.design.model import Design


def service_input(
    service: Service, around: Neighbourhood, design: Design, today: date, plan: Any | None = None
) -> bytes:
    """The rule input on a service, as JSON; with `plan`, also on its recorded stack."""
    return rule_input(service_spec(service, around, design, today), plan)


def foundation_input(environment: Environment, today: date, plan: Any | None = None) -> bytes:
    """The rule input on an environment's foundation: there is no service, and no design of one."""
    return rule_input(foundation_spec(environment, today), plan)


def rule_input(spec: msgspec.Raw, plan: Any | None = None) -> bytes:
    """The rule input on a spec that is JSON already: several plans of it are judged one after the other."""
    return msgspec.json.encode({"spec": spec} if plan is None else {"spec": spec, "plan": plan})


def service_spec(service: Service, around: Neighbourhood, design: Design, today: date) -> msgspec.Raw:
    """`spec` of the rule input on a service."""
    effective = {
        "apiVersion": "pave/v1",
        "kind": "Service",
        "metadata": service.metadata,
        "spec": service.spec,
    }
    return _spec(effective, service.environment, design, around, today)


def foundation_spec(environment: Environment, today: date) -> msgspec.Raw:
    """`spec` of the rule input on a foundation."""
    return _spec(None, environment, None, None, today)


def _spec(
    service: dict[str, Any] | None,
    environment: Environment,
    design: Design | None,
    around: Neighbourhood | None,
    today: date,
) -> msgspec.Raw:
    spec = {
        "service": service,
        "environment": {
            "apiVersion": "pave/v1",
            "kind": "Environment",
            "metadata": environment.data["metadata"],
            "spec": environment.spec,
        },
        "design": design,
        "catalog": around,
        "today": days_since_epoch(today),
    }
    return msgspec.Raw(msgspec.json.encode(spec))
