"""The phases of a migration: what they are in, what they leave alone, and what they refuse."""

import copy
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from catalog import validation
from catalog.kinds.service import Service, effective, service_at
from catalog.loader import load
from catalog.migration.phases import MigrationPhase, phases
from catalog.migration.step import NoWay
from components.design.migration.plan import plan
from components.design.service import designed
from tests.migration.ways import (
    CATALOG,
    MIGRATION,
    TARGET,
    TODAY,
    catalog_in,
    shipped_phases,
    spec_of,
    way_in,
)

PHASES = shipped_phases()
IDS = [phase.id for phase in PHASES]


def before(first: str, second: str) -> bool:
    return IDS.index(first) < IDS.index(second)


def store(phase: MigrationPhase, name: str) -> Any:
    return next((each for each in phase.spec["stores"] if each["name"] == name), None)


def test_the_first_phase_is_today_and_the_last_is_the_target() -> None:
    assert PHASES[0].spec == spec_of(TODAY)
    target = spec_of(TARGET)
    target.pop("environments", None)
    assert PHASES[-1].spec == target


@pytest.mark.parametrize("phase", PHASES, ids=IDS)
def test_every_phase_is_a_service_that_can_be_designed(phase: MigrationPhase) -> None:
    catalog, way = way_in(CATALOG)
    found = effective(catalog, way.at_phase(phase.id), "production")
    assert isinstance(found, Service), found
    assert designed(catalog, found).name == "customersdot"
    whole = {**way.own.data, "spec": phase.spec}
    assert validation.is_valid("Service", whole)


def test_what_holds_the_queue_is_never_replaced_with_the_queue_in_it() -> None:
    beside, switch, gone = (
        next(phase for phase in PHASES if phase.id == name)
        for name in ("redis-beside", "redis-switch", "remove-machine")
    )
    assert store(beside, "redis")["runtime"] == "vm"
    assert store(beside, "redis-next")["of"] == "redis"
    assert store(switch, "redis")["availability"] == "regional"
    assert store(switch, "redis-former")["runtime"] == "vm"
    assert store(gone, "redis-former") is None


def test_a_store_keeps_its_resources_when_users_are_switched_to_it() -> None:
    catalog, way = way_in(CATALOG)
    resources = []
    for phase in ("redis-beside", "redis-switch"):
        found = effective(catalog, way.at_phase(phase), "production")
        assert isinstance(found, Service)
        decided = designed(catalog, found)
        cache = {each.resource for each in decided.stores if each.runtime == "managed"}
        resources.append(cache)
    assert resources[0] == resources[1]


def test_what_has_to_be_first_is_first() -> None:
    assert before("guard-db", "standby-db")
    assert before("let-in", "workloads-beside")
    assert before("redis-switch", "workloads-beside")
    assert before("clocks-switch", "names-5")
    assert before("front-door", "names-ttl")
    assert before("names-ttl", "names-5")
    assert before("names-100", "release-machine")
    assert before("release-machine", "remove-machine")
    assert IDS[-3:] == ["upgrade-db", "old-names", "promise"]


def test_what_runs_on_a_schedule_runs_once_at_every_moment() -> None:
    for phase in PHASES:
        clocks = [each for each in phase.spec["workloads"] if each.get("kind") == "cron"]
        waiting = [each for each in clocks if each.get("suspended")]
        on_machines = [each for each in clocks if each.get("runtime") == "vm"]
        in_cluster = [each for each in clocks if each.get("runtime") != "vm"]
        assert on_machines or in_cluster
        if not before(phase.id, "clocks-switch"):
            assert waiting == on_machines
        elif in_cluster:
            assert waiting == in_cluster


def test_no_major_upgrade_and_no_edition_comes_with_a_move_of_users() -> None:
    for earlier, later in pairwise(PHASES):
        shares = [each.spec.get("edge", {}).get("moving") for each in (earlier, later)]
        stores = [each.spec["stores"] for each in (earlier, later)]
        assert later.id.startswith("names-") == (None not in shares and shares[0] != shares[1])
        if later.id.startswith("names-"):
            assert stores[0] == stores[1]


def test_a_phase_is_what_the_service_is_where_it_moves_and_nowhere_else(tmp_path: Path) -> None:
    catalog = load(catalog_in(tmp_path / "catalog", "workloads-beside"))
    there, elsewhere = (service_at(catalog, "customersdot", place) for place in ("production", "staging"))
    assert isinstance(there, Service)
    assert isinstance(elsewhere, Service)
    assert {each.runtime for each in there.spec.workloads} == {"vm", "kubernetes"}
    assert {each.runtime for each in elsewhere.spec.workloads} == {"kubernetes"}


def test_an_element_of_a_phase_leads_to_the_line_of_whoever_wrote_it(tmp_path: Path) -> None:
    catalog = load(catalog_in(tmp_path / "catalog", "names-25"))
    service = service_at(catalog, "customersdot", "production")
    assert isinstance(service, Service)
    decided = designed(catalog, service)
    origins = {each.name: each.origin.document for each in decided.workloads}
    assert origins["web"] == "services/customersdot.yaml"
    assert origins["web-machine"] == "examples/customersdot-today.yaml"
    assert str(service.origin("spec", "edge", "moving")) == "migrations/customersdot.yaml#/spec/phase"


def test_a_done_migration_leaves_the_file_as_it_is() -> None:
    catalog = load(CATALOG)
    assert (
        catalog.documents["Service"]["customersdot"].data == catalog.file("services/customersdot.yaml").data
    )


WRONG: dict[str, tuple[Callable[[str], str], str]] = {
    "a phase that there isn't": (
        lambda text: text.replace("phase: done", "phase: redis-besides"),
        "There is no phase `redis-besides` on this way. Did you mean `redis-beside`?",
    ),
    "a start that isn't there": (
        lambda text: text.replace("phase: done", "phase: today").replace("customersdot-today", "yesterday"),
        "There is no file examples/yesterday.yaml in the catalog. Correct the path.",
    ),
    "a start that is no service": (
        lambda text: text.replace("phase: done", "phase: today").replace(
            "examples/customersdot-today", "teams/platform"
        ),
        "teams/platform.yaml is no usable file of a service.",
    ),
    "a file that can't be read": (
        lambda text: text.replace("phase: done", "phase: [today"),
        "The migration of `customersdot` can't be read",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_service_whose_way_is_unknown_can_t_be_used(case: str, tmp_path: Path) -> None:
    change, said = WRONG[case]
    root = catalog_in(tmp_path / "catalog", "done")
    file = root / MIGRATION
    file.write_text(change(file.read_text("utf-8")), "utf-8")
    found = service_at(load(root), "customersdot", "production")
    assert isinstance(found, list)
    assert said in str(found[0])


def changed(edit: Callable[[Any], None]) -> Any:
    target = copy.deepcopy(spec_of(TARGET))
    edit(target)
    return target


def test_a_cache_that_would_be_made_anew_is_refused_with_what_to_write() -> None:
    today = changed(lambda spec: spec["stores"][1].update(availability="zonal"))
    with pytest.raises(NoWay, match=r"redis can't change its availability in place.*Write `generation: 2`"):
        phases(today, spec_of(TARGET))
    target = changed(lambda spec: spec["stores"][1].update(generation=2))
    ids = [phase.id for phase in phases(today, target)]
    assert ids == ["today", "redis-beside", "redis-switch", "release-redis-former", "remove-redis-former"]


def test_nothing_moves_to_a_machine() -> None:
    target = changed(lambda spec: spec["workloads"][0].update(runtime="vm"))
    with pytest.raises(NoWay, match="Nothing brings web to a machine"):
        phases(spec_of(TARGET), target)


def test_no_rollback_is_said_to_lead_beyond_a_point_of_no_return() -> None:
    found = plan(*way_in(CATALOG)).phases
    assert [each.id for each in found if each.no_return] == ["remove-machine", "upgrade-db"]
    back = {each.id: each.rollback_to for each in found}
    assert back["release-machine"] == "today"
    assert back["remove-machine"] == "remove-machine"
    assert back["promise"] == "upgrade-db"


def test_the_machine_is_the_one_thing_that_goes_for_good() -> None:
    found = plan(*way_in(CATALOG)).phases
    assert {name: each.id for each in found for name in each.losing} == {
        "customersdot-vm-1": "remove-machine"
    }


def test_commands_by_hand_have_no_holes() -> None:
    found = plan(*way_in(CATALOG)).phases
    commands = [command for each in found for work in each.by_hand for command in work.commands]
    assert commands
    assert [command for command in commands if "{" in command.replace("{print", "")] == []
