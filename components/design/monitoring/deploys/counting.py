"""Counts what two versions did in the same time, in PromQL."""

from collections.abc import Iterator

from components.design.monitoring.burn import SECONDS
from components.design.monitoring.deploys.recorded import AFTER, BEFORE, MIDDLE, WHOSE, Recorded
from components.design.monitoring.deploys.signals import VERSION, WORKLOAD, Signal
from components.design.monitoring.model import RecordingRule
from components.design.monitoring.promql import over, series
from components.design.monitoring.trial import number
from components.design.rollout.looking import WINDOWS
from components.design.scraping import INTERVAL_SECONDS

GONE = "5m"
"""After which a version that no copy tells of is gone."""

REMEMBERED = "15m"
"""For how long at most nobody may record when a version was first seen, so that it isn't taken for new."""


def ages(at: Recorded) -> Iterator[RecordingRule]:
    """When each version was first seen, and how many seconds old the newest is beside another. Two that were
    first seen in the same minute are both the newest, and then nothing is compared."""
    up = f'{series("up", at.pods)[:-1]},{VERSION}!=""}}'
    there = f"max by ({WORKLOAD}, {VERSION}) (max_over_time({up}[{GONE}]))"
    known = f"max by ({WORKLOAD}, {VERSION}) (last_over_time({at.of('born')}[{REMEMBERED}]))"
    yield RecordingRule("rollout:born", f"({known} or {there} * 0 + time())\nand {there}", {})
    born = f"max by ({WORKLOAD}, {VERSION}) ({at.of('born')})"
    newest = f"({born} == on ({WORKLOAD}) group_left () max by ({WORKLOAD}) ({born}))"
    several = f"count by ({WORKLOAD}) ({born}) > 1"
    yield RecordingRule("rollout:age", f"time() - {newest}\nand on ({WORKLOAD}) {several}", {})


def counts(at: Recorded, signal: Signal, most_minutes: int) -> Iterator[RecordingRule]:
    """What was counted of a signal, and what decides about it. A rollout takes no longer than that."""
    for name, value in (("large", signal.large), ("dire", signal.dire)):
        yield RecordingRule(f"rollout:{name}", f"vector({number(value)})", {"signal": signal.name})
    told = {"signal": signal.name, "golden": signal.golden, "decides": "yes" if signal.decides else "no"}
    if signal.workload is not None:
        told |= {WORKLOAD: signal.workload, "window": AFTER}
        yield from _named(told, _before_and_after(at, signal, most_minutes))
        return
    for window in WINDOWS:
        yield from _named({**told, "window": window}, _versions(at, signal, window))


def _named(labels: dict[str, str], exprs: Iterator[tuple[str, str]]) -> Iterator[RecordingRule]:
    for name, expr in exprs:
        yield RecordingRule(f"rollout:{name}", expr, labels)


def _versions(at: Recorded, signal: Signal, window: str) -> Iterator[tuple[str, str]]:
    """Of a version that has lived through the window, and of all others meanwhile. Between the first sample
    in it and the last there is an interval less: no more was seen."""
    (sli,) = signal.slis
    seconds = WINDOWS[window]
    rates = [over(_by_version(each), window) for each in (sli.events, sli.bad)]
    every = f"({rates[0]}) * {seconds - INTERVAL_SECONDS}"
    share = f"clamp(({rates[1]} or {rates[0]} * 0) / ({rates[0]} > 0), 0, 1)"
    age = at.of("age")
    new = f"max by ({WORKLOAD}, {VERSION}) ({age} >= {seconds})"
    for name, expr in (("events", every), ("bad", f"{share} * {every}")):
        yield f"new_{name}", f"{expr}\nand {WHOSE} {new}"
        others = f"sum by ({WORKLOAD}) ({expr} unless {WHOSE} {age})"
        yield f"old_{name}", f"{others}\n* on ({WORKLOAD}) group_right () ({new} * 0 + 1)"


def _by_version(expr: str) -> str:
    """The rates that an expression adds up, apart by workload and version."""
    return expr.replace("sum(rate(", f"sum by ({WORKLOAD}, {VERSION}) (rate(")


def _before_and_after(at: Recorded, signal: Signal, most_minutes: int) -> Iterator[tuple[str, str]]:
    """From what is recorded of the promises: the new version is all that came just now, the old one what came
    in an hour before the rollout can have begun."""
    which = series("", at.chosen, sli="|".join(sli.name for sli in signal.slis))
    for name, window, offset in (("new", AFTER, ""), ("old", BEFORE, f" offset {most_minutes}m")):
        events, ratio = (f"sli:{what}:rate{window}{which}{offset}" for what in ("events", "bad_ratio"))
        seen = SECONDS[window] - INTERVAL_SECONDS
        each = f"{ratio} * on (sli) {events}"
        yield f"{name}_events", f"sum({events}) * {seen}"
        yield f"{name}_bad", f"(sum({each}) or sum({events}) * 0) * {seen}"


def levels(at: Recorded) -> Iterator[RecordingRule]:
    """How much more a new copy needs than an old one, by what the clients of Prometheus tell of processes
    (https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics), and how much less it
    gets."""
    age = at.of("age")
    new = f"max by ({WORKLOAD}, {VERSION}) ({age} >= {WINDOWS[MIDDLE]})"
    needs = {
        "cpu": f"rate({series('process_cpu_seconds_total', at.pods)}[{MIDDLE}])",
        "memory": f"avg_over_time({series('process_resident_memory_bytes', at.pods)}[{MIDDLE}])",
    }
    for name, each in needs.items():
        of_new = f"avg by ({WORKLOAD}, {VERSION}) ({each}) and {WHOSE} {new}"
        of_old = f"avg by ({WORKLOAD}) ({each} unless {WHOSE} {age}) > 0"
        expr = f"({of_new}) / on ({WORKLOAD}) group_left () ({of_old}) - 1"
        yield RecordingRule("rollout:level_change", expr, {"signal": name, "golden": "saturation"})
    copies = series("up", at.pods)
    got = [
        f"sum by ({WORKLOAD}, {VERSION}) ({at.of(f'{whose}_events', window=MIDDLE, decides='yes')})"
        for whose in ("new", "old")
    ]
    of_new = f"{got[0]} / count by ({WORKLOAD}, {VERSION}) ({copies})"
    of_old = f"{got[1]} / on ({WORKLOAD}) group_left () count by ({WORKLOAD}) ({copies} unless {WHOSE} {age})"
    less = f"1 - ({of_new}) / ({of_old} > 0)"
    yield RecordingRule("rollout:level_change", less, {"signal": "traffic", "golden": "traffic"})
