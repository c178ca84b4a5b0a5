"""`pave budget`."""

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pave.exit_code import ExitCode
from pave.options import catalog_option, environment_option, format_option, measured_options, measured_where

if TYPE_CHECKING:
    from pave.budgets.overview import BudgetOverviewReport
    from pave.budgets.report import BudgetReport
    from pave.workspace import Workspace

EXAMPLE = """\b
Examples:
  pave budget customersdot --url https://metrics.acme.example
  pave budget customersdot --url http://localhost:9090 --save budget.json
  pave budget customersdot --from budget.json
  pave budget customersdot --from budget.json --incidents november.json
  pave budget --url https://metrics.acme.example
"""


@click.command(epilog=EXAMPLE)
@click.argument("service", required=False)
@catalog_option
@environment_option
@measured_options
@click.option(
    "--incidents",
    "told",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="With --from: what was answered of the time, as `pave publish --save` keeps it.",
)
@format_option("text", "json")
def command(
    service: str | None,
    root: Path,
    environment: str | None,
    url: str | None,
    file: Path | None,
    save: Path | None,
    told: Path | None,
    format_: str,
) -> None:
    """Show what is spent and left of a SERVICE's error budgets, and in which incidents it was. Exit 1 when
    one is exhausted, 3 when nobody knows.

    Without one, of all services at each place where they run, or in one environment; one of which it can't be
    told is named with the reason, and then the exit code is 2. A server may want a token: put it into
    PAVE_PROMETHEUS_TOKEN."""
    from pave.budgets import overview, report
    from pave.plain import json_text
    from pave.refused import Refused
    from pave.reports.output import write_file
    from pave.terminal import has_colour, screen_width
    from pave.workspace import Workspace
    from stacks.budgets.measured import NotMeasured

    source = measured_where(url, file)
    work = Workspace(root, date.min)
    colour, width = has_colour(), screen_width()
    found: BudgetReport | overview.BudgetOverviewReport
    try:
        answer = _answer(work, service, environment, url, source)
        if service is None:
            found = _all(work, environment, answer, source)
            text = overview.as_text(found, colour=colour, width=width)
        else:
            found = _one(work, service, environment, answer, source)
            if url is not None or told is not None:
                found = _when(work, found, answer, url, told)
            text = report.as_text(found, colour=colour, width=width)
    except NotMeasured as error:
        raise Refused(str(error)) from error
    if save is not None:
        write_file(save, answer.decode())
    click.echo(json_text(found) if format_ == "json" else text, nl=False)
    if isinstance(found, overview.BudgetOverviewReport) and found.unknown:
        sys.exit(ExitCode.UNUSABLE)
    worst = {"exhausted": ExitCode.NO, "unknown": ExitCode.WAITS}
    sys.exit(worst.get(found.state, ExitCode.OK))


def _answer(
    work: "Workspace", service: str | None, environment: str | None, url: str | None, source: str
) -> bytes:
    import os

    from components.design.monitoring.monitored import monitored
    from stacks.budgets.measured import EVERY, ask, ask_now, recorded

    if url is None:
        return recorded(Path(source))
    if service is None:
        return ask_now(url, EVERY, os.environ)
    one = work.service(service, environment)
    return ask(url, one.name, monitored(work.catalog, one).labels["cell"], os.environ)


def _one(work: "Workspace", name: str, place: str | None, answer: bytes, source: str) -> "BudgetReport":
    from components.design.monitoring.monitored import monitored
    from pave.budgets.report import budget_report
    from stacks.budgets.measured import measured

    one = work.service(name, place)
    watched = monitored(work.catalog, one)
    ratios = measured(answer, source, watched.labels["cell"], one.name).ratios
    return budget_report(one.name, one.place, watched, ratios, source)


def _when(
    work: "Workspace", found: "BudgetReport", answer: bytes, url: str | None, told: Path | None
) -> "BudgetReport":
    """The same with the incidents in which it was spent, or with why nobody knows them."""
    import os

    import msgspec

    from components.design.monitoring.monitored import monitored
    from pave.budgets.history import fields, history
    from pave.budgets.spent import last_days, spent_windows
    from stacks.budgets.measured import NotMeasured, ask_range, measured, recorded

    watched = monitored(work.catalog, work.service(found.service, found.environment))
    cell = watched.labels["cell"]
    days = last_days(measured(answer, found.source, cell, found.service).at)
    if days.end <= 0:
        return found
    try:
        if url is not None:
            ranged = ask_range(url, fields(found.service, cell, days), os.environ)
        else:
            ranged = recorded(Path(str(told)))
    except NotMeasured as error:
        return msgspec.structs.replace(found, untold=str(error))
    counted = history(ranged, str(told or url), cell, found.service, days)
    return msgspec.structs.replace(found, incidents=spent_windows(watched, counted))


def _all(work: "Workspace", environment: str | None, answer: bytes, source: str) -> "BudgetOverviewReport":
    from catalog.kinds.service import places_of
    from catalog.place import environment_of
    from pave.budgets.overview import UnknownBudget, overview
    from pave.refused import Refused
    from pave.workspace import require_place

    if environment is not None:
        require_place(work.catalog, environment)
    found: list[BudgetReport] = []
    unknown: list[UnknownBudget] = []
    for name in work.services():
        try:
            work.document(name)
            places = [
                place
                for place in places_of(work.catalog, name)
                if environment in {None, place, environment_of(place)}
            ]
            found += [_one(work, name, place, answer, source) for place in places]
        except Refused as error:
            unknown.append(UnknownBudget(name, error.said))
    return overview(found, unknown)
