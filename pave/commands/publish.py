"""`pave publish`."""

import sys
from datetime import UTC, date, datetime
from pathlib import Path

import click

from pave.exit_code import ExitCode
from pave.options import catalog_option, environment_option, measured_options, measured_where

EXAMPLE = """\b
Examples:
  pave publish customersdot --url https://metrics.acme.example --to public/
  pave publish customersdot --month 2026-11 --url http://localhost:9090 --save november.json --to public/
  pave publish customersdot --month 2026-11 --from november.json --excluded windows.json --to public/
"""


@click.command(epilog=EXAMPLE)
@click.argument("service")
@catalog_option
@environment_option
@click.option("--month", "named", metavar="YYYY-MM", help="Which month (default: the last whole one).")
@measured_options
@click.option(
    "--excluded",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Windows that aren't to count: a JSON list of {begin, end, announced, why}.",
)
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    metavar="DIR",
    help="Folder to write to; it is made.",
)
def command(
    service: str,
    root: Path,
    environment: str | None,
    named: str | None,
    url: str | None,
    file: Path | None,
    save: Path | None,
    excluded: Path | None,
    folder: Path,
) -> None:
    """Publish how available a SERVICE was in a month: a page, and a file for programs.

    By journey, with its incidents, and with what counts and what doesn't. Of three months in a row with less
    than was promised, by the files in the folder, it is said that features wait. Exit 1 when less was kept
    than was promised, 3 when nobody knows."""
    import os

    from components.design.monitoring.monitored import monitored
    from pave.budgets.before import RESTRICTED, file_name, missed_in_a_row
    from pave.budgets.history import fields, history
    from pave.budgets.month import month, month_before
    from pave.budgets.page import page
    from pave.budgets.published import availability_month
    from pave.budgets.windows import windows
    from pave.plain import json_text
    from pave.refused import Refused
    from pave.reports.output import write_file
    from pave.terminal import shown
    from pave.workspace import Workspace
    from stacks.budgets.measured import NotMeasured, ask_range, recorded

    source = measured_where(url, file)
    now = datetime.now(UTC)
    work = Workspace(root, date.min)
    found = work.service(service, environment)
    watched, asked = monitored(work.catalog, found), month(named or month_before(now.date()))
    cell = watched.labels["cell"]
    try:
        if url is None:
            answer = recorded(Path(source))
        else:
            answer = ask_range(url, fields(found.name, cell, asked), os.environ)
    except NotMeasured as error:
        raise Refused(str(error)) from error
    told = history(answer, source, cell, found.name, asked)
    if save is not None:
        write_file(save, answer.decode())
    report = availability_month(
        watched,
        found.metadata.title,
        found.spec.availability.target,
        {endpoint.name: endpoint.weight for endpoint in found.spec.endpoints},
        told,
        windows(excluded),
        asked,
        now,
        source,
    )
    folder.mkdir(parents=True, exist_ok=True)
    for ending, text in (("json", json_text(report)), ("html", page(report))):
        path = folder / file_name(found.name, cell, asked.name, ending)
        write_file(path, text)
        click.echo(shown(path))
    missed = missed_in_a_row(report, folder)
    if missed >= RESTRICTED:
        click.echo(f"Missed in {missed} months in a row: features wait until it is kept again.")
    kept = report.as_seen.is_kept if told.slots else None
    sys.exit({True: ExitCode.OK, False: ExitCode.NO, None: ExitCode.WAITS}[kept])
