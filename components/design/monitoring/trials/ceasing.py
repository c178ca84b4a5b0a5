"""Trials of the alerts on events that no longer come."""

from collections.abc import Iterator, Sequence

from components.design.monitoring.model import Alert
from components.design.monitoring.traffic import ABSENT_MINUTES, CEASED_MINUTES, USUAL_RATE
from components.design.monitoring.trial import Check, Counter, InputSeries, Phase, Trial, counted

EVERY_SECONDS = 30
BEFORE = 90
"""Minutes of traffic before it ends."""

GONE = 30
"""Minutes after which nothing is in the window any more."""


def traffic_trials(alerts: Sequence[Alert], counters: Sequence[Counter]) -> list[Trial]:
    """For each alert, that it fires at its minute, and that it is quiet where there was hardly any traffic,
    or where some is left."""
    made = {"traffic_cessation": _ceased, "traffic_absent": _absent}
    return [trial for alert in alerts for trial in made[alert.labels["alert_class"]](alert, counters)]


def _trial(title: str, alert: Alert, series: list[InputSeries], checks: list[Check]) -> Trial:
    return Trial(
        title=title,
        alert=alert.name,
        labels={},
        every_seconds=EVERY_SECONDS,
        step_minutes=1,
        series=series,
        checks=checks,
    )


def _ceased(alert: Alert, counters: Sequence[Counter]) -> Iterator[Trial]:
    def of(before: float, after: float) -> list[InputSeries]:
        return counted(counters, [Phase(BEFORE, before), Phase(60, after)], EVERY_SECONDS)

    fires = BEFORE + GONE + CEASED_MINUTES
    busy, quiet = 1.01 * USUAL_RATE, 0.99 * USUAL_RATE
    yield _trial(
        "it fires when all traffic has stopped",
        alert,
        of(busy, 0),
        [Check(fires - 2, fires=False), Check(fires + 1, fires=True)],
    )
    hours = [Check(at, fires=False) for at in range(100, 150, 10)]
    yield _trial("a night without the usual traffic is quiet", alert, of(quiet, 0), hours)
    yield _trial("while some traffic is left it is quiet", alert, of(busy, 0.01), hours)


def _absent(alert: Alert, counters: Sequence[Counter]) -> Iterator[Trial]:
    def of(before: float) -> list[InputSeries]:
        ends = counted(counters, [Phase(BEFORE, before)], EVERY_SECONDS)
        return [InputSeries(each.series, f"{each.values} stale") for each in ends]

    fires = BEFORE + GONE + ABSENT_MINUTES
    yield _trial(
        "it fires when nobody counts any more",
        alert,
        of(1.01 * USUAL_RATE),
        [Check(fires - 3, fires=False), Check(fires + 1, fires=True)],
    )
    hours = [Check(at, fires=False) for at in range(100, 180, 10)]
    yield _trial("where there was hardly anything to count it is quiet", alert, of(0.99 * USUAL_RATE), hours)
    present = counted(counters, [Phase(BEFORE, 1.01 * USUAL_RATE), Phase(90, 0)], EVERY_SECONDS)
    yield _trial("while nothing comes and somebody counts it is quiet", alert, present, hours)
