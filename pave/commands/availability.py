"""`pave availability`."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pave.options import catalog_option, environment_option, format_option
from pave.refused import Refused

if TYPE_CHECKING:
    from pave.reports.availability import AvailabilityReport

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
    import msgspec

    from components.design.service import designed
    from components.design.what_if import NotAssumable, assume, improvements
    from pave.reports.availability import AvailabilityReport
    from pave.workspace import Workspace

    work = Workspace(root, date.min)
    found = work.service(service, environment)
    if changes:
        try:
            found = assume(work.catalog, found, changes)
        except NotAssumable as error:
            raise Refused(str(error)) from error
    report = AvailabilityReport(
        service=found.name,
        environment=found.place,
        what_if=list(changes),
        availability=designed(work.catalog, found).availability,
        improvements=improvements(work.catalog, found),
    )
    if format_ == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(report), indent=2))
    else:
        _show(report)


def _show(report: "AvailabilityReport") -> None:
    from rich.table import Table

    from pave.terminal import export, has_colour, new_console, screen_width

    found = report.availability
    console = new_console(colour=has_colour(), width=screen_width())
    short = found.designed < found.promised
    console.print(f"{report.service} · {report.environment}", style="bold")
    for assumed in report.what_if:
        console.print(f"  what if {assumed}", style="cyan")
    console.print(
        f"  promised {found.promised:.3f} %  {found.promised_minutes:6.1f} minutes"
        f" down in {found.window_days} days"
    )
    console.print(
        f"  designed {found.designed:.3f} %  {found.designed_minutes:6.1f} minutes"
        f"  ({found.low:.3f} to {found.high:.3f} % where sources differ)",
        style="bold red" if short else "bold green",
    )
    table = Table(box=None, pad_edge=False, padding=(0, 2), expand=True)
    table.add_column("part", no_wrap=True)
    table.add_column("%", justify="right", no_wrap=True)
    table.add_column("minutes", justify="right", no_wrap=True)
    table.add_column("share", justify="right", no_wrap=True)
    table.add_column("source", style="dim", no_wrap=True, ratio=1)
    for part in found.parts:
        source = part.source.removeprefix("https://")
        table.add_row(
            part.name, f"{part.availability:.4f}", f"{part.minutes:.2f}", f"{part.share:.0f} %", source
        )
    console.print(table)
    if not report.improvements:
        console.print("No single change that the paved road knows would save a minute.")
    for n, change in enumerate(report.improvements):
        verdict = "reaches the promise" if change.reaches_promise else "still short" if short else "more room"
        label = "best single change" if n == 0 else "then"
        console.print(
            f"  {label}: {change.path}: {_value(change.value)}  −{change.minutes_saved:.1f} minutes"
            f" → {change.designed:.3f} % ({verdict})"
        )
    click.echo(export(console), nl=False)


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_value(item)}" for key, item in value.items()) + "}"
    return str(value)
