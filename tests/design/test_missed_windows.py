"""How many windows miss a promise, against windows that are drawn one by one."""

from random import Random

import pytest

from components.design.availability.coverage import break_even_coverage
from components.design.availability.missing import missed_windows, outages
from components.design.availability.model import evaluate
from components.design.availability.tree import (
    Deploys,
    Failover,
    KOfN,
    Node,
    Parallel,
    Part,
    Serial,
    Soft,
)

WINDOWS = 20_000
DAYS = 28
MINUTES = DAYS * 1440

TREES = [
    Serial("rare", (Part("a", 0.9999), Part("b", 0.9999), Deploys("deploys", 80, 5, 5, 5))),
    Serial("deploys", (Part("a", 0.9999), Deploys("deploys", 80, 5, 100, 5))),
    Serial("often", (Part("a", 0.997), Soft(Part("b", 0.99), 0.9), Failover("standby", 50, 90))),
    Serial("zones", (KOfN("web", 2, 3, 0.999), Failover("region", 0.5, 86400))),
]


def _drawn(tree: Node, seed: int) -> list[float]:
    """The minutes lost in each of many windows, outage by outage. Rates come from the leaves themselves."""
    random = Random(seed)  # noqa: S311  # outages, no secrets
    assert isinstance(tree, Serial)
    rates = [_rate(part) for part in tree.parts]
    lost = []
    for _ in range(WINDOWS):
        total = 0.0
        for per_window, minutes, is_fixed in rates:
            at = random.expovariate(per_window)
            while at < 1.0:
                total += minutes if is_fixed else random.expovariate(1.0 / minutes)
                at += random.expovariate(per_window)
        lost.append(total)
    return sorted(lost)


def _rate(part: Node) -> tuple[float, float, bool]:
    match part:
        case Deploys():
            bad = part.deploys_per_window * part.change_failure_percent / 100
            return bad, part.restore_minutes * part.blast_percent / 100, True
        case Failover():
            return part.failures_per_year * DAYS / 365.25, part.failover_seconds / 60, True
        case Soft():
            per_window, minutes, is_fixed = _rate(part.dependency)
            return per_window * (1 - part.coverage), minutes, is_fixed
        case Part():
            return (1 - part.availability) * MINUTES / 60, 60.0, False
        case _:
            return (1 - evaluate(part).availability) * MINUTES / 60, 60.0, False


@pytest.mark.parametrize("tree", TREES, ids=lambda tree: tree.name)
@pytest.mark.parametrize("promised", [20.16, 61.3])
def test_as_many_windows_miss_as_in_windows_drawn_one_by_one(tree: Node, promised: float) -> None:
    found, drawn = missed_windows(tree, promised, DAYS), _drawn(tree, seed=1)
    chance = sum(lost > promised for lost in drawn) / WINDOWS
    spread = 4.0 * (chance * (1 - chance) / WINDOWS) ** 0.5
    # The grid is a minute wide: what loses within one of the promise may fall on either side.
    at_edge = sum(abs(lost - promised) < 1.0 for lost in drawn) / WINDOWS
    assert found.chance_percent / 100 == pytest.approx(chance, abs=spread + at_edge + 1e-4)


@pytest.mark.parametrize("tree", TREES[:3], ids=lambda tree: tree.name)
def test_the_percentiles_are_those_of_windows_drawn_one_by_one(tree: Node) -> None:
    found, drawn = missed_windows(tree, 20.16, DAYS), _drawn(tree, seed=2)
    for share, minutes in ((0.5, found.p50), (0.9, found.p90), (0.99, found.p99)):
        below = sum(lost <= minutes - 1.0 for lost in drawn) / WINDOWS
        within = sum(lost <= minutes + 1.0 for lost in drawn) / WINDOWS
        assert below - 0.01 <= share <= within + 0.01


@pytest.mark.parametrize("tree", TREES, ids=lambda tree: tree.name)
def test_the_outages_lose_together_what_the_tree_does(tree: Node) -> None:
    lost = sum(each.per_window * each.minutes for each in outages(tree, DAYS))
    assert lost == pytest.approx(evaluate(tree, DAYS).minutes)


def test_nothing_that_fails_misses_no_window() -> None:
    found = missed_windows(Serial("ideal", (Part("a", 1.0),)), 0.0, DAYS)
    assert found.chance_percent == pytest.approx(0.0, abs=1e-6)
    assert (found.p50, found.p99) == (0.0, 0.0)


def test_what_is_down_half_of_the_time_misses_every_window() -> None:
    found = missed_windows(Part("a", 0.5), 20.16, DAYS)
    assert found.chance_percent == pytest.approx(100.0)
    assert found.p50 == pytest.approx(MINUTES / 2, rel=0.4)


# How well degraded modes have to work.


def test_the_break_even_is_where_the_promise_is_just_kept() -> None:
    def tree(coverage: float) -> Node:
        return Serial("portal", (Part("db", 0.9999), Soft(Parallel("redis", (Part("r", 0.999),)), coverage)))

    least = break_even_coverage(tree(0.3), 0.9995)
    assert least is not None
    assert least == pytest.approx(0.6, abs=0.001)
    assert evaluate(tree(least)).availability >= 0.9995
    assert evaluate(tree(least - 1e-4)).availability < 0.9995


def test_a_promise_that_is_kept_without_any_degraded_mode_breaks_even_at_nothing() -> None:
    assert break_even_coverage(Serial("portal", (Soft(Part("redis", 0.999)),)), 0.99) == 0.0


def test_a_promise_that_degraded_modes_alone_cannot_keep_has_no_break_even() -> None:
    assert (
        break_even_coverage(Serial("portal", (Part("db", 0.99), Soft(Part("redis", 0.999)))), 0.999) is None
    )
