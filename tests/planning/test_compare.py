"""One plan against an earlier one: what an update would change, counted and ordered as a preview does."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from catalog.loader import load
from pave.planning.compare import counts, differences
from pave.reviewing.changes import counted
from stacks.plan import Plan, record_stack
from stacks.stack import parse_stack

STACK = "service.customersdot.production"


@pytest.fixture(scope="module")
def plan(shipped: Path) -> Plan:
    catalog = load(shipped)
    return record_stack(catalog, parse_stack(STACK, catalog))


def with_inputs(plan: Plan, type_: str, **inputs: Any) -> Plan:
    """The plan, in which the first resource of a type has these inputs too."""
    found = next(each for each in plan.resources if each.type == type_)
    other = msgspec.structs.replace(found, inputs={**found.inputs, **inputs})
    return Plan(plan.stack, [other if each is found else each for each in plan.resources])


def test_a_plan_against_nothing_creates_as_many_as_it_counts(plan: Plan) -> None:
    found = differences(Plan(STACK, []), plan)
    assert counted(found) == {"create": sum(counts(plan).values()), "update": 0, "delete": 0}
    assert not [each.type for each in found if each.type.startswith(("pave:", "pulumi:"))]
    assert counted(differences(plan, Plan(STACK, [])))["delete"] == len(found)
    assert differences(plan, plan) == []


def test_what_something_stands_on_is_made_before_it_and_deleted_after(plan: Plan) -> None:
    depends = {each.urn: each.options.depends_on for each in plan.resources}
    for changes in (differences(Plan(STACK, []), plan), differences(plan, Plan(STACK, []))[::-1]):
        place = {change.urn: number for number, change in enumerate(changes)}
        for urn, at in place.items():
            assert all(place[below] < at for below in depends[urn] if below in place)


def test_an_upgrade_says_from_what_to_what_and_that_there_is_no_way_back(plan: Plan) -> None:
    type_ = "gcp:sql/databaseInstance:DatabaseInstance"
    (change,) = differences(plan, with_inputs(plan, type_, databaseVersion="POSTGRES_17"))
    assert (change.action, change.is_irreversible) == ("update", True)
    assert [(one.path, one.before, one.after) for one in change.properties] == [
        ("databaseVersion", "POSTGRES_16", "POSTGRES_17")
    ]
    (back,) = differences(plan, with_inputs(plan, type_, databaseVersion="POSTGRES_15"))
    assert [one.kind for one in back.consequences] == ["impossible"]


def test_what_can_not_be_changed_in_place_is_replaced(plan: Plan) -> None:
    (change,) = differences(plan, with_inputs(plan, "gcp:redis/instance:Instance", locationId="us-east1-d"))
    assert (change.action, change.because) == ("replace", ["locationId"])
    assert [one.replaces for one in change.properties] == [True]
    assert [one.kind for one in change.consequences] == ["replace"]


def test_what_the_engine_needs_to_know_of_an_input_is_no_change(plan: Plan) -> None:
    rewired = [
        msgspec.structs.replace(each, options=msgspec.structs.replace(each.options, property_dependencies={}))
        for each in plan.resources
    ]
    assert differences(plan, Plan(STACK, rewired)) == []
