"""What a server's answer says of deploys: of each version that runs beside another, what was counted."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from components.design.monitoring.deploys.recorded import AFTER
from components.design.monitoring.deploys.verdict import Observed, Seen
from components.design.monitoring.promql import quoted
from components.design.rollout.looking import WINDOWS
from stacks.budgets.measured import Sample

COUNTS = ("new_events", "new_bad", "old_events", "old_bad")
LENGTHS = frozenset({*WINDOWS, AFTER})
"""The windows in which deploys are counted."""

EXACT = 2.0**53
"""Up to here a double counts one by one: what says more was not counted."""

OWN = frozenset({"signal", "golden", "decides", "window", "workload", "version", "day"})
"""Labels of what is recorded. By the others servers tell what each has recorded."""

SERIES = f"rollout:({'|'.join(COUNTS)}|age|earlier|level_change)"


Counted = tuple[str, str, str, str, tuple[tuple[str, str], ...]]
"""Workload, version, signal, window, and the labels of who recorded it."""


class Deploy(NamedTuple):
    """A version of a workload, or None where only a load balancer counts, and for how many seconds it has
    run beside another. `counts` by signal, with what was seen in each window, and `levels` by what was
    compared of copies; `earlier` the changes of either on other days."""

    workload: str
    version: str | None
    age: float | None
    counts: dict[str, list[Seen]]
    levels: dict[str, float]
    earlier: dict[str, list[float]]


def query(service: str, cell: str) -> str:
    """What is asked: all that verdicts on a service's deploys at a place stand on."""
    return f"{{__name__=~{quoted(SERIES)},service={quoted(service)},cell={quoted(cell)}}}"


def deploys(samples: Iterable[Sample], workloads: Collection[str]) -> list[Deploy]:
    """Every version of these `workloads` that runs beside another; what tells no versions apart is told with
    each of its workload, and alone where there are none.

    What no counter can say counts nothing, nor does a window of which a part is missing. Where several
    servers have recorded it, what each has counts by itself, and of anything else what speaks more against
    the version."""
    counted: dict[Counted, dict[str, float]] = defaultdict(dict)
    levels: dict[tuple[str, str, str], float] = {}
    ages: dict[tuple[str, str], float] = {}
    earlier: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for sample in samples:
        value, labels = sample.number, defaultdict(str, sample.metric)
        name = labels["__name__"].removeprefix("rollout:")
        workload, version, signal = labels["workload"], labels["version"], labels["signal"]
        if value is None or workload not in workloads:
            continue
        if name == "level_change":
            levels[workload, version, signal] = max(value, levels.get((workload, version, signal), value))
        elif abs(value) > EXACT:
            continue
        elif name == "age" and value >= 0:
            ages[workload, version] = min(value, ages.get((workload, version), value))
        elif name == "earlier":
            days = earlier[workload, signal]
            days[labels["day"]] = min(value, days.get(labels["day"], value))
        elif name in COUNTS and value >= 0 and labels["window"] in LENGTHS:
            by = tuple(sorted((key, of) for key, of in labels.items() if key not in {*OWN, "__name__"}))
            counted[workload, version, signal, labels["window"], by][name] = value
    counted = {key: each for key, each in counted.items() if len(each) == len(COUNTS)}
    versions = {key for key in ages if key[1]} | {key[:2] for key in counted if key[1]}
    told = {workload for workload, _ in versions}
    versions |= {(workload, "") for workload, *_ in counted if workload not in told}
    return [
        Deploy(
            workload,
            version or None,
            ages.get((workload, version)),
            _seen(counted, workload, version),
            {key[2]: value for key, value in sorted(levels.items()) if key[:2] == (workload, version)},
            {key[1]: list(days.values()) for key, days in sorted(earlier.items()) if key[0] == workload},
        )
        for workload, version in sorted(versions)
    ]


def _seen(
    counted: Mapping[Counted, Mapping[str, float]], workload: str, version: str
) -> dict[str, list[Seen]]:
    found: dict[str, list[Seen]] = defaultdict(list)
    for (whose, which, signal, window, _), each in sorted(counted.items()):
        if whose == workload and which in {version, ""}:
            events, bad, before, bad_before = (each[name] for name in COUNTS)
            found[signal].append(Seen(window, Observed(events, bad), Observed(before, bad_before)))
    return dict(found)
