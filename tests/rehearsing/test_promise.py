"""What is measured of a passage, and when it breaks what the plan promises."""

from dataclasses import dataclass
from typing import cast

import msgspec
import pytest

from components.design.migration.model import PhasePlan
from pave.rehearsing.load import AskedOrder
from pave.rehearsing.promise import Kept, MeasuredPassage, broken, measured


@dataclass
class Promised:
    """What the plan says of a phase, as far as it is compared."""

    minutes: float = 0
    rollback_minutes: float = 5


def phase(minutes: float = 0) -> PhasePlan:
    return cast("PhasePlan", Promised(minutes))


def asked(*statuses: int) -> list[AskedOrder]:
    """An order a second, answered at once."""
    return [AskedOrder(at, float(at), 0.1, status, "machine") for at, status in enumerate(statuses, 1)]


def seen(*statuses: int, kept: Kept | None = None, took: float = 1.0) -> MeasuredPassage:
    orders = asked(*statuses)
    good = [each.order for each in orders if each.is_acknowledged]
    return measured(orders, good, kept or Kept(frozenset(good), good, [7, 8, 9], 9), took, 0.0)


def test_a_passage_in_which_all_is_well_keeps_every_promise() -> None:
    found = seen(201, 201, 201)
    assert broken(phase(), found, is_back=False) == []
    assert (found.asked, found.failed, found.failing_seconds, found.longest_gap) == (3, 0, 0.0, 1.0)
    assert found.served == {"machine": 3}


def test_errors_last_from_the_first_failed_request_to_the_first_good_one_after_the_last() -> None:
    assert seen(201, 503, 201, 0, 201).failing_seconds == 3.0
    assert seen(201, 503).failing_seconds == 0.1  # nobody knows of anything later


def test_one_failed_request_breaks_the_promise_of_none() -> None:
    (said,) = broken(phase(), seen(201, 503, 201), is_back=False)
    assert said.startswith("1 of 3 requests failed; the plan promises that none does")


@pytest.mark.parametrize(("minutes", "is_kept"), [(0.1, True), (0.03, False)])
def test_errors_may_last_as_long_as_the_plan_says(minutes: float, is_kept: bool) -> None:
    said = broken(phase(minutes), seen(201, 503, 503, 201), is_back=False)
    assert (said == []) is is_kept


def test_a_fault_may_cost_what_it_is_allowed_and_no_more() -> None:
    found = seen(201, 503, 503, 201)
    assert broken(phase(), found, is_back=False, allowed=2) == []
    assert broken(phase(), found, is_back=False, allowed=1) != []


def test_a_way_back_that_takes_too_long_is_told_and_a_way_into_it_may() -> None:
    slow = seen(201, took=301)
    assert broken(phase(), slow, is_back=True) == ["Going back took 301 s; the plan promises 5 min."]
    assert broken(phase(), slow, is_back=False) == []


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        (Kept(frozenset({1}), [1, 2], [7], 7), "1 acknowledged orders are lost."),
        (Kept(frozenset({1, 2}), [2], [7], 7), "1 jobs of acknowledged orders were not done."),
        (Kept(frozenset({1, 2}), [1, 2, 2], [7], 7), "1 jobs were done twice."),
        (Kept(frozenset({1, 2}), [1, 2], [7, 9], 8), "1 runs of the schedule are missing."),
        (Kept(frozenset({1, 2}), [1, 2], [7, 8], 9), "1 runs of the schedule are missing."),
        (Kept(frozenset({1, 2}), [1, 2], [7, 7, 8], 8), "1 runs of the schedule happened twice."),
    ],
)
def test_no_minutes_pay_for_what_is_lost_or_doubled(kept: Kept, said: str) -> None:
    assert broken(phase(minutes=60), seen(201, 201, kept=kept), is_back=False, allowed=60) == [said]


def test_an_order_that_nobody_was_told_of_may_be_kept_or_not() -> None:
    found = seen(201, 503, kept=Kept(frozenset({1, 2}), [1, 2], [7], 7))
    assert broken(phase(minutes=1), found, is_back=False) == []
    assert msgspec.json.decode(msgspec.json.encode(found))["lostWrites"] == 0
