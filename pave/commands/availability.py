"""`pave availability`."""

from datetime import date
from pathlib import Path

import click

from pave.options import catalog_option, environment_option, format_option

EXAMPLE = """\b
Examples:
  pave availability customersdot
  pave availability customersdot --what-if 'spec.stores[redis].need=hard'
  pave availability catalog/examples/customersdot-today.yaml --format json
"""


@click.command(epilog=EXAMPLE)
@click.argument("service")
@catalog_option
@environment_option
@click.option("--what-if", "changes", multiple=True, metavar="PATH=VALUE", help="Assume this was written.")
@format_option("text", "json")
def command(
    service: str, root: Path, environment: str | None, changes: tuple[str, ...], format_: str
) -> None:
    """Show the availability that a SERVICE's design can give, part by part, against what it promises.

    SERVICE is a name of the catalog or a file. Published figures are thresholds for refunds, so the
    result is what they amount to, not a forecast."""
    from pave.reports.availability import as_json, as_text, availability_report
    from pave.terminal import has_colour, screen_width
    from pave.workspace import Workspace

    work = Workspace(root, date.min)
    report = availability_report(work.catalog, work.service(service, environment), changes)
    if format_ == "json":
        click.echo(as_json(report), nl=False)
    else:
        click.echo(as_text(report, colour=has_colour(), width=screen_width()), nl=False)
