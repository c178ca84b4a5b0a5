"""Trials of a burn-rate alert: through an outage, on both sides of its threshold, at night, through a
deploy."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from components.design.alerts import WINDOWS
from components.design.monitoring import burn
from components.design.monitoring.model import Alert, Sli
from components.design.monitoring.trial import Check, Counter, Phase, Trial, counted, percent

BUSY = 1e7
"""Events a second with which chance has no say."""

MARGIN = 0.005
"""How far a trial goes beyond a threshold: half of the smallest change that has to be noticed."""

ROLLOUT = 30
"""Minutes for which a deploy is watched."""


STEPS = {"1h": (1, 30), "6h": (2, 60), "3d": (10, 120)}
"""Minutes between evaluations, and seconds between samples: coarser for longer windows, or a trial takes
long."""


def burn_trials(sli: Sli, alerts: Sequence[Alert], counters: Sequence[Counter]) -> list[Trial]:
    """All of each alert."""
    return [
        made
        for alert in alerts
        for what in (_outage, _above, _below, _night, _chance, _deploy)
        for made in what(_Course.of(sli, alert, counters))
    ]


@dataclass(frozen=True)
class _Course:
    """What the trials of one alert have in common. Times are in minutes; `step` is between evaluations,
    `limit` the threshold."""

    sli: Sli
    alert: Alert
    counters: Sequence[Counter]
    window: str
    limit: float
    minutes: int
    step: int
    every_seconds: int

    @classmethod
    def of(cls, sli: Sli, alert: Alert, counters: Sequence[Counter]) -> "_Course":
        window = alert.labels["window"]
        step, every = STEPS[window]
        limit = burn.threshold(sli.objective, window)
        return cls(sli, alert, counters, window, limit, burn.SECONDS[window] // 60, step, every)

    def trial(
        self, title: str, phases: list[Phase], checks: list[Check], restart: int | None = None
    ) -> Trial:
        return Trial(
            title=title,
            alert=self.alert.name,
            labels={"window": self.window},
            every_seconds=self.every_seconds,
            step_minutes=self.step,
            series=counted(self.counters, phases, self.every_seconds, restart),
            checks=checks,
        )

    @property
    def settled(self) -> int:
        """When an alert has long fired that fires at all."""
        return max(self.alert.for_minutes, 5) + 4 * self.step


def _outage(course: _Course) -> Iterator[Trial]:
    """All requests fail, or as many as cross the threshold between two evaluations and not at one."""
    step, minutes = course.step, course.minutes
    steps = course.limit * minutes / step
    share = 1.0 if 0.1 < steps % 1 < 0.9 else steps / (math.floor(steps) + 1.5)
    fired = (math.floor(steps / share) + 1) * step + course.alert.for_minutes
    short = burn.SECONDS[WINDOWS[course.window].short] // 60
    began, ended = minutes, minutes + fired + step
    phases = [Phase(began, BUSY), Phase(ended - began, BUSY, share), Phase(short + 3 * step, BUSY)]
    checks = [
        Check(began + fired - step, fires=False),
        Check(began + fired, fires=True),
        Check(ended + short + 2 * step, fires=False),
    ]
    title = f"{percent(share)} bad fires it after {fired} minutes, and it ends with the outage"
    yield course.trial(title, phases, checks)


def _above(course: _Course) -> Iterator[Trial]:
    share = min(1.0, course.limit * (1 + MARGIN))
    phases = [Phase(course.settled + course.step, BUSY, share)]
    yield course.trial("just above its threshold it fires", phases, [Check(course.settled, fires=True)])


def _below(course: _Course) -> Iterator[Trial]:
    ends = 2 * course.settled
    phases = [Phase(ends + course.step, BUSY, course.limit * (1 - MARGIN))]
    yield course.trial("just below its threshold it is quiet", phases, [Check(ends, fires=False)])


def _night(course: _Course) -> Iterator[Trial]:
    """Fewer events than the floor, and half of them bad."""
    floor, ends = course.sli.floor, course.minutes + 2 * course.step
    if floor > 1:
        title = f"at night, with fewer than {floor} events and half of them bad, it is quiet"
        few = Phase(ends + course.step, 0.9 * floor / (course.minutes * 60), 0.5)
        yield course.trial(title, [few], _tenths(ends, course.step))


def _chance(course: _Course) -> Iterator[Trial]:
    """A few more than the floor, and just above the threshold: chance alone may bring as many."""
    ends = course.minutes + 2 * course.step
    events, share = 1.5 * course.sli.floor, min(1.0, course.limit * 1.02)
    if burn.lower_bound(share, events) < 0.99 * course.limit:
        few = Phase(ends + course.step, events / (course.minutes * 60), share)
        title = f"of {events:g} events as many bad as chance may bring, and it is quiet"
        yield course.trial(title, [few], _tenths(ends, course.step))


def _deploy(course: _Course) -> Iterator[Trial]:
    """New copies take over, and cost half of what the alert stands for."""
    began, step = course.minutes, course.step
    blip = 2 * step
    share = min(1.0, 0.5 * course.limit * course.minutes / blip)
    watched = ROLLOUT * step
    phases = [Phase(began, BUSY), Phase(blip, BUSY, share), Phase(watched, BUSY)]
    checks = [Check(began + at, fires=False) for at in range(step, watched, 5 * step)]
    yield course.trial("through a deploy that costs half as much it is quiet", phases, checks, 1)


def _tenths(minutes: int, step: int) -> list[Check]:
    at = sorted({max(step, minutes * part // 10 // step * step) for part in range(1, 11)})
    return [Check(minute, fires=False) for minute in at]
