"""`pave plan`."""

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pave.engine_options import AskedServer, engine_options
from pave.options import catalog_option, environment_option, policies_option, report_options, today_option

if TYPE_CHECKING:
    from pave.reports.model import PlanReport
    from pave.workspace import Workspace

EXAMPLE = """\b
Examples:
  pave plan customersdot
  pave plan foundation.production
  pave plan customersdot --env staging --against origin/main
  pave plan customersdot --against origin/main --format markdown
"""


@click.command(epilog=EXAMPLE)
@click.argument("stack", metavar="STACK|SERVICE")
@catalog_option
@environment_option
@click.option("--against", metavar="REF", help="Show what changes since this git revision.")
@today_option
@report_options
@engine_options
@policies_option
def command(
    stack: str,
    root: Path,
    environment: str | None,
    against: str | None,
    today: datetime,
    format_: str,
    outputs: tuple[str, ...],
    server: AskedServer | None,
    policies: Path | None,
) -> None:
    """Show what a stack would register, recorded without an account, and judge it.

    Exit 0 allowed, 1 blocked, 2 unusable; then the reports say why."""
    from pave.planning.decide import NoVerdict
    from pave.reports import output as formats
    from pave.terminal import has_colour, screen_width
    from pave.workspace import Workspace

    wanted = formats.outputs(outputs)
    work = Workspace(root, today.date(), server=server, policies=policies)
    page = work.page(colour=has_colour(), width=screen_width())
    try:
        report = _report(work, stack, environment, against)
    except NoVerdict as error:
        report = error.report(work)
        if report.failure is not None and format_ == "text":
            formats.write(wanted, report, page)
            raise
    formats.write(wanted, report, page)
    click.echo(formats.render(format_, report, page), nl=False)
    sys.exit(report.exit_code)


def _report(work: "Workspace", stack: str, environment: str | None, against: str | None) -> "PlanReport":
    from pave.planning.compare import NoEarlierPlan, counts, differences, plan_at, protected
    from pave.planning.decide import decide_plan, stack_named
    from pave.reports.model import PlanReport
    from pave.terminal import progress

    name = stack_named(work, stack, environment)
    with progress(f"Recording {name}"):
        plan, decision = decide_plan(work, name)
    found, incomparable = None, None
    if against is not None:
        try:
            with progress(f"Recording {name} at {against}"):
                found = differences(plan_at(against, work.root, str(name)), plan.resources)
        except NoEarlierPlan as error:
            incomparable = str(error)
    return PlanReport(
        today=work.today.isoformat(),
        revision=work.bundle.revision,
        allowed=decision.allowed,
        stack=str(name),
        counts=counts(plan),
        protected=protected(plan),
        plan=plan,
        decision=decision,
        against=against,
        incomparable=incomparable,
        differences=found,
    )
