"""By chance, the verdict is wrong no more often than it says."""

import pytest

from bench.deploys import BUDGET, DIRE, Case, rates
from components.design.monitoring.deploys.verdict import FALSE_ALARM, MISS

EVERY = 5
"""Minutes between two looks."""

GOOD = [Case(20, 0.0005, 0.0005), Case(100, 0.001, 0.001), Case(300, 0.01, 0.01), Case(5, 0.2, 0.2)]
EACH = 500


def test_of_two_thousand_good_deployments_no_more_are_stopped_than_is_said() -> None:
    found = [rates(case, EACH, EVERY) for case in GOOD]
    assert len(GOOD) * EACH == 2000
    assert sum(each.failed for each in found) / len(found) <= FALSE_ALARM


@pytest.mark.parametrize(
    ("case", "minutes"),
    [
        (Case(100, 0.01, 0.02), 20),  # errors double
        (Case(20, BUDGET, BUDGET + DIRE), 20),
        (Case(10, 0.0005, 0.5), 5),
    ],
)
def test_a_bad_deployment_is_stopped_in_time_and_passes_no_more_often_than_is_said(
    case: Case, minutes: int
) -> None:
    found = rates(case, 100, EVERY)
    assert found.passed <= MISS
    assert found.failed >= 1 - MISS
    assert found.minutes is not None
    assert found.minutes <= minutes


def test_with_little_traffic_nothing_passes() -> None:
    for new in (0.0005, 0.01):
        found = rates(Case(0.5, 0.0005, new), 100, EVERY)
        assert (found.passed, found.inconclusive) == (0, 1 - found.failed)
