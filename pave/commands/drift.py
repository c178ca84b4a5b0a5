"""`pave drift`."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from pave.delivery.command_line import CommandLine
from pave.delivery.engine.target import AskedCloud
from pave.delivery.options import target_options
from pave.options import LongCommand, catalog_option, environment_option, format_option

EXAMPLE = """\b
Examples:
  pave drift                                  every stack of ./catalog that was ever applied
  pave drift --env production --format json
  pave drift customersdot --env production
"""


@click.command(cls=LongCommand, epilog=EXAMPLE)
@click.argument("stacks", nargs=-1, metavar="[STACK|SERVICE]...")
@catalog_option
@environment_option
@target_options
@format_option("text", "json")
def command(
    stacks: tuple[str, ...], root: Path, environment: str | None, cloud: AskedCloud, format_: str
) -> None:
    """Say what is otherwise in the cloud than it was left, with the line behind each. Changes nothing.

    `pave up STACK --refresh` mends it. Named too, each with what goes on: a stack whose last update or
    destroy has failed, was cut off, or left something for later; and one whose last update passed its gate
    with a broken glass, until one without.

    Without a STACK also what is left over: stacks without specs, and on the local cloud resources that no
    stack manages. (On Google Cloud that takes its asset inventory, which pave doesn't ask.)

    Exit 0 none of that, 1 drift, a broken glass, something unfinished or left over, 2 unusable, or not known
    of every stack."""
    from pave.delivery.drift import describe_drift, find_drift
    from pave.delivery.reports import render
    from pave.reviewing.wording import places
    from pave.terminal import has_colour, screen_width
    from pave.workspace import Workspace

    work = Workspace(root, datetime.now(UTC).date())
    target = cloud.existing_target(os.environ)
    report = find_drift(work, target, stacks, environment)
    if format_ == "json":
        click.echo(render("json", report), nl=False)
    else:
        page = work.page(colour=has_colour(), width=screen_width())
        place = places(work.catalog, page.place)
        lines = describe_drift(report, place, CommandLine("", root, cloud))
        click.echo(page.text(lines), nl=False)
    sys.exit(report.exit_code)
