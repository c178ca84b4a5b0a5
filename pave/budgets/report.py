"""What is left of a service's error budgets, as data and in words."""

from collections.abc import Iterator, Mapping
from typing import Literal

import msgspec

from components.design.monitoring.budget import WINDOW_DAYS, Budget, Ratios, State, budgets
from components.design.monitoring.model import Monitoring, Sli
from pave.budgets.spent import SpentWindow, rows
from pave.layout import in_columns
from pave.terminal import styled
from policies.wording import Line, Style, fitted

STYLES: Mapping[State, Style] = {"exhausted": "bad", "at risk": "bad", "healthy": "good"}
NEXT: Mapping[State, str] = {
    "exhausted": "Reliability first: no risky change until it recovers. Fixes and rollbacks may go on.",
    "at risk": "Spend it on nothing but what has to be: find out what takes it.",
    "watch": "More than half is gone: look what takes it.",
    "unknown": "Nobody knows: see with `pave monitor show` what has to count it.",
    "healthy": "There is room for changes.",
}


MOST = 10
"""So many incidents are shown to a person."""


class SliBudget(msgspec.Struct, frozen=True, rename="camel"):
    """The budget of one promise, in minutes over the window. `spent`, `remaining` (below 0 it is over-spent),
    `share` (1 is all of it), `burn` (times faster than allowed, now) and `days_left` at that pace are None
    where nobody knows them."""

    sli: str
    subject: str
    kind: str
    objective: float
    state: State
    allowed_minutes: float
    spent_minutes: float | None
    remaining_minutes: float | None
    share: float | None
    burn: float | None
    days_left: float | None


class BudgetReport(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What `pave budget --format json` prints. `state` is that of the worst budget; `source` is where it was
    measured. `incidents` are the times in which they were spent, what took most first; where nobody knows
    them, `untold` says why."""

    api_version: Literal["pave/v1"] = "pave/v1"
    kind: Literal["BudgetReport"] = "BudgetReport"
    service: str
    environment: str
    source: str
    window_days: int
    state: State
    budgets: list[SliBudget]
    incidents: list[SpentWindow] = []
    untold: str = ""


def budget_report(
    service: str, environment: str, monitoring: Monitoring, measured: Mapping[str, Ratios], source: str
) -> BudgetReport:
    """The budgets of all that is promised of a service at a place; not when they were spent."""
    found = [_of(sli, one) for sli, one in budgets(monitoring, measured)]
    return BudgetReport(
        service=service,
        environment=environment,
        source=source,
        window_days=WINDOW_DAYS,
        state=found[0].state if found else "unknown",
        budgets=found,
    )


def _of(sli: Sli, found: Budget) -> SliBudget:
    return SliBudget(
        sli.name,
        sli.subject,
        sli.kind,
        found.objective,
        found.state,
        round(found.allowed, 2),
        _rounded(found.spent, 2),
        _rounded(found.remaining, 2),
        _rounded(found.share, 4),
        _rounded(found.burn, 2),
        _rounded(found.days_left, 1),
    )


def as_text(report: BudgetReport, *, colour: bool, width: int) -> str:
    """The report for a person."""
    return styled(fitted(_lines(report, width), width), colour=colour)


def _lines(report: BudgetReport, width: int) -> Iterator[Line]:
    yield Line("plain", f"{report.service} · {report.environment}, the last {report.window_days} days")
    head = ("promise", "budget", "minutes spent", "burn, now")
    for text in in_columns([head, *(_row(one) for one in report.budgets)], width, (2,)):
        yield Line("plain", text)
    if report.incidents:
        yield Line("plain", "")
        head = ("when (UTC)", "promise", "minutes spent", "at the worst")
        for text in in_columns([head, *rows(report.incidents, MOST)], width, (2,)):
            yield Line("plain", text)
        if len(report.incidents) > MOST:
            less = sum(one.minutes for one in report.incidents[MOST:])
            yield Line("plain", f"and {len(report.incidents) - MOST} more, {less:.2f} minutes")
    elif report.untold:
        yield Line("plain", f"Nobody knows when: {report.untold}")
    yield Line("plain", "")
    yield Line(STYLES.get(report.state, "plain"), f"{report.state.upper()}  {NEXT[report.state]}")


def _row(one: SliBudget) -> tuple[str, str, str, str]:
    pace = "" if one.burn is None else f"{one.burn:.1f}x"
    if one.days_left:
        pace += f", empty in {one.days_left:.1f} days"
    return one.sli, one.state, spent_of(one), pace


def spent_of(one: SliBudget) -> str:
    """How many minutes of how many are spent, in words."""
    spent = "?" if one.spent_minutes is None else f"{one.spent_minutes:.2f}"
    return f"{spent} of {one.allowed_minutes:.2f}"


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
