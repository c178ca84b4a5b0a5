"""The pages of a plan lose nothing of it: whatever changes in a plan changes its pages."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.loader import load
from stacks.plan import Plan, Planner
from stacks.stack import service_stack
from tests.golden.pages import pages
from tests.laws import law

Json = dict[str, Any]


@pytest.fixture(scope="module")
def plan(shipped: Path) -> Plan:
    return Planner(load(shipped)).plan(service_stack("invoice-archive", "production"))


def leaves(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The places of all that holds nothing else."""
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    inner = [leaf for step, each in below for leaf in leaves(each, (*at, step))]
    yield from inner or [at]


def other(value: Any) -> Any:
    """Another value of the same type."""
    if isinstance(value, bool):
        return not value
    return f"{value}-more" if isinstance(value, str) else {"protect": True} if value == {} else 7


@law(80)
@given(st.data())
def test_whatever_changes_in_a_resource_changes_the_pages(plan: Plan, data: st.DataObject) -> None:
    found: Json = msgspec.json.decode(msgspec.json.encode(plan))
    resource = data.draw(st.sampled_from(found["resources"]), "resource")
    places = [at for at in leaves(resource) if at not in (("parent",), ("origin",))]
    *way, last = data.draw(st.sampled_from(places), "where")
    holder = resource
    for step in way:
        holder = holder[step]
    if way and way[0] in ("inputs", "options") and data.draw(st.booleans(), "whether it goes"):
        del holder[last]
    else:
        holder[last] = other(holder[last])
    assert pages(msgspec.convert(found, Plan)) != pages(plan)


@law(40)
@given(st.data())
def test_another_parent_changes_the_pages(plan: Plan, data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(plan.resources) - 1), "resource")
    there = plan.resources[number]
    parents = {each.parent for each in plan.resources} - {there.parent, there.urn}
    moved = msgspec.structs.replace(there, parent=data.draw(st.sampled_from(sorted(parents, key=str)), "to"))
    resources = [*plan.resources[:number], moved, *plan.resources[number + 1 :]]
    assert pages(msgspec.structs.replace(plan, resources=resources)) != pages(plan)
