"""Recorded plans of services of every shape, for the tests of the components."""

from functools import cache
from pathlib import Path
from typing import Any

from catalog.loader import load
from stacks.plan import Plan, PlannedResource, Planner, record_stack
from stacks.stack import service_stack

CATALOG = Path(__file__).parents[2] / "catalog"

HEAD = """
apiVersion: pave/v1
kind: Service
metadata: {{name: {name}, owner: platform}}
spec:
  tier: {tier}
  stage: ga
"""

SHAPES = {path.stem: path for path in (Path(__file__).with_name("shapes")).glob("*.yaml")}
"""Services that the shipped catalog has no like of; the first line of each says what it is a shape of."""

SHIPPED = sorted(
    path.stem for folder in ("services", "examples") for path in (CATALOG / folder).glob("*.yaml")
)


@cache
def planner(name: str) -> Planner:
    """Plans stacks of the shipped catalog and its examples, or of the shape `name`."""
    if name in SHAPES:
        return Planner(load(CATALOG, SHAPES.values()))
    return Planner(load(CATALOG, (CATALOG / "examples").glob("*.yaml")))


@cache
def plan(name: str = "customersdot", environment: str = "production") -> Plan:
    return planner(name).plan(service_stack(name, environment))


@cache
def unwatched(name: str = "customersdot", environment: str = "production") -> Plan:
    """The same where nothing of its own watches the environment."""
    catalog = load(CATALOG, (CATALOG / "examples").glob("*.yaml"))
    del catalog.documents["ObservabilityUnit"][environment]
    return record_stack(catalog, service_stack(name, environment))


def all_of(kind: str, name: str = "customersdot", environment: str = "production") -> list[PlannedResource]:
    """Every resource, components aside, whose type ends in `kind`: `:Deployment`."""
    return [r for r in plan(name, environment).resources if r.custom and r.type.endswith(kind)]


def one(kind: str, name: str = "customersdot", environment: str = "production") -> PlannedResource:
    (resource,) = all_of(kind, name, environment)
    return resource


def named(kind: str, resource_name: str, name: str = "customersdot") -> PlannedResource:
    (resource,) = [r for r in all_of(kind, name) if r.name == resource_name]
    return resource


def urns(unknown: Any) -> list[str]:
    """What an unknown value depends on."""
    found: list[str] = unknown["$unknown"]
    return found
