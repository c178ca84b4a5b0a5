"""Work in several processes: the same results in the same order, whatever happens to a process."""

import json
import os
from collections.abc import Sequence

import pytest

from pave.checking import workers
from pave.checking.workers import spread
from tests.checking.changing_world import PLACES, World

HERE = os.getpid()


@pytest.fixture(autouse=True)
def four(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four processes, however many processors there are, for two things each."""
    monkeypatch.setattr(workers, "_cores", lambda: 4)
    monkeypatch.setattr(workers, "LEAST", 2)


def told(part: Sequence[int]) -> list[tuple[int, int]]:
    return [(number, os.getpid()) for number in part]


@pytest.mark.parametrize("count", [0, 1, 3, 4, 8, 9, 100])
def test_results_come_in_the_order_of_the_items(count: int) -> None:
    found = spread(told, range(count))
    assert [number for number, _ in found] == list(range(count))
    assert (HERE in {process for _, process in found}) == (0 < count < 4)


def test_few_items_start_no_process() -> None:
    assert {process for _, process in spread(told, range(3))} == {HERE}


def test_a_closure_is_work_too() -> None:
    offset = 10
    assert spread(lambda part: [number + offset for number in part], range(50)) == list(range(10, 60))


def test_what_is_raised_elsewhere_is_raised_here() -> None:
    def fail(part: Sequence[int]) -> list[int]:
        if 7 in part:
            raise LookupError("seven")
        return list(part)

    with pytest.raises(LookupError, match="seven"):
        spread(fail, range(100))


def test_the_work_of_a_process_that_was_killed_is_done_here() -> None:
    def die(part: Sequence[int]) -> list[int]:
        if os.getpid() != HERE:
            os._exit(9)
        return list(part)

    assert spread(die, range(100)) == list(range(100))


def test_a_check_in_several_processes_says_the_same(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    together = world.cold()
    monkeypatch.setattr(workers, "_cores", lambda: 1)
    assert together == world.cold()
    assert len(json.loads(together[1])["decisions"]) == PLACES
