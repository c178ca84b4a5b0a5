"""Availability by simulating outages in time: an oracle that shares no code with the model.

Every leaf is an alternating renewal process: up, down, up … with drawn or fixed lengths. A process is a
trace of outages; nodes combine traces by walking through their events in time. Nothing here multiplies
probabilities. The estimate is the lost fraction of time, its error comes from batch means
(Law, Simulation Modeling and Analysis, chapter 9: few long batches, Student's t).
"""

import math
import statistics
from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from random import Random
from typing import NamedTuple, TypeAlias

from components.design.availability.tree import (
    Deploys,
    Failover,
    KOfN,
    Leaf,
    Node,
    Parallel,
    Part,
    Serial,
    Soft,
    Spread,
)

HOURS_PER_YEAR = 8766.0
BATCHES = 20
# Student's t for 19 degrees of freedom, two-sided 99.99 %: with a hundred comparisons the chance that a right
# model is refused even once stays below 1 %.
T_QUANTILE = 4.897


class Outage(NamedTuple):
    """From `start` to `end`, in hours, the fraction `lost` of the service is missing."""

    start: float
    end: float
    lost: float = 1.0


Trace: TypeAlias = list[Outage]
Served: TypeAlias = Callable[[Sequence[float]], float]


class Estimate(NamedTuple):
    """The unavailability that was seen, and the half-width of its confidence interval."""

    unavailability: float
    half_width: float


def simulate(tree: Node, seed: int, hours: float) -> Estimate:
    """Runs the tree for so many hours. The same seed gives the same outages."""
    trace = _run(tree, Random(seed), hours)  # noqa: S311  # outages, no secrets
    batches = [0.0] * BATCHES
    length = hours / BATCHES
    for start, end, lost in trace:
        for batch in range(int(start / length), min(BATCHES - 1, int(end / length)) + 1):
            inside = min(end, (batch + 1) * length) - max(start, batch * length)
            batches[batch] += max(0.0, inside) * lost / length
    error = statistics.stdev(batches) / math.sqrt(BATCHES)
    return Estimate(statistics.fmean(batches), T_QUANTILE * error)


def _run(node: Node, random: Random, hours: float) -> Trace:
    match node:
        case Serial():
            needed = [_run(part, random, hours) for part in node.parts]
            return _combine(needed, math.prod)
        case Parallel():
            return _run_parallel(node, random, hours)
        case KOfN() | Spread():
            return _run_replicas(node, random, hours)
        case Soft():
            return _keep(_run(node.dependency, random, hours), 1.0 - node.coverage, random)
        case _:
            return _run_leaf(node, random, hours)


def _run_leaf(leaf: Leaf, random: Random, hours: float) -> Trace:
    match leaf:
        case Part():
            return _renew(1.0 - leaf.availability, random, hours)
        case Failover():
            delay = leaf.failover_seconds / 3600.0
            between = HOURS_PER_YEAR / leaf.failures_per_year
            return _alternate(lambda: random.expovariate(1.0 / (between - delay)), lambda: delay, hours)
        case Deploys():
            return _deploy(leaf, random, hours)
        case _:
            raise TypeError(leaf)


def _run_parallel(node: Parallel, random: Random, hours: float) -> Trace:
    parts = [_run(part, random, hours) for part in node.parts]
    if len(parts) == 1:
        return parts[0]
    best = min(range(len(parts)), key=lambda index: _down(parts[index], hours))
    common = _keep(_run(node.parts[best], random, hours), node.beta, random)
    own = _without_common(parts, node.beta * _down(parts[best], hours), hours, random)
    return _combine([common, *own], lambda up: up[0] * (1.0 - math.prod(1.0 - part for part in up[1:])))


def _run_replicas(node: KOfN | Spread, random: Random, hours: float) -> Trace:
    if isinstance(node, KOfN):
        sizes, needed, group_down, replica_down = (1,) * node.n, node.k, 1.0 - node.availability, 0.0
    else:
        sizes = tuple(size for size in node.replicas_per_zone if size > 0)
        needed, group_down, replica_down = (
            node.needed,
            1.0 - node.zone_availability,
            1.0 - node.replica_availability,
        )
    beta = node.beta if len(sizes) > 1 else 0.0
    common = _keep(_renew(group_down, random, hours), beta, random)
    groups = [_renew(group_down, random, hours) for _ in sizes]
    groups = _without_common(groups, beta * group_down, hours, random)
    replicas = [_renew(replica_down, random, hours) for _ in range(sum(sizes))]
    zone_of = [zone for zone, size in enumerate(sizes) for _ in range(size)]

    def served(up: Sequence[float]) -> float:
        zones, pods = up[1 : len(sizes) + 1], up[len(sizes) + 1 :]
        running = sum(pod * zones[zone] for pod, zone in zip(pods, zone_of, strict=True))
        return up[0] if running >= needed else 0.0

    return _combine([common, *groups, *replicas], served)


def _renew(down: float, random: Random, hours: float) -> Trace:
    """An alternating renewal process that is down this fraction of the time. At least one of its lengths is
    drawn: two fixed ones would keep step with another process for ever."""
    if down <= 0.0:
        return []
    repair = random.uniform(0.2, 1.5)
    working = repair * (1.0 - down) / down
    if working <= 0.0:
        return [Outage(0.0, hours)]
    is_fixed = random.choice([(False, False), (False, True), (True, False)])
    draw_up, draw_down = (
        (lambda mean=mean: mean) if fixed else (lambda mean=mean: random.expovariate(1.0 / mean))
        for mean, fixed in zip((working, repair), is_fixed, strict=True)
    )
    return _alternate(draw_up, draw_down, hours)


def _alternate(draw_up: Callable[[], float], draw_down: Callable[[], float], hours: float) -> Trace:
    trace, now = [], draw_up()
    while now < hours:
        back = now + draw_down()
        trace.append(Outage(now, min(back, hours)))
        now = back + draw_up()
    return trace


def _deploy(leaf: Deploys, random: Random, hours: float) -> Trace:
    """Deploys are a Poisson process; some fail, and each failed one is restored before the next is."""
    trace, now, restored = [], 0.0, 0.0
    per_hour = leaf.deploys_per_window / (leaf.window_days * 24.0)
    while (now := now + random.expovariate(per_hour)) < hours:
        if random.random() * 100.0 < leaf.change_failure_percent:
            start = max(now, restored)
            restored = start + leaf.restore_minutes / 60.0
            trace.append(Outage(min(start, hours), min(restored, hours), leaf.blast_percent / 100.0))
    return trace


def _without_common(parts: Sequence[Trace], common: float, hours: float, random: Random) -> list[Trace]:
    """The parts' own outages: so many are dropped that with the common ones each part is down as before."""
    own = []
    for part in parts:
        down = _down(part, hours)
        kept = (down - common) / ((1.0 - common) * down) if down > common else 0.0
        own.append(_keep(part, kept, random))
    return own


def _keep(trace: Trace, fraction: float, random: Random) -> Trace:
    return [outage for outage in trace if random.random() < fraction]


def _down(trace: Trace, hours: float) -> float:
    return sum((end - start) * lost for start, end, lost in trace) / hours


def _combine(traces: Sequence[Trace], served: Served) -> Trace:
    """Walks through all beginnings and ends in time; `served` turns the parts' states into the whole's."""
    up = [1.0] * len(traces)
    combined: Trace = []
    since, lost = 0.0, 1.0 - served(up)
    events = [event for index, trace in enumerate(traces) for event in _events(trace, index)]
    # By time alone: of two events of one trace at the same moment, the later one must stay the later one.
    events.sort(key=itemgetter(0))
    for now, index, state in events:
        if lost > 0.0 and now > since:
            combined.append(Outage(since, now, lost))
        up[index] = state
        since, lost = now, 1.0 - served(up)
    return combined


def _events(trace: Trace, index: int) -> Iterator[tuple[float, int, float]]:
    for start, end, lost in trace:
        yield start, index, 1.0 - lost
        yield end, index, 1.0
