"""`pave maturity`."""

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pave.exit_code import ExitCode
from pave.options import catalog_option, format_option
from pave.refused import Refused

if TYPE_CHECKING:
    from pave.workspace import Workspace
    from policies.maturity import MeasuredMaturity

EXAMPLE = """\b
Examples:
  pave maturity
  pave maturity customersdot
  pave maturity customersdot --format json
"""


@click.command(epilog=EXAMPLE)
@click.argument("service", required=False)
@catalog_option
@format_option("text", "json")
def command(service: str | None, root: Path, format_: str) -> None:
    """Show the maturity level of a SERVICE, or of all, and what the next level needs.

    ✓ passed, ✗ failed, – skipped with a reason, ○ not measured yet (never counted as passed). A service of
    which it can't be told is named with the reason, and then the exit code is 2."""
    from pave.reports.maturity import UnknownMaturity, as_json, as_list, as_text
    from pave.terminal import screen_width
    from pave.workspace import Workspace
    from policies.maturity import MeasuredMaturity

    work = Workspace(root, date.min)
    found: list[MeasuredMaturity] = []
    unknown: list[UnknownMaturity] = []
    for name in [service] if service is not None else work.services():
        try:
            found.append(_measured(work, name))
        except Refused as error:
            if service is not None:
                raise
            unknown.append(UnknownMaturity(name, error.said))
    if format_ == "json":
        click.echo(as_json(found, unknown), nl=False)
    elif service is not None:
        click.echo(as_text(found[0], screen_width()), nl=False)
    else:
        click.echo(as_list(found, unknown, screen_width()), nl=False)
    sys.exit(ExitCode.UNUSABLE if unknown else ExitCode.OK)


def _measured(work: "Workspace", name: str) -> "MeasuredMaturity":
    from catalog.neighbourhood import neighbourhood
    from policies.maturity import UnknownCriterion, measure

    one = work.service(name, None)
    try:
        return measure(one, neighbourhood(work.catalog, one))
    except UnknownCriterion as error:
        raise Refused(str(error)) from error
