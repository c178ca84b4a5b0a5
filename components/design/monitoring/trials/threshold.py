"""Trials of an alert on gauges, or on counters that hardly ever count."""

from collections.abc import Sequence

from components.design.monitoring.model import Alert
from components.design.monitoring.trial import Check, InputSeries, Trial, gauge

EVERY_SECONDS = 60
QUIET_MINUTES = 20
"""Before something happens."""


def trial(
    alert: Alert,
    title: str,
    series: Sequence[InputSeries],
    checks: Sequence[Check],
    *,
    step_minutes: int = 1,
    every_seconds: int = EVERY_SECONDS,
) -> Trial:
    """A trial of that alert."""
    return Trial(
        title=title,
        alert=alert.name,
        labels={},
        every_seconds=every_seconds,
        step_minutes=step_minutes,
        series=list(series),
        checks=list(checks),
    )


def gauge_trials(alert: Alert, series: str, good: float, bad: float, *, usual: float) -> list[Trial]:
    """Of an alert that fires on `bad` and not on `good`, on either side of its threshold; `usual` is a value
    that nobody minds. It fires at its minute, ends when all is well again, and overlooks what is shorter."""
    begins, waits = QUIET_MINUTES, alert.for_minutes
    fires = begins + waits
    ends = fires + 5
    short = max(waits - 1, 0)

    def course(value: float, minutes: int) -> list[InputSeries]:
        after = 2 * waits + 30
        return [gauge(series, [(begins, usual), (minutes, value), (after, usual)], EVERY_SECONDS)]

    before = [Check(begins - 1, fires=False)]
    if waits:
        before.append(Check(fires - 1, fires=False))
    made = [
        trial(
            alert,
            f"it fires {waits} minutes after it went wrong, and ends with it",
            course(bad, ends - begins),
            [*before, Check(fires, fires=True), Check(ends + 1, fires=False)],
        ),
        trial(
            alert,
            "just below its threshold it is quiet",
            course(good, waits + 20),
            [Check(at, fires=False) for at in range(begins, fires + 20, 5)],
        ),
    ]
    if short:
        made.append(
            trial(
                alert,
                f"{short} minutes of a restart or a deploy are not enough",
                course(bad, short),
                [Check(at, fires=False) for at in range(begins, fires + 10, 2)],
            )
        )
    return made
