"""`pave plan`."""

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pave.options import catalog_option, environment_option, format_option, today_option

if TYPE_CHECKING:
    from pave.plan import PlanReport
    from pave.terminal import Page

EXAMPLE = """\b
Examples:
  pave plan customersdot
  pave plan foundation.production
  pave plan customersdot --env staging --against origin/main
"""
SIGNS = {"create": "+", "update": "~", "delete": "-"}


@click.command(epilog=EXAMPLE)
@click.argument("stack", metavar="STACK|SERVICE")
@catalog_option
@environment_option
@click.option("--against", metavar="REF", help="Show what changes since this git revision.")
@today_option
@format_option("text", "json")
def command(
    stack: str, root: Path, environment: str | None, against: str | None, today: datetime, format_: str
) -> None:
    """Show what a stack would register, recorded without an account, and judge it.

    Exit 0 allowed, 1 blocked, 2 unusable."""
    import msgspec

    from pave.plan import PlanReport, counts, differences, plan_at, protected
    from pave.planning import decide_plan, stack_named
    from pave.terminal import Page, has_colour, progress, screen_width
    from pave.workspace import Workspace

    work = Workspace(root, today.date())
    name = stack_named(work, stack, environment)
    with progress(f"Recording {name}"):
        plan, decision = decide_plan(work, name)
    found = None
    if against is not None:
        with progress(f"Recording {name} at {against}"):
            found = differences(plan_at(against, root, str(name)), plan.resources)
    report = PlanReport(
        stack=str(name),
        counts=counts(plan),
        protected=protected(plan),
        plan=plan,
        decision=decision,
        against=against,
        differences=found,
    )
    if format_ == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(report), indent=2))
    else:
        click.echo(_text(report, Page(work.lines, root, colour=has_colour(), width=screen_width())), nl=False)
    sys.exit(0 if decision.allowed else 1)


def _text(report: "PlanReport", page: "Page") -> str:
    from pave.terminal import export
    from policies.wording import count, describe_decision

    console = page.console()
    total = sum(report.counts.values())
    held = len(report.protected)
    console.print(f"{report.stack}: {count(total, 'resource')}, {held} protected", style="bold")
    if report.differences is None:
        for type_, number in report.counts.items():
            console.print(f"  {number:>3} {type_}")
        if report.protected:
            console.print(f"  protected: {', '.join(report.protected)}", style="dim")
    else:
        _changes(console, report)
    verdict = page.text(describe_decision(report.decision, page.lines, page.place, page.width))
    return f"{export(console)}\n{verdict}"


def _changes(console: "Console", report: "PlanReport") -> None:
    found = report.differences or []
    tally = ", ".join(f"{sum(d.action == action for d in found)} to {action}" for action in SIGNS)
    console.print(f"  against {report.against}: {tally}")
    for difference in found:
        colour = {"create": "green", "update": "yellow", "delete": "red"}[difference.action]
        guard = "  (holds data)" if difference.stateful and difference.action != "create" else ""
        console.print(
            f"  {SIGNS[difference.action]} {difference.type} {difference.name}{guard}", style=colour
        )
        for prop in difference.properties[:8]:
            console.print(f"      {prop}", style="dim")
        if difference.origin is not None and difference.action != "delete":
            console.print(f"      from {difference.origin}", style="dim")


if TYPE_CHECKING:
    from rich.console import Console
