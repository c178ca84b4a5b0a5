"""`pave budget`."""

import sys
from datetime import date
from pathlib import Path

import click

from pave.exit_code import ExitCode
from pave.options import catalog_option, environment_option, format_option, measured_options, measured_where

EXAMPLE = """\b
Examples:
  pave budget customersdot --url https://metrics.acme.example
  pave budget customersdot --url http://localhost:9090 --save budget.json
  pave budget customersdot --from budget.json
"""


@click.command(epilog=EXAMPLE)
@click.argument("service")
@catalog_option
@environment_option
@measured_options
@format_option("text", "json")
def command(
    service: str,
    root: Path,
    environment: str | None,
    url: str | None,
    file: Path | None,
    save: Path | None,
    format_: str,
) -> None:
    """Show what is spent and left of a SERVICE's error budgets. Exit 1 when one is exhausted, 3 when nobody
    knows.

    A server may want a token: put it into PAVE_PROMETHEUS_TOKEN."""
    import os

    from components.design.monitoring.monitored import monitored
    from pave.budgets.report import as_text, budget_report
    from pave.plain import json_text
    from pave.refused import Refused
    from pave.reports.output import write_file
    from pave.terminal import has_colour, screen_width
    from pave.workspace import Workspace
    from stacks.budgets.measured import NotMeasured, ask, measured, recorded

    source = measured_where(url, file)
    work = Workspace(root, date.min)
    found = work.service(service, environment)
    watched = monitored(work.catalog, found)
    cell = watched.labels["cell"]
    try:
        answer = recorded(Path(source)) if url is None else ask(url, found.name, cell, os.environ)
        ratios = measured(answer, source, cell, found.name).ratios
    except NotMeasured as error:
        raise Refused(str(error)) from error
    if save is not None:
        write_file(save, answer.decode())
    report = budget_report(found.name, found.place, watched, ratios, source)
    if format_ == "json":
        click.echo(json_text(report), nl=False)
    else:
        click.echo(as_text(report, colour=has_colour(), width=screen_width()), nl=False)
    worst = {"exhausted": ExitCode.NO, "unknown": ExitCode.WAITS}
    sys.exit(worst.get(report.state, ExitCode.OK))
