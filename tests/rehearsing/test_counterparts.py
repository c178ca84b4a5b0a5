"""Every phase of every plan is something on the stage, or says why it is nothing."""

from pkgutil import iter_modules

import pytest

from catalog.migration.phases import all_moves
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


@pytest.mark.parametrize("id_", ["let-in", "front-door", "names-ttl", "upgrade-db", "old-names", "promise"])
def test_what_has_no_counterpart_says_why(id_: str) -> None:
    phases = {each.id: each for each in plan_of(HOME / "catalog", "customersdot").phases}
    real = counterpart_of(phases[id_])
    assert isinstance(real, Unrehearsed)
    assert real.why.endswith(".")
