"""The availability of an expression tree, and what costs it.

Steady-state probabilities (https://queue.acm.org/detail.cfm?id=3096459, "The Calculus of Service
Availability"): in series A = product of A_i; redundant 1 - A = product of (1 - A_i); k of n a binomial sum.
Redundant parts also share outages (beta-factor, see `availability_tree`): an unavailability u becomes a
shared s = beta x u and an own (u - s) / (1 - s), so that s and the own one together are u again.

Everything is reckoned in unavailabilities with log1p and expm1, so that nine nines keep their digits.
Pure: no clock, no random, no I/O. An SLA is a threshold for refunds, so the result is what the published
figures amount to, not a forecast.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

import msgspec

from catalog.document import Origin
from components.design.availability.tree import (
    MINUTES_PER_DAY,
    SECONDS_PER_YEAR,
    Deploys,
    Failover,
    KOfN,
    Node,
    Parallel,
    Part,
    Serial,
    Soft,
    Spread,
    refuse_repeated,
    soft_dependencies,
)

WINDOW_DAYS = 28.0

Bound = Literal["point", "low", "high"]


class Share(msgspec.Struct, frozen=True, rename="camel"):
    """What one part costs. `unavailability` is its own, `share_percent` its share of the tree's, `minutes`
    that share in minutes of the window."""

    name: str
    availability: float
    unavailability: float
    share_percent: float
    minutes: float
    source: str | None = None
    origin: Origin | None = None


class SoftLoss(msgspec.Struct, frozen=True, rename="camel"):
    """A soft dependency: it is away for `minutes` of the window, and the service degraded or down."""

    name: str
    availability: float
    minutes: float


class TreeAvailability(msgspec.Struct, frozen=True, rename="camel"):
    """A judged tree. Largest share first; `weakest` is its name, None if nothing can fail.

    `low` and `high` bound `availability`: every part at its worst, every part at its best."""

    availability: float
    unavailability: float
    low: float
    high: float
    window_days: float
    minutes: float
    shares: list[Share]
    degraded: list[SoftLoss]
    weakest: str | None


def minutes(availability: float, window_days: float = WINDOW_DAYS) -> float:
    """The minutes lost in a window of so many days: 0.9995 of 28 days is 20.16.

    Raises ValueError for an availability outside 0 to 1 or a window that isn't above 0."""
    if not 0.0 <= availability <= 1.0:
        raise ValueError(f"An availability of {availability} is not between 0 and 1.")
    return (1.0 - availability) * _window_minutes(window_days)


def evaluate(node: Node, window_days: float = WINDOW_DAYS) -> TreeAvailability:
    """Availability, interval and shares of a tree; minutes are those of a window of so many days.

    Shares sum to 100 (or are all 0 where nothing can fail) and don't depend on order: what stands in series
    shares by -ln A, which is additive; an outage that needs several parts down at once is split evenly among
    them (the Shapley value of a unanimity game, https://en.wikipedia.org/wiki/Shapley_value); what redundant
    parts lose together is a share of its own, `<name>: shared cause`.
    Raises ValueError if a leaf's name stands twice, or the window isn't above 0."""
    refuse_repeated(node)
    window = _window_minutes(window_days)
    loss = _lose(node, "point")
    # Rounded, so that parts which are alike stand in the order of their names and not of the last digit.
    shares = sorted(_shares(loss, window), key=lambda share: (-round(share.share_percent, 9), share.name))
    degraded = [(soft.name, _lose(soft, "point").unavailability) for soft in soft_dependencies(node)]
    return TreeAvailability(
        availability=1.0 - loss.unavailability,
        unavailability=loss.unavailability,
        low=1.0 - _lose(node, "low").unavailability,
        high=1.0 - _lose(node, "high").unavailability,
        window_days=window_days,
        minutes=loss.unavailability * window,
        shares=shares,
        degraded=[SoftLoss(name, 1.0 - lost, lost * window) for name, lost in sorted(degraded)],
        weakest=shares[0].name if loss.unavailability > 0.0 else None,
    )


def _window_minutes(window_days: float) -> float:
    if not 0.0 < window_days < math.inf:
        raise ValueError(f"A window of {window_days} days is not above 0.")
    return window_days * MINUTES_PER_DAY


class _Cause(NamedTuple):
    """A part whose failures cost availability, and the fraction of all unavailability that it accounts
    for."""

    name: str
    unavailability: float
    fraction: float
    source: str | None = None
    origin: Origin | None = None


class _Loss(NamedTuple):
    """The unavailability of a subtree; the fractions of its causes sum to 1, or to 0 if it can't fail."""

    unavailability: float
    causes: list[_Cause]


def _shares(loss: _Loss, window: float) -> Iterator[Share]:
    for cause in loss.causes:
        yield Share(
            name=cause.name,
            availability=1.0 - cause.unavailability,
            unavailability=cause.unavailability,
            share_percent=100.0 * cause.fraction,
            minutes=cause.fraction * loss.unavailability * window,
            source=cause.source,
            origin=cause.origin,
        )


def _lose(node: Node, bound: Bound) -> _Loss:
    """`bound` says which figure of each leaf to take."""
    match node:
        case Serial():
            return _in_series([_lose(part, bound) for part in node.parts])
        case Parallel():
            return _redundant(node, [_lose(part, bound) for part in node.parts])
        case KOfN() | Spread():
            return _replicated(node, bound)
        case Soft():
            loss = _lose(node.dependency, bound)
            missed = 1.0 - node.coverage
            causes = [cause._replace(unavailability=missed * cause.unavailability) for cause in loss.causes]
            return _Loss(missed * loss.unavailability, causes if missed > 0.0 else [])
        case _:
            unavailability = _unavailability(node, bound)
            return _Loss(unavailability, [_cause(node, unavailability)])


def _unavailability(leaf: Part | Failover | Deploys, bound: Bound) -> float:
    match leaf:
        case Part():
            return 1.0 - _bounded(leaf.low, leaf.availability, leaf.high, bound)
        case Failover():
            return min(1.0, leaf.failures_per_year * leaf.failover_seconds / SECONDS_PER_YEAR)
        case Deploys():
            failed = leaf.deploys_per_window * leaf.change_failure_percent / 100.0
            broken = failed * leaf.restore_minutes / (leaf.window_days * MINUTES_PER_DAY)
            return min(1.0, broken) * leaf.blast_percent / 100.0


def _redundant(node: Parallel, losses: Sequence[_Loss]) -> _Loss:
    """A shared cause strikes all; without it, the outage is when every part's own failures coincide."""
    lost = [loss.unavailability for loss in losses]
    shared = node.beta * min(lost) if len(lost) > 1 else 0.0
    together = math.prod(_own(unavailability, shared) for unavailability in lost)
    causes = [cause._replace(fraction=cause.fraction / len(lost)) for loss in losses for cause in loss.causes]
    return _in_series([_shared_cause(node, shared), _Loss(together, causes)])


def _replicated(node: KOfN | Spread, bound: Bound) -> _Loss:
    """Groups that go down as a whole, here of one member each, there of a zone's replicas."""
    if isinstance(node, KOfN):
        groups, needed, replica, availability = (1,) * node.n, node.k, 1.0, node.availability
    else:
        groups, needed, replica = node.replicas_per_zone, node.needed, node.replica_availability
        availability = node.zone_availability
    down = 1.0 - _bounded(node.low, availability, node.high, bound)
    shared = node.beta * down if sum(size > 0 for size in groups) > 1 else 0.0
    up = [1.0]
    for size in groups:
        up = _convolve(up, _group_up(size, _own(down, shared), replica))
    too_few = min(1.0, math.fsum(up[:needed]))
    return _in_series([_shared_cause(node, shared), _Loss(too_few, [_cause(node, too_few)])])


def _group_up(size: int, group_down: float, replica: float) -> list[float]:
    """Chances of 0, 1 … `size` replicas up in a group that may be down as a whole."""
    up = [1.0]
    for _ in range(size):
        up = _convolve(up, [1.0 - replica, replica])
    up = [(1.0 - group_down) * chance for chance in up]
    up[0] += group_down
    return up


def _convolve(left: Sequence[float], right: Sequence[float]) -> list[float]:
    """The distribution of a sum. Only positive terms are added, so that small tails keep their digits."""
    total = [0.0] * (len(left) + len(right) - 1)
    for i, chance in enumerate(left):
        for j, other in enumerate(right):
            total[i + j] += chance * other
    return total


def _own(unavailability: float, shared: float) -> float:
    """What is left of an unavailability beside its shared part, given that the shared cause is absent."""
    return (unavailability - shared) / (1.0 - shared) if shared < 1.0 else 0.0


def _in_series(losses: Sequence[_Loss]) -> _Loss:
    logs = [-math.log1p(-loss.unavailability) if loss.unavailability < 1.0 else math.inf for loss in losses]
    total = math.fsum(logs)
    causes = [
        cause._replace(fraction=cause.fraction * fraction)
        for loss, fraction in zip(losses, _fractions(logs, total), strict=True)
        for cause in loss.causes
    ]
    return _Loss(-math.expm1(-total), causes)


def _fractions(logs: Sequence[float], total: float) -> list[float]:
    """Each one's part of the total; what is never up shares it evenly."""
    if total == math.inf:
        never_up = logs.count(math.inf)
        return [1.0 / never_up if log == math.inf else 0.0 for log in logs]
    return [log / total if total > 0.0 else 0.0 for log in logs]


def _cause(leaf: Part | KOfN | Spread | Failover | Deploys, unavailability: float) -> _Cause:
    fraction = 1.0 if unavailability > 0.0 else 0.0
    return _Cause(leaf.name, unavailability, fraction, leaf.source, leaf.origin)


def _shared_cause(node: Parallel | KOfN | Spread, shared: float) -> _Loss:
    if shared == 0.0:
        return _Loss(0.0, [])
    return _Loss(shared, [_Cause(f"{node.name}: shared cause", shared, 1.0, node.source, node.origin)])


def _bounded(low: float | None, point: float, high: float | None, bound: Bound) -> float:
    figures: dict[Bound, float | None] = {"low": low, "point": point, "high": high}
    wanted = figures[bound]
    return point if wanted is None else wanted
