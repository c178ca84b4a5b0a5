"""How the minutes lost spread over windows: the chance of missing a promise, which a mean hides.

Outages of each leaf come as a Poisson process, each with a length; the minutes lost in a window are their
sum, a compound Poisson variable. Its distribution is reckoned on a grid, by the transform of its generating
function (Embrechts and Frei, Panjer recursion versus FFT, https://doi.org/10.1007/s00186-008-0249-2), so it
has no seed and no noise. Pure.
"""

import cmath
import math
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import NamedTuple

import msgspec

from components.design.availability.model import evaluate
from components.design.availability.tree import (
    Deploys,
    Failover,
    Leaf,
    Node,
    hard_leaves,
    soft_dependencies,
)

OUTAGE_MINUTES = 60.0
"""The mean length of an outage of a part whose source tells only its availability, exponentially distributed.
Our assumption: longer ones make fewer windows miss a promise, by more."""

POINTS = 4096
SHORTEST_SPAN = 4096.0
"""The grid: so many points, a minute apart or, where more is lost on average, wider."""


class MissedWindows(msgspec.Struct, frozen=True, rename="camel"):
    """How windows turn out: the percentage of them that lose more than was promised, and the minutes that
    half of them, nine in ten and ninety-nine in a hundred stay within."""

    chance_percent: float
    p50: float
    p90: float
    p99: float


class Outages(NamedTuple):
    """The outages of one part: how many a window, and how many minutes each, on average or always."""

    name: str
    per_window: float
    minutes: float
    is_fixed: bool


def missed_windows(tree: Node, promised_minutes: float, window_days: float) -> MissedWindows:
    """The windows that miss a promise of so many minutes at most, and how bad they are."""
    found = outages(tree, window_days)
    mean = math.fsum(each.per_window * each.minutes for each in found)
    step = max(SHORTEST_SPAN, 8.0 * mean) / POINTS
    reached = list(accumulate(_distribution(found, step)))
    kept = reached[min(POINTS - 1, math.floor(promised_minutes / step + 1e-9))]

    def quantile(share: float) -> float:
        return step * next((i for i, chance in enumerate(reached) if chance >= share), POINTS)

    return MissedWindows(
        chance_percent=round(100.0 * max(0.0, 1.0 - kept), 6),
        p50=quantile(0.5),
        p90=quantile(0.9),
        p99=quantile(0.99),
    )


def outages(tree: Node, window_days: float) -> list[Outages]:
    """What strikes a service in a window, part by part; together their minutes are what the tree loses."""
    leaves = {leaf.name: leaf for part in (tree, *soft_dependencies(tree)) for leaf in hard_leaves(part)}
    found = []
    for share in evaluate(tree, window_days).shares:
        length, is_fixed = _length(leaves.get(share.name))
        if share.minutes > 0.0 and length > 0.0:
            found.append(Outages(share.name, share.minutes / length, length, is_fixed))
    return found


def _length(leaf: Leaf | None) -> tuple[float, bool]:
    """Minutes lost in one outage of a leaf (None: of a shared cause), and whether that is always so."""
    match leaf:
        case Deploys():
            return leaf.restore_minutes * leaf.blast_percent / 100.0, True
        case Failover():
            return leaf.failover_seconds / 60.0, True
        case _:
            return OUTAGE_MINUTES, False


def _distribution(found: Sequence[Outages], step: float) -> list[float]:
    """The chance of each number of steps lost in a window."""
    severities = [(each.per_window, _severity(each, step)) for each in found]
    transform = []
    for k in range(POINTS):
        z = cmath.exp(-2j * math.pi * k / POINTS)
        transform.append(cmath.exp(sum(rate * (severity(z) - 1.0) for rate, severity in severities)))
    return [max(0.0, value.real / POINTS) for value in _inverse(transform)]


def _severity(each: Outages, step: float) -> Callable[[complex], complex]:
    """The generating function of one outage's length in steps: a fixed one is shared among its two neighbours
    on the grid, so that its mean stays; an exponential one is rounded to the nearest."""
    if each.is_fixed:
        whole, part = divmod(each.minutes / step, 1.0)
        return lambda z: z ** int(whole) * (1.0 - part + part * z)
    q = math.exp(-step / each.minutes)
    root = math.sqrt(q)
    return lambda z: 1.0 - root + (1.0 - q) * root * z / (1.0 - q * z)


def _inverse(values: Sequence[complex]) -> list[complex]:
    """The inverse discrete Fourier transform of 2^n values, not divided by their number."""
    if len(values) == 1:
        return list(values)
    even, odd = _inverse(values[::2]), _inverse(values[1::2])
    half = len(even)
    turned = [cmath.exp(1j * math.pi * k / half) * value for k, value in enumerate(odd)]
    return [a + b for a, b in zip(even, turned, strict=True)] + [
        a - b for a, b in zip(even, turned, strict=True)
    ]
