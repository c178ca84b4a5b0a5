"""The first screen: two services side by side, and the finding that matters most."""

import functools
from collections import Counter
from typing import TYPE_CHECKING

from catalog.kinds.service import Service
from catalog.neighbourhood import neighbourhood
from components.design.availability.missing import missed_windows
from components.design.availability.series import tree_of
from components.design.model import AvailabilityDesign, Design
from components.design.service import designed
from components.design.what_if import Improvement, improvements
from pave.checking.judge import Judge
from pave.terminal import Page, export
from pave.workspace import Workspace
from policies.decision import Decision
from policies.maturity import MeasuredMaturity, measure
from policies.wording import Line, count, describe
from stacks.stack import Stack, stack_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType
    from rich.table import Table
    from rich.text import Text

    from stacks.plan import Plan

SIDE_BY_SIDE = 80
"""Columns from which both services are shown beside each other."""
KINDS = 4
"""Kinds of resources named before the rest are summed."""


class Demo:
    """Two services of a workspace in one environment, the first of which has something to learn."""

    def __init__(self, work: Workspace, names: tuple[str, str], environment: str) -> None:
        self._work = work
        self._services = [work.service(name, environment) for name in names]

    @functools.cached_property
    def decisions(self) -> list[Decision]:
        """The verdicts on the specs."""
        judge = Judge(self._work.catalog, self._work.new_engine, self._work.bundle.rules, self._work.today)
        return [judge.decide(service) for service in self._services]

    @property
    def stacks(self) -> list[Stack]:
        """The stacks of both."""
        return [stack_of(service) for service in self._services]

    def verdicts(self, page: Page) -> str:
        """What can be said from the specs alone."""
        designs = [designed(self._work.catalog, service) for service in self._services]
        availability = [design.availability for design in designs]
        best = [improvements(self._work.catalog, service)[:1] for service in self._services]
        return _beside(
            page,
            [
                ("", [_title(service) for service in self._services]),
                ("verdict", [_verdict(decision) for decision in self.decisions]),
                ("waived", [_waived(decision) for decision in self.decisions]),
                ("promised", [_ratio(a.promised, a.promised_minutes, a.window_days) for a in availability]),
                ("SLAs amount to", [_designed(a) for a in availability]),
                ("missed in", list(map(_missed, self._services, designs))),
                ("weakest part", [_weakest(a) for a in availability]),
                ("best change", list(map(_improvement, best, availability))),
                ("maturity", [self._maturity(service) for service in self._services]),
            ],
        )

    def plans(self, page: Page) -> str:
        """What would exist. Imports Pulumi and records both stacks."""
        from stacks.plan import Planner

        planner = Planner(self._work.catalog)
        plans = [planner.plan(stack) for stack in self.stacks]
        return _beside(page, [("plan", [_plan(plan) for plan in plans])])

    def finding(self, page: Page) -> str:
        """The most urgent finding on the first service, with its code frame."""
        decision = self.decisions[0]
        if not decision.findings:
            return ""
        most, blocking = decision.findings[0], count(decision.counts.blocking, "finding")
        heading = Line("plain", f"\nThe most urgent of {blocking} that block it today:")
        return page.text([heading, *describe(most, page.lines(most.document), page.place, page.width)])

    def _maturity(self, service: Service) -> str:
        maturity = measure(service, neighbourhood(self._work.catalog, service))
        return f"level {maturity.level_number}; {_needs(maturity)}"


def _beside(page: Page, rows: "Sequence[tuple[str, Sequence[RenderableType]]]") -> str:
    """Both services beside each other; below each other on a page that is too narrow for words of both."""
    console = page.console()
    for shown in [slice(0, None)] if page.width >= SIDE_BY_SIDE else [slice(0, 1), slice(1, 2)]:
        console.print(_table(rows, shown))
    return export(console)


def _table(rows: "Sequence[tuple[str, Sequence[RenderableType]]]", shown: slice) -> "Table":
    from rich.table import Table

    table = Table.grid(padding=(0, 2), expand=True)
    table.add_column(width=14, style="dim", no_wrap=True)
    for _ in rows[0][1][shown]:
        table.add_column(ratio=1)
    for label, cells in rows:
        table.add_row(label, *cells[shown], style=None if label else "bold")
    return table


def _title(service: Service) -> str:
    machines = any(workload.runtime == "vm" for workload in service.spec.workloads)
    return f"{service.metadata.title}, {'on one machine' if machines else 'over three zones'}"


def _verdict(decision: Decision) -> "Text":
    counts = decision.counts
    word, colour = ("ALLOWED", "green") if decision.allowed else ("BLOCKED", "red")
    return _styled(f"{word}: {counts.blocking} block, {count(counts.next_steps, 'next step')}", colour)


def _waived(decision: Decision) -> str:
    waived = [finding for finding in decision.findings if finding.waiver is not None]
    return ", ".join(f"{finding.title} ({finding.waiver})" for finding in waived) or "nothing"


def _ratio(percent: float, minutes: float, days: int) -> str:
    return f"{percent:.3f} %, {minutes:.1f} min in {days} d"


def _designed(found: AvailabilityDesign) -> "Text":
    colour = "green" if found.designed >= found.promised else "red"
    return _styled(_ratio(found.designed, found.designed_minutes, found.window_days), colour)


def _missed(service: Service, design: Design) -> str:
    found = design.availability
    windows = missed_windows(tree_of(service, design), found.promised_minutes, found.window_days)
    return f"{windows.chance_percent:.0f} % of windows; p90 {windows.p90:.0f} min"


def _weakest(found: AvailabilityDesign) -> str:
    part = found.parts[0]
    return f"{part.name}, {part.minutes:.1f} min"


def _styled(text: str, colour: str) -> "Text":
    from rich.text import Text

    return Text(text, style=f"bold {colour}")


def _improvement(changes: list[Improvement], found: AvailabilityDesign) -> str:
    if not changes:
        return "none needed" if found.designed >= found.promised else "none known"
    return f"{changes[0].path}, −{changes[0].minutes_saved:.1f} min"


def _needs(maturity: MeasuredMaturity) -> str:
    number = maturity.level_number + 1
    if maturity.missing and maturity.missing[0].result == "unimplemented":
        return f"{number} is not measured yet"
    return f"{number} needs {count(len(maturity.missing), 'criterion').replace('criterions', 'criteria')}"


def _plan(plan: "Plan") -> str:
    from pave.planning.compare import counts, physical, protected

    by_kind: Counter[str] = Counter()
    for type_, number in counts(plan).items():
        package, module = type_.split(":")[:2]
        by_kind[package if package == "kubernetes" else module.split("/")[0]] += number
    most = ", ".join(f"{number} {kind}" for kind, number in by_kind.most_common(KINDS))
    others = sum(by_kind.values()) - sum(number for _, number in by_kind.most_common(KINDS))
    more = f", {others} others" if others else ""
    return f"{count(len(physical(plan)), 'resource')}, {len(protected(plan))} protected: {most}{more}"
