"""A service that moves is taken one phase at a time, and never back over a point of no return."""

import msgspec
import pytest

from components.design.migration.passage import Passage, is_called_after
from components.design.migration.turn import out_of_turn
from pave.reviewing.changes import ResourceChange
from pave.reviewing.guards import data_losses

ORDER = ("today", "beside", "switch", "names-5", "names-50", "remove", "promise", "done")
MOVES = ("", "stores", "stores", "host", "host", "machines", "declarations", "")


def at(phase: str) -> Passage:
    return Passage("portal", ORDER, MOVES, phase, no_return=("remove",))


def refused(now: str | None, then: str | None, *, is_there: bool = True) -> str:
    found = out_of_turn(now, None if then is None else at(then), is_there=is_there)
    return "" if found is None else str(found)


@pytest.mark.parametrize(
    ("now", "then"),
    [
        (None, None),
        (None, "today"),
        (None, "done"),
        ("today", "beside"),
        ("switch", "switch"),
        ("switch", "beside"),
        ("switch", "names-5"),
        ("names-50", "switch"),
        ("switch", "today"),
        ("promise", "done"),
    ],
)
def test_a_phase_may_be_entered_from_the_one_beside_it(now: str | None, then: str | None) -> None:
    assert refused(now, then) == ""


@pytest.mark.parametrize(
    ("now", "then", "said"),
    [
        ("today", "switch", "`switch` is 2 phases from there"),
        ("today", "done", "pave migrate next portal"),
        (None, "switch", "has not begun to move"),
        ("switch", None, "its migration's file is gone"),
        ("gone-by", "switch", "doesn't have any more"),
        ("remove", "switch", "has been through `remove`, and no way leads back"),
        ("promise", "beside", "has been through `remove`"),
        ("names-50", "beside", "3 phases from there"),
    ],
)
def test_a_phase_is_entered_from_nowhere_else(now: str | None, then: str | None, said: str) -> None:
    assert said in refused(now, then)


def test_a_stack_that_is_not_there_yet_may_begin_anywhere() -> None:
    assert refused(None, "switch", is_there=False) == ""


def deletion(name: str) -> ResourceChange:
    return ResourceChange(
        action="delete",
        urn=f"urn:pulumi:service.portal.production::pave::gcp:sql/databaseInstance:DatabaseInstance::{name}",
        type="gcp:sql/databaseInstance:DatabaseInstance",
        name=name,
        id="",
        stateful=True,
        protected=False,
        retained=False,
        properties=[],
        because=[],
        origin=None,
        consequences=[],
    )


def test_what_a_phase_has_planned_to_lose_may_go_and_nothing_else() -> None:
    planned = ["portal-db-g1"]
    assert data_losses([deletion("portal-db-g1"), deletion("portal-db-g1-portal")], planned) == []
    (refusal,) = data_losses([deletion("portal-db-g10")], planned)
    assert "pave migrate plan portal" in refusal.instead


def test_a_replacement_is_nobody_s_plan() -> None:
    replaced = msgspec.structs.replace(deletion("portal-db-g1"), action="replace")
    assert len(data_losses([replaced], ["portal-db-g1"])) == 1


def test_names_are_compared_whole() -> None:
    assert is_called_after("portal-db-g1-portal", ["portal-db-g1"])
    assert not is_called_after("portal-db-g11", ["portal-db-g1"])
