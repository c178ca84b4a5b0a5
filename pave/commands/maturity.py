"""`pave maturity`."""

from datetime import date
from pathlib import Path

import click

from pave.options import catalog_option, format_option
from pave.refused import Refused

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

    ✓ passed, ✗ failed, – skipped with a reason, ○ not measured yet (never counted as passed)."""
    from catalog.neighbourhood import neighbourhood
    from pave.reports.maturity import as_json, as_list, as_text
    from pave.terminal import screen_width
    from pave.workspace import Workspace
    from policies.maturity import UnknownCriterion, measure

    work = Workspace(root, date.min)
    names = [service] if service is not None else sorted(work.catalog.documents["Service"])
    try:
        services = (work.service(name, None) for name in names)
        found = [measure(one, neighbourhood(work.catalog, one)) for one in services]
    except UnknownCriterion as error:
        raise Refused(str(error)) from error
    if format_ == "json":
        click.echo(as_json(found), nl=False)
    else:
        width = screen_width()
        click.echo(as_text(found[0], width) if service is not None else as_list(found, width), nl=False)
