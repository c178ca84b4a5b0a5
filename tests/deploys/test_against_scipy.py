"""The statistics are SciPy's."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from components.design.monitoring.deploys.verdict import (
    CONSISTENT,
    FALSE_ALARM,
    LEAST_EARLIER,
    Observed,
    clear_from,
    deviations,
    z_score,
)
from tests.laws import law


@st.composite
def tables(draw: st.DrawFn) -> tuple[Observed, Observed]:
    n, m = draw(st.integers(1, 10**5)), draw(st.integers(1, 10**5))
    return Observed(n, draw(st.integers(0, n))), Observed(m, draw(st.integers(0, m)))


def ours_and_theirs(new: Observed, old: Observed) -> tuple[float, float]:
    """Our z, and SciPy's smaller one of the two tests of a table of four cells, with Yates' correction."""
    table = [[each.bad, each.events - each.bad] for each in (new, old)]
    found = [
        stats.chi2_contingency(table, correction=True, lambda_=kind) for kind in ("pearson", "log-likelihood")
    ]
    return z_score(new, old), min(math.sqrt(max(0.0, each.statistic)) for each in found)


@given(tables())
@law(200)
def test_z_is_the_root_of_the_smaller_chi_square(pair: tuple[Observed, Observed]) -> None:
    new, old = pair
    assume(0 < new.bad + old.bad < new.events + old.events)
    ours, theirs = ours_and_theirs(new, old)
    assert abs(ours) == pytest.approx(theirs, rel=1e-6, abs=1e-5)
    assert ours * (new.share - old.share) >= 0


@pytest.mark.parametrize(("new", "old"), [((1000, 10), (20_000, 20)), ((50, 3), (80, 30)), ((9, 9), (9, 1))])
def test_its_p_value_is_too(new: tuple[int, int], old: tuple[int, int]) -> None:
    ours, theirs = ours_and_theirs(Observed(*new), Observed(*old))
    assert 2 * stats.norm.sf(abs(ours)) == pytest.approx(stats.chi2.sf(theirs**2, 1), rel=1e-9)


@given(st.lists(st.floats(-1, 1), min_size=LEAST_EARLIER, max_size=30), st.floats(-1, 1))
@law(100)
def test_deviations_are_those_of_scipys_mad(earlier: list[float], value: float) -> None:
    spread = stats.median_abs_deviation(earlier, scale="normal")
    assume(spread > 1e-3)
    usual = float(sorted(earlier)[len(earlier) // 2]) if len(earlier) % 2 else None
    assume(usual is not None)
    found = deviations(value, earlier, 1e-9)
    assert usual is not None
    assert found == pytest.approx((value - usual) / spread, rel=1e-4, abs=1e-9)


def test_the_constants_are_what_they_say() -> None:
    assert pytest.approx(1 / stats.norm.ppf(0.75), abs=1e-4) == CONSISTENT
    assert clear_from(60, 3) == pytest.approx(stats.norm.isf(FALSE_ALARM / 180), rel=1e-9)
