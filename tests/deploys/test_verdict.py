"""The verdict on a deploy: what decides it, what never does, and that it always answers."""

import math
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.design.monitoring.deploys.verdict import (
    DETECTING,
    LEAST_EARLIER,
    UNUSUAL,
    Bounds,
    Ending,
    Observed,
    Seen,
    clear_from,
    deviations,
    judge,
    judge_signal,
    judge_window,
    visible,
    z_score,
)
from tests.laws import law

BOUNDS = Bounds(clear_from(60, 3), 0.001, 0.0144)
RANK: dict[Ending, int] = {"pass": 0, "inconclusive": 1, "fail": 2}
MANY = Observed(100_000, 50)

numbers = st.one_of(
    st.integers(0, 10**9).map(float), st.floats(0, 1e12), st.sampled_from([0.0, 5e-324, 1e-9, 0.5, 1.0])
)
counts = st.builds(Observed, numbers, numbers)
events = st.integers(0, 10**6)


@st.composite
def versions(draw: st.DrawFn) -> tuple[Observed, Observed]:
    """Two versions with whole counts."""
    n, m = draw(events), draw(events)
    return Observed(n, draw(st.integers(0, n))), Observed(m, draw(st.integers(0, m)))


def seen(new: Observed, old: Observed, window: str = "10m") -> Seen:
    return Seen(window, new, old)


def outcome(new: Observed, old: Observed, *earlier: float) -> Ending:
    return judge_window(seen(new, old), earlier, BOUNDS).outcome


def test_a_version_like_the_old_one_passes() -> None:
    assert outcome(Observed(20_000, 11), MANY) == "pass"


def test_a_version_that_fails_clearly_more_often_fails() -> None:
    assert outcome(Observed(20_000, 200), MANY) == "fail"


def test_with_too_few_events_nobody_knows_and_nothing_passes() -> None:
    assert outcome(Observed(100, 0), MANY) == "inconclusive"
    assert outcome(Observed(100, 1), MANY) == "inconclusive"


def test_a_few_events_that_nearly_all_fail_are_enough_to_fail() -> None:
    assert outcome(Observed(20, 15), MANY) == "fail"


def test_a_trifle_is_no_fault_however_clear_many_events_make_it() -> None:
    new, old = Observed(1e8, 60_000), Observed(1e9, 500_000)
    assert z_score(new, old) > 30
    assert outcome(new, old) == "pass"


def test_what_every_deployment_does_at_this_hour_is_no_fault_of_this_one() -> None:
    new = Observed(20_000, 200)  # 0.95 points more than the old one
    assert outcome(new, MANY, *[0.009, 0.011, 0.008, 0.010, 0.012]) == "pass"
    assert outcome(new, MANY, *[0.001, 0.0, -0.001, 0.0005, 0.0]) == "fail"
    assert outcome(new, MANY, *[0.009, 0.011, 0.008, 0.010]) == "fail", "four are no experience"


def test_what_is_dire_is_excused_by_no_custom() -> None:
    assert outcome(Observed(20_000, 600), MANY, *[0.03] * 20) == "fail"


def test_a_still_history_neither_divides_by_nothing_nor_excuses() -> None:
    assert deviations(0.0, [0.0] * LEAST_EARLIER, 0.001) == 0
    assert deviations(0.001, [0.0] * LEAST_EARLIER, 0.001) == pytest.approx(UNUSUAL)
    assert deviations(0.5, [0.0] * (LEAST_EARLIER - 1), 0.001) is None


def test_median_and_mad_shrug_off_a_few_bad_deployments() -> None:
    usual = [0.0, 0.0002, -0.0001, 0.0001, -0.0002]
    found = deviations(0.002, [*usual, 0.9, 0.8], 0.0001)
    assert found is not None
    assert found > UNUSUAL


@pytest.mark.parametrize(
    ("windows", "wanted"),
    [
        ([], "inconclusive"),
        ([Observed(10, 0)], "inconclusive"),
        ([Observed(10, 0), Observed(20_000, 10)], "pass"),
        ([Observed(20_000, 10), Observed(20_000, 400)], "fail"),
    ],
)
def test_a_signal_is_bad_in_any_window_and_good_in_any_other(windows: list[Observed], wanted: Ending) -> None:
    some = [seen(each, MANY, f"{index}") for index, each in enumerate(windows)]
    assert judge_signal(some, (), BOUNDS).outcome == wanted
    assert judge_signal(reversed(some), (), BOUNDS) == judge_signal(some, (), BOUNDS)


@pytest.mark.parametrize(
    ("others", "errors", "odd", "wanted"),
    [
        ([], [], False, "inconclusive"),
        (["pass"], [], False, "inconclusive"),
        (["pass"], ["inconclusive"], False, "inconclusive"),
        (["inconclusive"], ["inconclusive", "pass"], False, "pass"),
        ([], ["pass"], True, "inconclusive"),
        (["fail"], ["pass"], False, "fail"),
        (["fail"], ["inconclusive"], True, "fail"),
    ],
)
def test_a_deploy_passes_only_when_errors_were_counted_and_nothing_fails(
    others: list[Ending], errors: list[Ending], odd: bool, wanted: Ending
) -> None:
    assert judge(others, errors, odd=odd) == wanted


@given(counts, counts)
@law(300)
def test_whatever_was_counted_there_is_a_finite_answer(new: Observed, old: Observed) -> None:
    found = judge_window(seen(new, old), (), BOUNDS)
    assert all(map(math.isfinite, (found.z, found.visible, found.difference)))


@given(st.lists(st.floats(-1, 1), max_size=30), st.floats(-1, 1), st.floats(1e-6, 1))
@law(200)
def test_whatever_happened_earlier_the_deviation_is_finite(
    earlier: list[float], value: float, least: float
) -> None:
    found = deviations(value, earlier, least)
    assert (found is None) == (len(earlier) < LEAST_EARLIER)
    assert found is None or math.isfinite(found)
    assert found == deviations(value, earlier[::-1], least)


@given(versions(), st.data(), st.lists(st.floats(-0.1, 0.1), max_size=8))
@law(400)
def test_more_errors_never_make_it_better(
    pair: tuple[Observed, Observed], data: st.DataObject, earlier: list[float]
) -> None:
    new, old = pair
    worse = Observed(new.events, data.draw(st.integers(int(new.bad), int(new.events))))
    before, after = (judge_window(seen(each, old), earlier, BOUNDS) for each in (new, worse))
    assert RANK[after.outcome] >= RANK[before.outcome]
    assert after.z >= before.z - 1e-9


@given(versions())
@law(300)
def test_who_is_new_only_turns_the_sign(pair: tuple[Observed, Observed]) -> None:
    new, old = pair
    assert z_score(new, old) == pytest.approx(-z_score(old, new), abs=1e-6, rel=1e-6)


@given(versions())
@law(200)
def test_what_passes_would_have_shown_a_dire_difference(pair: tuple[Observed, Observed]) -> None:
    new, old = pair
    if outcome(new, old) == "pass":
        assert visible(new, old, BOUNDS.dire) >= BOUNDS.clear + DETECTING
        assert not (z_score(new, old) >= BOUNDS.clear and new.share - old.share >= BOUNDS.dire)


def test_more_looks_ask_for_more() -> None:
    assert clear_from(1, 1) == pytest.approx(NormalDist().inv_cdf(0.99))
    assert clear_from(60, 3) > clear_from(60, 2) > clear_from(10, 2) > clear_from(0, 0)
