"""What a service's design can give against what it promises, as data and in words."""

from collections.abc import Sequence
from typing import Literal

import msgspec

from catalog.kinds.service import Service
from catalog.loader import Catalog
from components.design.model import AvailabilityDesign
from components.design.service import designed
from components.design.what_if import NotAssumable, SingleChange, assume, improvements
from pave.refused import Refused
from pave.terminal import export, new_console


class AvailabilityReport(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What `pave availability --format json` prints. `what_if` are the changes that were assumed;
    `improvements` are single changes that help, best first."""

    api_version: Literal["pave/v1"] = "pave/v1"
    kind: Literal["AvailabilityReport"] = "AvailabilityReport"
    service: str
    environment: str
    what_if: list[str]
    availability: AvailabilityDesign
    improvements: list[SingleChange]


def availability_report(catalog: Catalog, service: Service, changes: Sequence[str]) -> AvailabilityReport:
    """The report on a service as if each `PATH=VALUE` had been written. Raises Refused for one that can't
    be."""
    try:
        found = assume(catalog, service, changes) if changes else service
    except NotAssumable as error:
        raise Refused(str(error)) from error
    return AvailabilityReport(
        service=found.name,
        environment=found.place,
        what_if=list(changes),
        availability=designed(catalog, found).availability,
        improvements=improvements(catalog, found),
    )


def as_json(report: AvailabilityReport) -> str:
    """The report for programs."""
    return msgspec.json.format(msgspec.json.encode(report), indent=2).decode() + "\n"


def as_text(report: AvailabilityReport, *, colour: bool, width: int) -> str:
    """The report for a person, in lines of so many columns."""
    from rich.table import Table

    found = report.availability
    console = new_console(colour=colour, width=width)
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
    return export(console)


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_value(item)}" for key, item in value.items()) + "}"
    return str(value)
