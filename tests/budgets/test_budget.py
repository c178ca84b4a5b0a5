"""The arithmetic of error budgets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.design.monitoring.budget import budget


@pytest.mark.parametrize(
    ("objective", "minutes"),
    [
        (99.95, "20.16"),  # GitLab's own, published as 20 minutes
        (99.99, "4.03"),
        (99.999, "0.40"),
        (99.9, "40.32"),
        (99.79, "84.67"),  # of a group with a target of its own
        (99.0, "403.20"),
        (95.0, "2016.00"),
        (0.0, "40320.00"),
    ],
)
def test_a_promise_allows_so_many_minutes_in_28_days(objective: float, minutes: str) -> None:
    """The figures of https://handbook.gitlab.com/handbook/engineering/error-budgets/, as they are printed."""
    assert f"{budget(objective, 0, 0).allowed:.2f}" == minutes


@pytest.mark.parametrize(
    ("availability", "spent", "remaining"),
    [
        (1.0, "0.00", "20.16"),
        (0.99998, "0.81", "19.35"),
        (0.9999, "4.03", "16.13"),
        (0.9995, "20.16", "0.00"),
        (0.9993, "28.22", "-8.06"),  # over-spent
        (0.999, "40.32", "-20.16"),
        (0.0, "40320.00", "-40299.84"),
    ],
)
def test_what_was_missed_is_spent_and_more_than_all_is_over_spent(
    availability: float, spent: str, remaining: str
) -> None:
    """`spent = (1 - availability) * 28 * 24 * 60`, and `remaining = 20.16 - spent`."""
    found = budget(99.95, 1 - availability, None)
    assert found.spent is not None
    assert f"{found.spent:.2f}" == spent
    assert found.remaining is not None
    assert f"{found.remaining + 0.0:z.2f}" == remaining


@pytest.mark.parametrize(
    ("spent", "state"),
    [
        (0, "healthy"),
        (0.499, "healthy"),
        (0.5, "watch"),
        (0.8, "at risk"),
        (1, "exhausted"),
        (1.2, "exhausted"),
    ],
)
def test_its_state_follows_from_the_share_that_is_spent(spent: float, state: str) -> None:
    assert budget(99.5, spent * 0.005 + 1e-12, None).state == state


def test_what_nobody_measured_is_unknown_and_never_healthy() -> None:
    unmeasured = budget(99.9, None, 0.1)
    assert (unmeasured.state, unmeasured.share, unmeasured.days_left) == ("unknown", None, None)


def test_half_a_budget_lasts_half_the_window_at_the_pace_that_is_allowed() -> None:
    assert budget(99.9, 0.0005, 0.001).days_left == pytest.approx(14)
    assert budget(99.9, 0.0005, 0).days_left is None
    assert budget(99.9, 0.002, 0.001).days_left == 0


def test_a_promise_of_everything_is_missed_with_the_first_failure() -> None:
    assert budget(100, 0, 0).state == "healthy"
    assert budget(100, 1e-6, 0).state == "exhausted"


@given(st.floats(90, 99.999), st.floats(0, 1), st.floats(0, 1))
def test_more_failures_never_make_it_better(objective: float, one: float, more: float) -> None:
    order = ["healthy", "watch", "at risk", "exhausted"]
    less, worse = sorted((one, more))
    states = [order.index(budget(objective, each, None).state) for each in (less, worse)]
    assert states == sorted(states)
