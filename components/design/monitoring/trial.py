"""A trial of an alert: what is counted meanwhile, and when the alert has to fire, and when it mustn't."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec


class Phase(NamedTuple):
    """For so many `minutes` there are so many events a second, and this share of them (0 to 1) is bad."""

    minutes: float
    rate: float
    bad: float = 0.0


class Counter(NamedTuple):
    """A counter that a program or a load balancer keeps: of all events it counts the share `events`, and of
    the bad ones `bad` beside that. One of the `pods` starts anew with each version."""

    series: str
    events: float
    bad: float
    of_pods: bool = False


class InputSeries(msgspec.Struct, frozen=True, rename="camel"):
    """A series and its values, in promtool's notation."""

    series: str
    values: str


class Check(msgspec.Struct, frozen=True, rename="camel"):
    """Whether the alert `fires` at the end of that `minute`."""

    minute: int
    fires: bool


class Trial(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """One way that things can go, for one alert. `every_seconds` is the interval of samples, `step_minutes`
    that of evaluations."""

    title: str
    alert: str
    labels: dict[str, str]
    every_seconds: int
    step_minutes: int
    series: list[InputSeries]
    checks: list[Check]


def counted(
    counters: Sequence[Counter], phases: Sequence[Phase], every_seconds: int, restart: int | None = None
) -> list[InputSeries]:
    """What the counters say through some phases. At the beginning of the phase at index `restart`, pods are
    replaced: theirs end, and others begin at nothing."""
    made = []
    for counter in counters:
        if restart is None or not counter.of_pods:
            made.append(InputSeries(counter.series, _values(counter, phases, every_seconds)))
            continue
        before, after = phases[:restart], phases[restart:]
        waits = sum(_samples(phase, every_seconds) for phase in before)
        made += [
            InputSeries(_of(counter.series, "old"), f"{_values(counter, before, every_seconds)} stale"),
            InputSeries(_of(counter.series, "new"), f"_x{waits} {_values(counter, after, every_seconds)}"),
        ]
    return made


def gauge(series: str, phases: Iterable[tuple[float, float]], every_seconds: int) -> InputSeries:
    """A series that has a value for so many minutes, then the next."""
    parts = [f"{number(value)}x{_count(minutes, every_seconds) - 1}" for minutes, value in phases]
    return InputSeries(series, " ".join(parts))


def _of(series: str, pod: str) -> str:
    return f'{series.removesuffix("}")},pod="{pod}"}}'


def _values(counter: Counter, phases: Sequence[Phase], every_seconds: int) -> str:
    total, parts = 0.0, []
    for phase in phases:
        step = every_seconds * phase.rate * (counter.events + counter.bad * phase.bad)
        samples = _samples(phase, every_seconds)
        parts.append(f"{number(total)}+{number(step)}x{samples - 1}")
        total += step * samples
    parts.append(number(total))
    return " ".join(parts)


def _samples(phase: Phase, every_seconds: int) -> int:
    return _count(phase.minutes, every_seconds)


def _count(minutes: float, every_seconds: int) -> int:
    return round(minutes * 60 / every_seconds)


def number(value: float) -> str:
    """A number as PromQL reads it, without an exponent where it is short without one."""
    return f"{value:.12g}"


def percent(share: float) -> str:
    """A share of 0 to 1 for people, without digits that say nothing: `0.72 %`."""
    return f"{100 * share:.3g} %"
