"""Every phase of every plan is something on the stage, or says why it is nothing."""

from pkgutil import iter_modules

import msgspec
import pytest

from catalog.migration.phases import all_moves
from components.design.migration.model import PhasePlan
from pave.migrating.reading import plan_of
from pave.rehearsing.counterpart import Counterpart, Unrehearsed, counterpart_of
from pave.rehearsing.moves import __path__ as moves
from pave.workspace import HOME


def test_a_counterpart_is_of_a_move_that_plans_have() -> None:
    assert {each.name for each in iter_modules(moves)} <= set(all_moves())


def test_a_phase_leads_back_unless_the_plan_says_that_none_does() -> None:
    played = 0
    for phase in plan_of(HOME / "catalog", "customersdot").phases:
        real = counterpart_of(phase)
        if isinstance(real, Counterpart):
            played += 1
            assert (real.back is None) == bool(phase.no_return)
    assert played > 10


def phase_of(id_: str, no_return: str, *stores: tuple[str, str]) -> PhasePlan:
    """A phase of a move of stores, with stores of these names and kinds in it."""
    some = plan_of(HOME / "catalog", "customersdot").phases[1]
    spec = {"stores": [{"name": name, "kind": kind} for name, kind in stores]}
    move = "database_in_place" if id_.startswith("guard") else "new_generation"
    return msgspec.structs.replace(some, id=id_, move=move, no_return=no_return, spec=spec)


@pytest.mark.parametrize(
    ("phase", "is_played"),
    [
        (("guard-db", "", ("db", "postgres"), ("other", "postgres")), True),
        (("guard-other", "", ("db", "postgres"), ("other", "postgres")), False),
        (("guard-db", "", ("db", "mysql")), False),
        (("cache-switch", "", ("cache", "redis"), ("cache-former", "redis")), True),
        (("cache-switch", "", ("first", "redis"), ("cache", "redis")), False),
        (("cache-switch", "", ("cache", "valkey")), False),
        (("remove-cache-former", "It is deleted.", ("cache", "redis")), True),
        (("remove-cache-former", "", ("cache", "redis")), False),
        (("release-cache-former", "", ("cache", "redis"), ("cache-former", "redis")), False),
    ],
)
def test_only_the_store_that_is_on_the_stage_is_played(
    phase: tuple[str, str, *tuple[tuple[str, str], ...]], is_played: bool
) -> None:
    assert isinstance(counterpart_of(phase_of(*phase)), Counterpart) is is_played


@pytest.mark.parametrize("id_", ["front-door", "names-ttl", "upgrade-db", "old-names", "promise"])
def test_what_has_no_counterpart_says_why(id_: str) -> None:
    phases = {each.id: each for each in plan_of(HOME / "catalog", "customersdot").phases}
    real = counterpart_of(phases[id_])
    assert isinstance(real, Unrehearsed)
    assert real.why.endswith(".")
