"""`pave plan`."""

import sys
from datetime import datetime
from pathlib import Path

import click

from pave.asked_rules import AskedRules
from pave.options import budget_option, catalog_option, environment_option, report_options, today_option
from pave.rules_options import rules_options

EXAMPLE = """\b
Examples:
  pave plan customersdot
  pave plan foundation.production
  pave plan customersdot --env staging --against origin/main
  pave plan customersdot --against origin/main --format markdown
  pave plan customersdot --against origin/main --budget budget.json
"""


@click.command(epilog=EXAMPLE)
@click.argument("stack", metavar="STACK|SERVICE")
@catalog_option
@environment_option
@click.option("--against", metavar="REF", help="Show what changes since this git revision.")
@budget_option
@today_option
@report_options
@rules_options
def command(
    stack: str,
    root: Path,
    environment: str | None,
    against: str | None,
    budget: str | None,
    today: datetime,
    format_: str,
    outputs: tuple[str, ...],
    asked: AskedRules,
) -> None:
    """Show what a stack would register, recorded without an account, and judge it.

    Exit 0 allowed, 1 blocked, 2 unusable; then the reports say why."""
    from pave.planning.decide import NoVerdict
    from pave.planning.report import plan_report
    from pave.reports import output as formats
    from pave.terminal import has_colour, screen_width
    from pave.workspace import Workspace

    wanted = formats.outputs(outputs)
    work = Workspace(root, today.date(), rules=asked)
    page = work.page(colour=has_colour(), width=screen_width())
    try:
        report = plan_report(work, stack, environment, against, budget)
    except NoVerdict as error:
        report = error.report(work)
        if report.failure is not None and format_ == "text":
            formats.write(wanted, report, page)
            raise
    formats.write(wanted, report, page)
    click.echo(formats.render(format_, report, page), nl=False)
    sys.exit(report.exit_code)
