"""The verdict on a deploy: values in, verdict out. Everyone who judges one does it here, or by the same
arithmetic in PromQL (`queries`).

A signal is bad when its difference is all of these:
- clear: above what chance alone brings, by the two-proportion z-test of the new version against the old one
  at the same time (https://www.itl.nist.gov/div898/handbook/prc/section3/prc33.htm), and by the likelihood
  ratio too, which few events deceive less; both with Yates' correction;
- large: the new version fails so much more that the promise's whole budget would go;
- unusual: beyond what earlier deployments did at the same hour, by the modified z-score of median and MAD
  (https://www.itl.nist.gov/div898/handbook/eda/section3/eda35h.htm). This excuses nothing that is dire.

A good signal has been seen often enough that a dire difference would have been clear. Anything else is
*inconclusive*: soak longer, then stop."""

import math
from collections.abc import Collection, Iterable, Sequence
from statistics import NormalDist, median
from typing import Literal, NamedTuple

FALSE_ALARM = 0.01
"""With which chance alone may stop a good rollout, over all its looks, signals and windows together. The
bound is Bonferroni's, which holds however much one look depends on another:
https://www.itl.nist.gov/div898/handbook/prc/section4/prc473.htm."""

MISS = 0.1
"""With which a signal that passes may have missed a dire difference, at one look."""

DETECTING = NormalDist().inv_cdf(1 - MISS)
"""How far above what is clear a dire difference lies that is missed so seldom."""

UNUSUAL = 3.5
"""Modified z-scores above this are outliers (Iglewicz and Hoaglin 1993, as NIST's handbook has it)."""

ODD = 2.0
"""Above this few are; it is only told."""

CONSISTENT = 1.4826
"""Makes the MAD of a normal distribution its standard deviation: 1 / Φ⁻¹(3/4)."""

LEAST_EARLIER = 5
"""Earlier deployments without which nobody knows what is usual."""

TINY = 1e-9
"""Stands for nothing in a logarithm, where it counts nothing."""

Ending = Literal["pass", "fail", "inconclusive"]


class Observed(NamedTuple):
    """Events that were seen, and how many were bad. Counters are extrapolated, so neither is whole."""

    events: float
    bad: float

    @property
    def share(self) -> float:
        """The bad of all, 0 to 1; 0 where nothing came."""
        return min(1.0, max(0.0, self.bad) / self.events) if self.events > 0 else 0.0


class Bounds(NamedTuple):
    """What decides about a signal: the z from which a difference is clear, and the additional shares of bad
    events from which it is large and dire."""

    clear: float
    large: float
    dire: float


class Seen(NamedTuple):
    """What was seen of a signal in one window: of the new version and of the old one, or what stands for
    it."""

    window: str
    new: Observed
    old: Observed


class Judged(NamedTuple):
    """A window's outcome and what it stands on: `z`, what z a dire difference would have had (`visible`), the
    difference of the shares, and how many deviations it lies above the usual one (None: nobody knows)."""

    window: str
    outcome: Ending
    z: float
    visible: float
    difference: float
    unusual: float | None


class SignalVerdict(NamedTuple):
    """A signal's outcome and the window that decided it; None where none was seen."""

    outcome: Ending
    by: Judged | None


def clear_from(looks: int, tests: int) -> float:
    """The z from which a difference is clear, when a rollout is looked at so often, each time with so many
    tests: below it chance alone stays in all but FALSE_ALARM of good rollouts."""
    return NormalDist().inv_cdf(1 - FALSE_ALARM / max(1, looks * tests))


def z_score(new: Observed, old: Observed) -> float:
    """How clearly the new version is worse: above 0 it is worse, below better, in standard deviations. The
    smaller of Pearson's z and the signed root of the likelihood ratio, both with Yates' correction. 0 where
    nothing differs or nothing is to be compared; always finite."""
    n, m = max(0.0, new.events), max(0.0, old.events)
    bad, other = min(max(0.0, new.bad), n), min(max(0.0, old.bad), m)
    total, all_bad = n + m, bad + other
    if n <= 0 or m <= 0 or not 0 < all_bad < total:
        return 0.0
    expected = n * all_bad / total
    beyond = bad - expected
    corrected = beyond - max(-0.5, min(0.5, beyond))
    variance = expected * (1 - all_bad / total) * m / total
    pearson = abs(corrected) / math.sqrt(max(variance, TINY))
    at = expected + corrected
    cells = [
        (at, expected),
        (all_bad - at, all_bad - expected),
        (n - at, n - expected),
        (m - all_bad + at, m - all_bad + expected),
    ]
    ratio = 2 * sum(observed * _log(observed, usual) for observed, usual in cells)
    return math.copysign(min(pearson, math.sqrt(max(0.0, ratio))), beyond) if corrected else 0.0


def _log(observed: float, expected: float) -> float:
    return math.log(max(observed, TINY) / max(expected, TINY))


def visible(new: Observed, old: Observed, dire: float) -> float:
    """The z that would have been seen of so many events if the new version were that much worse."""
    return z_score(Observed(new.events, new.events * min(1.0, old.share + dire)), old)


def deviations(value: float, earlier: Collection[float], least: float) -> float | None:
    """How many deviations a value lies above what is usual, by median and MAD; None where nobody knows. Of
    values that hardly differ, `least` is an outlier and nothing smaller is."""
    if len(earlier) < LEAST_EARLIER:
        return None
    usual = median(earlier)
    spread = CONSISTENT * median([abs(each - usual) for each in earlier])
    return (value - usual) / max(spread, least / UNUSUAL)


def judge_window(seen: Seen, earlier: Collection[float], bounds: Bounds) -> Judged:
    """The verdict on what was seen in one window. `earlier` are the differences of earlier deployments."""
    z = z_score(seen.new, seen.old)
    would = visible(seen.new, seen.old, bounds.dire)
    difference = seen.new.share - seen.old.share
    unusual = deviations(difference, earlier, bounds.large)
    is_usual = unusual is not None and unusual < UNUSUAL and difference < bounds.dire
    outcome: Ending = "inconclusive"
    if z >= bounds.clear and difference >= bounds.large and not is_usual:
        outcome = "fail"
    elif would >= bounds.clear + DETECTING:
        outcome = "pass"
    return Judged(seen.window, outcome, z, would, difference, unusual)


def judge_signal(seen: Iterable[Seen], earlier: Collection[float], bounds: Bounds) -> SignalVerdict:
    """The verdict on a signal, from windows of which the new version has lived through each: bad when it is
    in any, good when it is in any other. Their order doesn't matter."""
    found = [judge_window(each, earlier, bounds) for each in seen]
    for outcome in ("fail", "pass", "inconclusive"):
        some = [each for each in found if each.outcome == outcome]
        if some:
            return SignalVerdict(some[0].outcome, max(some, key=lambda each: (each.z, each.window)))
    return SignalVerdict("inconclusive", None)


def judge(outcomes: Sequence[Ending], deciding: Sequence[Ending], *, odd: bool = False) -> Ending:
    """The verdict on a deploy from those on all its signals. It passes only when one of the `deciding` ones
    (those that count errors) has, and nothing is `odd` that nobody can call harm."""
    if "fail" in outcomes or "fail" in deciding:
        return "fail"
    return "pass" if "pass" in deciding and not odd else "inconclusive"
