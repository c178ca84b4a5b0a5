"""Burn-rate alerts on an SLI, and the series that they stand on.

https://sre.google/workbook/alerting-on-slos/ (chapter 5, table 5-8), with two guards for little traffic: a
floor of events, and the lower bound of Wilson's interval instead of the ratio itself
(https://gitlab.com/gitlab-com/runbooks, `libsonnet/wilson-score`)."""

from collections.abc import Iterator
from typing import NamedTuple

from components.design.alerts import WINDOWS
from components.design.monitoring.ground import Ground
from components.design.monitoring.identity import alert_name
from components.design.monitoring.model import Alert, RecordingRule, Sli
from components.design.monitoring.promql import over, series
from components.design.monitoring.trial import number, percent
from components.design.monitoring.urgency import Haste

SHORT = ("5m", "30m", "1h", "6h")
LONG = ("3d", "28d")
"""Windows over which every SLI is recorded; the long ones from what was recorded over the shortest."""

SECONDS = {"5m": 300, "30m": 1800, "1h": 3600, "6h": 21600, "3d": 259200, "28d": 2419200}

Z = 2.3263
"""Of the normal distribution, for 98 %: in one of a hundred quiet windows chance alone would exceed the
bound."""


class Pace(NamedTuple):
    """How long the alert on a long window waits, how soon somebody has to act, and what the pace means."""

    for_minutes: int
    haste: Haste
    budget: str


PACES = {
    "1h": Pace(2, "now", "2 % of the month's error budget goes in an hour"),
    "6h": Pace(10, "today", "5 % of the month's error budget goes in six hours"),
    "3d": Pace(60, "soon", "10 % of the month's error budget goes in three days"),
}


def threshold(objective: float, window: str) -> float:
    """The share of bad events above which the alert of that window fires."""
    return float(round(WINDOWS[window].factor * (100 - objective) / 100, 12))


def recordings(sli: Sli, ground: Ground) -> list[RecordingRule]:
    """The SLI's series over all windows, and the lower bounds that its alerts read."""
    labels = {"sli": sli.name}
    return [RecordingRule(record, expr, labels) for record, expr in _recorded(sli, ground)]


def _recorded(sli: Sli, ground: Ground) -> Iterator[tuple[str, str]]:
    events, bad = (recorded(sli, ground, f"sli:{what}:rate5m") for what in ("events", "bad"))
    yield "sli:bad:rate5m", _bad(sli, "5m")
    for window in SHORT:
        yield f"sli:events:rate{window}", over(sli.events, window)
        yield f"sli:bad_ratio:rate{window}", _ratio(sli, ground, window, _bad(sli, window))
    for window in LONG:
        yield f"sli:events:rate{window}", f"avg_over_time({events}[{window}])"
        yield f"sli:bad_ratio:rate{window}", _ratio(sli, ground, window, f"avg_over_time({bad}[{window}])")
    for window in ground.service.spec.alerting.windows:
        yield f"sli:bad_ratio:lower{window}", _lower(sli, ground, window)


def _bad(sli: Sli, window: str) -> str:
    """Bad events, also where nobody has ever counted one."""
    return f"({over(sli.bad, window)} or {over(sli.events, window)} * 0)"


def recorded(sli: Sli, ground: Ground, name: str) -> str:
    """Selects one of the SLI's own series."""
    return series(name, {"service": ground.labels["service"], "cell": ground.labels["cell"], "sli": sli.name})


def _ratio(sli: Sli, ground: Ground, window: str, bad: str) -> str:
    """Without events there is no ratio; the bounds hold what extrapolation may add to a counter's edge.
    Labels are left out, which the events have from being recorded and the bad ones may not."""
    events = f"sum({recorded(sli, ground, f'sli:events:rate{window}')} > 0)"
    return f"clamp(sum({bad}) / {events}, 0, 1)"


def _lower(sli: Sli, ground: Ground, window: str) -> str:
    ratio = recorded(sli, ground, f"sli:bad_ratio:rate{window}")
    count = f"({recorded(sli, ground, f'sli:events:rate{window}')} * {SECONDS[window]})"
    half, quarter, whole = (number(round(Z * Z / part, 6)) for part in (2, 4, 1))
    spread = f"{Z} * sqrt(({ratio} * (1 - {ratio}) + {quarter} / {count}) / {count})"
    return f"({ratio} + {half} / {count} - {spread}) / (1 + {whole} / {count})"


def lower_bound(ratio: float, count: float) -> float:
    """Of Wilson's interval: what `sli:bad_ratio:lower…` says of so many events."""
    spread = Z * ((ratio * (1 - ratio) + Z * Z / (4 * count)) / count) ** 0.5
    return float((ratio + Z * Z / (2 * count) - spread) / (1 + Z * Z / count))


def minutes_to_fire(objective: float, window: str, share: float) -> int | None:
    """After how many minutes in which `share` of many events is bad the alert fires; None: never."""
    limit = threshold(objective, window)
    if share <= limit:
        return None
    return int(limit / share * SECONDS[window] / 60) + 1 + PACES[window].for_minutes


def alerts(sli: Sli, ground: Ground) -> list[Alert]:
    """One for each window in which it can fire at all."""
    windows = ground.service.spec.alerting.windows
    return [_alert(sli, ground, window) for window in windows if threshold(sli.objective, window) < 1]


def _alert(sli: Sli, ground: Ground, window: str) -> Alert:
    limit, pace, short = threshold(sli.objective, window), PACES[window], WINDOWS[window].short
    severity = ground.urgency.severity(pace.haste)
    conditions = [
        f"{recorded(sli, ground, f'sli:bad_ratio:lower{window}')} > {number(limit)}",
        f"{recorded(sli, ground, f'sli:bad_ratio:rate{short}')} > {number(limit)}",
        f"{recorded(sli, ground, f'sli:events:rate{window}')} * {SECONDS[window]} >= {sli.floor}",
    ]
    return Alert(
        name=alert_name(ground.design.name, sli.name, "burn"),
        expr="\nand ".join(conditions),
        for_minutes=pace.for_minutes,
        severity=severity,
        pages=ground.urgency.pages(severity),
        labels={
            "subject": sli.subject,
            "sli": sli.name,
            "window": window,
            "alert_class": "slo_violation",
            "alert_type": "symptom",
        },
        summary=f"{sli.title}: {pace.budget}.",
        first="Is a rollout under way, or did one end within the hour? Roll it back first, and look for the"
        " cause afterwards. Else look at what this journey depends on.",
        when=_when(sli, window),
    )


def _when(sli: Sli, window: str) -> str:
    limit = threshold(sli.objective, window)
    outage = minutes_to_fire(sli.objective, window, 1.0)
    return (
        f"over {percent(limit)} bad in {window} and in {WINDOWS[window].short}, of {sli.floor} or more;"
        f" a total outage after {outage} minutes"
    )
