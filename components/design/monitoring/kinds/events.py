"""Business events, payments before all: whether they fail on our side, stop coming, are declined more than
usual, or have no consequence.

What customers or their banks cause is no fault here: it is only told when it is far more than usual, since
somebody may be trying stolen cards then."""

import math
from collections.abc import Iterator
from typing import NamedTuple

from catalog.kinds.service_spec import Event
from components.design.monitoring.alerting import alert
from components.design.monitoring.ground import Found, Ground
from components.design.monitoring.model import Alert, RecordingRule, Sli, Unmeasured, Watch
from components.design.monitoring.promql import rate, series
from components.design.monitoring.ratio import watch
from components.design.monitoring.scrape import is_scraped, own
from components.design.monitoring.trial import Counter, Trial, number
from components.design.monitoring.trials.threshold import gauge_trials
from components.design.monitoring.trials.weekly import decline_trials, silence_trials

CHANCE = 0.001
"""With which an hour without any success may alert for nothing."""

EXPECTED = round(-math.log(CHANCE), 3)
"""Successes that are usual in an hour: with fewer, none is not so strange
(https://en.wikipedia.org/wiki/Poisson_distribution, P(0) = e^−λ)."""

WEEKS = (1, 2, 3, 4)
"""Before now, whose same hour is the usual one."""

TIMES = 2
DEVIATIONS = 3
"""How far above the usual an anomaly is: so many times, and so many standard deviations."""

UNMATCHED_MINUTES = 15


PART = (2, "Events")
"""Where it is shown, and under which heading."""


def watched(ground: Ground) -> Found:
    """Each event of which a pod tells the counters."""
    is_told = any(is_scraped(ground, workload.name) for workload in ground.design.workloads)
    for index, event in enumerate(ground.service.spec.events):
        if event.total is None or event.failed is None:
            fix = "Write the names of its counters, `total` and `failed`."
            yield _gap(ground, index, event, f"event {event.name}", "nobody knows what counts it", fix)
        elif not is_told:
            fix = "Write `metrics` on the workload that counts it."
            yield _gap(ground, index, event, f"event {event.name}", "no pod tells its metrics", fix)
        else:
            yield from _of(ground, index, event, event.total, event.failed)


def _gap(ground: Ground, index: int, event: Event, what: str, why: str, fix: str) -> Unmeasured:
    origin = ground.service.origin("spec", "events", index)
    return Unmeasured(name=event.name, origin=origin, what=what, why=why, fix=fix)


def _of(ground: Ground, index: int, event: Event, total: str, failed: str) -> Iterator[Watch | Unmeasured]:
    every, bad = (series(metric, own(ground)) for metric in (total, failed))
    sli = Sli(
        name=f"{event.name}-success",
        origin=ground.service.origin("spec", "events", index),
        kind="success",
        subject=event.name,
        title=f"{event.title}: attempts that don't fail on our side",
        good="of its attempts don't fail on our side",
        source="the service's pods",
        metrics=[total, failed],
        events=rate(every),
        bad=rate(bad),
        objective=event.success_percent,
        floor=event.minimum,
    )
    counters = [Counter(every, 1, 0, of_pods=True), Counter(bad, 0, 1, of_pods=True)]
    yield watch(sli, counters, ground, needs_all=False)
    yield _silence(ground, event, every, bad)
    if event.declined is not None:
        yield _declines(ground, event, series(event.declined, own(ground)))
    else:
        fix = "Write the name of their counter, `declined`."
        yield _gap(ground, index, event, f"declines of {event.name}", "nobody knows what counts them", fix)
    for gauge in event.unmatched:
        yield _unmatched(ground, event, gauge)


def _recorded(ground: Ground, event: Event, record: str) -> str:
    """Selects a series of the event."""
    labels = {"service": ground.labels["service"], "cell": ground.labels["cell"], "event": event.name}
    return series(record, labels)


class Hourly(NamedTuple):
    """What is counted of an event in the last hour, and what is usual in this hour of the week: series that
    are recorded (`recordings`), and selected by `now` and `usual`."""

    now: str
    usual: str
    recordings: list[RecordingRule]


def _hourly(ground: Ground, event: Event, what: str, expr: str) -> Hourly:
    """A count of the last hour, and the average of the same hour in the weeks before."""
    records = f"event:{what}:increase1h", f"event:{what}:usual1h"
    count, usual = (_recorded(ground, event, record) for record in records)
    weeks = " or ".join(f'label_replace({count} offset {week}w, "week", "{week}", "", "")' for week in WEEKS)
    labels = {"event": event.name}
    exprs = expr, f"avg without (week) ({weeks})"
    kept = [RecordingRule(record, each, labels) for record, each in zip(records, exprs, strict=True)]
    return Hourly(count, usual, kept)


def _against_the_usual(
    ground: Ground, event: Event, hourly: Hourly, found: Alert, trials: list[Trial]
) -> Watch:
    """The group of an alert that compares this hour with the same hour of other weeks."""
    return Watch(
        name=f"{ground.design.name}-{event.name}-{found.labels['alert_class']}",
        sli=None,
        recordings=hourly.recordings,
        alerts=[found],
        trials=trials,
        needs_all=False,
    )


def _silence(ground: Ground, event: Event, every: str, bad: str) -> Watch:
    none_bad = f"(sum(increase({bad}[1h])) or sum(increase({every}[1h])) * 0)"
    hourly = _hourly(ground, event, "successes", f"sum(increase({every}[1h])) - {none_bad}")
    found = alert(
        ground,
        event.name,
        "silent",
        f"{hourly.now} < 0.5\nand {hourly.usual} >= {number(EXPECTED)}",
        haste="now",
        summary=f"{event.title}: none has succeeded for an hour in which some usually do.",
        first="Try one yourself. Then look at the vendor's status page and at what was last deployed.",
        when=f"no success for an hour in which {EXPECTED:.1f} or more are usual: chance alone in one of"
        f" {round(1 / CHANCE)}",
    )
    return _against_the_usual(ground, event, hourly, found, silence_trials(found, every, EXPECTED))


def _declines(ground: Ground, event: Event, declined: str) -> Watch:
    hourly = _hourly(ground, event, "declines", f"sum(increase({declined}[1h]))")
    count, usual = hourly.now, hourly.usual
    found = alert(
        ground,
        event.name,
        "declined",
        f"{count} > {TIMES} * {usual}\nand {count} - {usual} > {DEVIATIONS} * sqrt(clamp_min({usual}, 1))",
        haste="soon",
        summary=f"{event.title}: customers' banks decline far more than usual at this hour.",
        first="See whether many come from few addresses: somebody may be trying stolen cards, which a rate"
        " limit stops. Else it is for people in office hours.",
        when=f"over {TIMES} times the same hour's usual number, and {DEVIATIONS} standard deviations above"
        " it",
        cause=True,
    )
    return _against_the_usual(ground, event, hourly, found, decline_trials(found, declined, TIMES))


def _unmatched(ground: Ground, event: Event, gauge: str) -> Watch:
    told = series(gauge, own(ground))
    found = alert(
        ground,
        f"{event.name}-{gauge.replace('_', '-')}",
        "unmatched",
        f"max({told}) > 0",
        haste="now",
        for_minutes=UNMATCHED_MINUTES,
        summary=f"{event.title}: {gauge.replace('_', ' ')}, and nothing has matched them.",
        first="Find them by the program's own list, and match them by hand if need be: each is a customer"
        " who waits"
        " or who got something for nothing.",
        when=f"{gauge} over 0 for {UNMATCHED_MINUTES} minutes",
    )
    return Watch(
        name=f"{ground.design.name}-{event.name}-{gauge.replace('_', '-')}",
        sli=None,
        recordings=[],
        alerts=[found],
        trials=gauge_trials(found, told, 0, 1, usual=0),
        needs_all=False,
    )
