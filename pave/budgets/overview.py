"""What is left of the error budgets of all services, one line for each place where one runs."""

from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from components.design.monitoring.budget import State
from pave.budgets.report import STYLES, BudgetReport, SliBudget, spent_of
from pave.layout import in_columns
from pave.terminal import styled
from policies.wording import Line, fitted

WORST_FIRST: Sequence[State] = ("exhausted", "unknown", "at risk", "watch", "healthy")
"""One that is exhausted says no; one that nobody knows may be so."""

MANY = 5
"""Services that are over together, of which the cause is looked for first that they share
(https://handbook.gitlab.com/handbook/engineering/error-budgets/)."""


class UnknownBudget(msgspec.Struct, frozen=True):
    """A service whose budgets can't be told, and why."""

    service: str
    why: str


class BudgetOverviewReport(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What `pave budget --format json` prints without a service: the worst first; and the services of which
    it can't be told."""

    api_version: Literal["pave/v1"] = "pave/v1"
    kind: Literal["BudgetOverviewReport"] = "BudgetOverviewReport"
    state: State
    services: list[BudgetReport]
    unknown: list[UnknownBudget] = []


def overview(found: Sequence[BudgetReport], unknown: Sequence[UnknownBudget]) -> BudgetOverviewReport:
    """All of them. Its state is the worst one's; with nothing to tell of it is unknown."""
    ordered = sorted(found, key=lambda one: (WORST_FIRST.index(one.state), one.service, one.environment))
    state = ordered[0].state if ordered else "unknown"
    return BudgetOverviewReport(state=state, services=ordered, unknown=list(unknown))


def as_text(report: BudgetOverviewReport, *, colour: bool, width: int) -> str:
    """The overview for a person."""
    return styled(fitted(_lines(report, width), width), colour=colour)


def _lines(report: BudgetOverviewReport, width: int) -> Iterator[Line]:
    head = ("service", "budget", "minutes spent", "of which most of")
    rows = [head, *(_row(one) for one in report.services)]
    rows += [(one.service, "unknown", "?", " ".join(one.why.split())) for one in report.unknown]
    for text in in_columns(rows, width, (2,)):
        yield Line("plain", text)
    over = sum(one.state == "exhausted" for one in report.services)
    yield Line("plain", "")
    yield Line(STYLES.get(report.state, "plain"), f"{report.state.upper()}  {over} exhausted")
    if over >= MANY:
        yield Line("plain", "So many at once mostly have one cause: look first for what they share.")


def _row(one: BudgetReport) -> tuple[str, str, str, str]:
    """Of all promises the one whose budget is nearest to its end stands for the service."""
    known = [budget for budget in one.budgets if budget.share is not None]
    worst: SliBudget | None = max(known, key=lambda budget: budget.share or 0.0, default=None)
    where = f"{one.service} · {one.environment}"
    return (where, one.state, "?", "") if worst is None else (where, one.state, spent_of(worst), worst.sli)
