"""Trials of alerts that compare an hour with the same one of the weeks before."""

from components.design.monitoring.model import Alert
from components.design.monitoring.trial import Check, Counter, Phase, Trial, counted

STEP = 30
"""Minutes between samples and evaluations: a week of minutes would take long."""

EVERY_SECONDS = 10 * 60
WEEK = 7 * 24 * 60
HOUR = 60.0
MARGIN = 0.01


def silence_trials(alert: Alert, total: str, expected: float) -> list[Trial]:
    """That an hour without any fires where enough are usual, and that a night with fewer is quiet."""

    def of(title: str, usual: float, after: float, *, fires: bool) -> Trial:
        phases = [Phase(WEEK + 2 * HOUR, usual / 3600), Phase(4 * HOUR, after / 3600)]
        return _trial(alert, title, total, phases, [(-STEP, False), (60 + STEP, fires)])

    above, below = expected * (1 + MARGIN), expected * (1 - MARGIN)
    return [
        of("an hour without one fires it", above, 0, fires=True),
        of("a night in which fewer are usual is quiet", below, 0, fires=False),
        of("an hour with a few is quiet", above, 2, fires=False),
        _trial(
            alert,
            "the first week has nothing to be compared with, and is quiet",
            total,
            [Phase(WEEK / 2, above / 3600), Phase(WEEK / 2, 0)],
            [(-WEEK // 4, False), (-WEEK // 4 + 60, False)],
        ),
    ]


def decline_trials(alert: Alert, total: str, times: float) -> list[Trial]:
    """That many more than usual fire, and that as many as usual, or few of hardly any, are quiet."""

    def of(title: str, usual: float, after: float, *, fires: bool) -> Trial:
        phases = [Phase(WEEK + 2 * HOUR, usual / 3600), Phase(4 * HOUR, after / 3600)]
        return _trial(alert, title, total, phases, [(-STEP, False), (2 * 60, fires)])

    return [
        of("far more than usual fire it", 1000, 1000 * times * (1 + MARGIN), fires=True),
        of("just below its threshold it is quiet", 1000, 1000 * times * (1 - MARGIN), fires=False),
        of("three times hardly any is quiet", 1, 3, fires=False),
    ]


def _trial(
    alert: Alert, title: str, total: str, phases: list[Phase], checks: list[tuple[int, bool]]
) -> Trial:
    """Checks are in minutes from the end of the first week and two hours."""
    began = WEEK + 120
    return Trial(
        title=title,
        alert=alert.name,
        labels={},
        every_seconds=EVERY_SECONDS,
        step_minutes=STEP,
        series=counted([Counter(total, 1, 0)], phases, EVERY_SECONDS),
        checks=[Check(began + at, fires=fires) for at, fires in checks],
    )
