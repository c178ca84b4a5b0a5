"""Counts of a histogram's observations on either side of a limit that may lie within a bucket."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from components.design.monitoring.promql import rate
from components.design.monitoring.trial import Counter, number


class Within(NamedTuple):
    """All observations and those above the limit, as rates; the counters of a trial; and where
    the limit lies if it is no bucket's bound."""

    events: str
    bad: str
    counters: list[Counter]
    between: str


Select = Callable[[str, Mapping[str, str]], str]
"""Selects the metric with a suffix and more labels."""


def within(select: Select, bounds: Sequence[float], limit: float, *, counted: Select | None = None) -> Within:
    """What is at most `limit`, between buckets as `histogram_quantile` takes it: spread evenly over one
    (https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile). `bounds` are the
    buckets' upper ones, ascending, the last of them at least `limit`. `counted` names the series as a pod
    tells them, where they are selected by a pattern."""
    above = next(at for at, bound in enumerate(bounds) if bound >= limit)
    events = rate(select("_count", {}))
    exact = bounds[above] == limit
    low, high = (0.0 if above == 0 else bounds[above - 1]), bounds[above]
    share = 1.0 if exact else (limit - low) / (high - low)
    parts = [(share, high)] if exact or above == 0 else [(1 - share, low), (share, high)]
    terms = [
        (rate(_bucket(select, bound)) if weight == 1 else f"{weight:.4f} * {rate(_bucket(select, bound))}")
        for weight, bound in parts
    ]
    name, of_pods = counted or select, counted is not None
    counters = [
        Counter(name("_count", {}), 1, 0, of_pods),
        *(Counter(name("_bucket", {"le": le(bound)}), 1, -1, of_pods) for _, bound in parts),
    ]
    between = "" if exact else f", between buckets of {low:.4g} and {high:.4g}"
    return Within(events, f"{events} - ({' + '.join(terms)})", counters, between)


def _bucket(select: Select, bound: float) -> str:
    """By the first digits of its bound: who exports a computed one may write more or fewer of them."""
    selected = select("_bucket", {"le": le(bound)})
    if bound == round(bound, 2):
        return selected
    digits = f"{bound:.4f}"[:-2].replace(".", "\\\\.")
    return selected.replace(f'le="{le(bound)}"', f'le=~"{digits}.*"')


def le(bound: float) -> str:
    """A bound as the label has it."""
    return number(bound)
