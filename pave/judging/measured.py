"""What a server's answer says of deploys: of each version that runs beside another, what was counted."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from components.design.monitoring.deploys.verdict import Observed, Seen
from components.design.monitoring.promql import quoted
from stacks.budgets.measured import Sample

COUNTS = ("new_events", "new_bad", "old_events", "old_bad")
SERIES = f"rollout:({'|'.join(COUNTS)}|age|earlier|level_change)"


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


def deploys(samples: Iterable[Sample]) -> list[Deploy]:
    """Every version that runs beside another, by workload; what tells no versions apart is told with each of
    its workload, and alone where there are none. Of two replicas that both recorded a series the last
    counts."""
    counted: dict[tuple[str, str, str, str], dict[str, float]] = defaultdict(dict)
    levels: dict[tuple[str, str, str], float] = {}
    ages: dict[tuple[str, str], float] = {}
    earlier: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for sample in samples:
        value, labels = sample.number, defaultdict(str, sample.metric)
        name = labels["__name__"].removeprefix("rollout:")
        workload, version, signal = labels["workload"], labels["version"], labels["signal"]
        if value is None or not workload:
            continue
        if name == "age":
            ages[workload, version] = value
        elif name == "earlier":
            earlier[workload, signal][labels["day"]] = value
        elif name == "level_change":
            levels[workload, version, signal] = value
        elif name in COUNTS:
            counted[workload, version, signal, labels["window"]][name] = value
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
    counted: dict[tuple[str, str, str, str], dict[str, float]], workload: str, version: str
) -> dict[str, list[Seen]]:
    found: dict[str, list[Seen]] = defaultdict(list)
    for (whose, which, signal, window), each in sorted(counted.items()):
        if whose == workload and which in {version, ""}:
            events, bad, before, bad_before = (each.get(name, 0.0) for name in COUNTS)
            found[signal].append(Seen(window, Observed(events, bad), Observed(before, bad_before)))
    return dict(found)
