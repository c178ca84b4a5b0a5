"""`pave rollout`."""

import sys
from datetime import date
from pathlib import Path

import click

from pave.command_group import CommandGroup
from pave.exit_code import ExitCode
from pave.options import catalog_option, environment_option, format_option, measured_options, measured_where

EXAMPLE = """\b
Examples:
  pave rollout judge customersdot --url https://metrics.acme.example
  pave rollout judge customersdot --from verdict.json
"""


@click.group(cls=CommandGroup, epilog=EXAMPLE)
def command() -> None:
    """Judge new versions on their way to users."""


@command.command(
    epilog="\b\nExamples:\n"
    "  pave rollout judge customersdot --url http://localhost:9090 --save verdict.json\n"
    "  pave rollout judge customersdot --from verdict.json\n"
)
@click.argument("service")
@catalog_option
@environment_option
@measured_options
@format_option("text", "json")
def judge(
    service: str,
    root: Path,
    environment: str | None,
    url: str | None,
    file: Path | None,
    save: Path | None,
    format_: str,
) -> None:
    """Judge the new versions of a SERVICE by what is measured of them. Exit 1 when one is worse, 3 when
    nobody knows.

    It computes what the rollout's own analysis reads: how clearly more goes wrong than with the old version
    at the same time, how much more, and whether earlier deployments did so too. A server may want a token:
    put it into PAVE_PROMETHEUS_TOKEN."""
    import os

    from components.design.monitoring.deploys.queries import clear, minutes
    from components.design.monitoring.deploys.signals import signals
    from components.design.monitoring.monitored import monitored
    from pave.judging.measured import deploys, query
    from pave.judging.report import verdict_report
    from pave.judging.wording import as_text
    from pave.plain import json_text
    from pave.refused import Refused
    from pave.reports.output import write_file
    from pave.terminal import has_colour, screen_width
    from pave.workspace import Workspace
    from stacks.budgets.measured import NotMeasured, ask_now, recorded, samples

    source = measured_where(url, file)
    work = Workspace(root, date.min)
    found = work.service(service, environment)
    watched = monitored(work.catalog, found)
    name, cell = watched.labels["service"], watched.labels["cell"]
    try:
        said = recorded(Path(source)) if url is None else ask_now(url, query(name, cell), os.environ)
        measured = deploys(samples(said, source, cell, name))
    except NotMeasured as error:
        raise Refused(str(error)) from error
    if save is not None:
        write_file(save, said.decode())
    compared = signals(found, watched.watches)
    rollout = found.spec.rollout
    clear_z = clear(compared, minutes(rollout.steps, rollout.soak_minutes))
    report = verdict_report(found.name, found.place, source, compared, clear_z, measured)
    if format_ == "json":
        click.echo(json_text(report), nl=False)
    else:
        click.echo(as_text(report, colour=has_colour(), width=screen_width()), nl=False)
    worst = {"fail": ExitCode.NO, "inconclusive": ExitCode.WAITS}
    sys.exit(worst.get(report.outcome, ExitCode.OK))
