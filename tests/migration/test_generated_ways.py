"""Laws of the planner, on ways that nobody wrote: from what a service may be to what it is to be."""

from itertools import pairwise
from typing import Any, NamedTuple

import pytest
from hypothesis import given

from catalog.kinds.service import Service, effective
from catalog.loader import Catalog, load
from catalog.migration.step import Semantics
from catalog.migration.under_way import MovingDocument, Started
from components.design.migration.held import held
from components.design.model import Design
from components.design.service import designed
from components.design.stores.database import DatabaseDesign
from components.design.stores.kinds.redis import RedisDesign
from tests.laws import law
from tests.migration.generated import document, ways
from tests.migration.ways import CATALOG

pytestmark = pytest.mark.slow


class Walked(NamedTuple):
    """The phases of a way by their order: ids, semantics, why there is no return, and designs."""

    ids: list[str]
    semantics: list[Semantics | None]
    no_return: list[str]
    designs: list[Design]
    specs: list[dict[str, Any]]


CATALOG_READ: list[Catalog] = []


def walked(today: dict[str, Any], target: dict[str, Any]) -> Walked:
    if not CATALOG_READ:
        CATALOG_READ.append(load(CATALOG))
    catalog = CATALOG_READ[0]
    migration = document({"environment": "production", "from": "x.yaml", "owner": "workplace"}, "Migration")
    way = MovingDocument(document(target), migration, Started(document(today)))
    assert way.problems == []
    designs = []
    for phase in way.phases:
        service = effective(catalog, way.at_phase(phase.id), "production")
        assert isinstance(service, Service), f"{phase.id}: {service}"
        designs.append(designed(catalog, service))
    steps = [phase.step for phase in way.phases]
    return Walked(
        [phase.id for phase in way.phases],
        [None if step is None else step.semantics for step in steps],
        ["" if step is None else step.no_return for step in steps],
        designs,
        [phase.spec for phase in way.phases],
    )


def redundancy(design: Design) -> dict[str, int]:
    """In how many zones at least each store that is used, and what serves users, may lose one."""
    found = {}
    for store in design.stores:
        if store.name.endswith(("-next", "-former")):
            continue
        is_managed = store.runtime == "managed"
        assert isinstance(store, DatabaseDesign | RedisDesign)
        found[store.name] = 1 + (is_managed and store.availability == "regional")
    assert design.edge is not None
    served_by_machine = max(each.machine_percent for each in (design.edge, *design.edge.former))
    spread = min(len(each.zones) for each in design.workloads if each.kind == "web")
    found["users"] = 1 if served_by_machine else max(spread, 2 if design.edge.entrance != "machine" else 1)
    return found


@given(ways())
@law(200)
def test_there_is_a_way_and_it_ends_at_the_target(way: tuple[dict[str, Any], dict[str, Any]]) -> None:
    today, target = way
    found = walked(today, target)
    assert found.specs[0] == today
    assert found.specs[-1] == target
    assert len(set(found.ids)) == len(found.ids)


@given(ways())
@law(200)
def test_no_phase_goes_below_the_redundancy_once_reached(way: tuple[dict[str, Any], dict[str, Any]]) -> None:
    found = walked(*way)
    best: dict[str, int] = {}
    for name, design in zip(found.ids, found.designs, strict=True):
        for part, zones in redundancy(design).items():
            assert zones >= best.get(part, 0), (name, part)
            best[part] = max(zones, best.get(part, 0))


@given(ways())
@law(200)
def test_what_holds_data_stays_until_a_phase_that_says_that_nothing_brings_it_back(
    way: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    found = walked(*way)
    for number, (before, after) in enumerate(pairwise(found.designs), 1):
        gone = {*held(before)} - {*held(after)}
        assert not gone or found.no_return[number], (found.ids[number], gone)
        released = {*held(before, protected=True)}
        assert not gone & released, "nothing goes that was protected in the phase before"


@given(ways())
@law(200)
def test_a_store_is_changed_in_place_or_stands_beside_its_successor(
    way: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    found = walked(*way)
    for number, (before, after) in enumerate(pairwise(found.designs), 1):
        stores = {each.resource: each for each in after.stores if each.runtime == "managed"}
        for old in (each for each in before.stores if each.resource in stores and each.runtime == "managed"):
            new = stores[old.resource]
            assert old.region == new.region
            if isinstance(old, RedisDesign) and isinstance(new, RedisDesign):
                assert (old.availability, old.zone) == (new.availability, new.zone)
            if (
                isinstance(old, DatabaseDesign)
                and isinstance(new, DatabaseDesign)
                and old.engine != new.engine
            ):
                assert found.semantics[number] == "irreversible"
                assert old.edition == new.edition, "nothing else comes with a major version"


@given(ways())
@law(200)
def test_a_schedule_begins_its_runs_in_one_place(way: tuple[dict[str, Any], dict[str, Any]]) -> None:
    had_one = any(each.get("kind") == "cron" for each in way[0]["workloads"])
    for design in walked(*way).designs:
        clocks = [each for each in design.workloads if each.kind == "cron"]
        waiting = [each for each in clocks if each.suspended]
        assert len(clocks) - len(waiting) <= 1
        assert not had_one or len(clocks) > len(waiting)
