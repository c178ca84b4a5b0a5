"""`pave maturity`."""

import sys
import textwrap
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pave.options import catalog_option, format_option
from pave.refused import Refused

if TYPE_CHECKING:
    from policies.maturity import MeasuredMaturity

EXAMPLE = """\b
Examples:
  pave maturity
  pave maturity customersdot
  pave maturity customersdot --format json
"""
MARKS = {"passed": "✓", "failed": "✗", "skipped": "–", "unimplemented": "○"}


@click.command(epilog=EXAMPLE)
@click.argument("service", required=False)
@catalog_option
@format_option("text", "json")
def command(service: str | None, root: Path, format_: str) -> None:
    """Show the maturity level of a SERVICE, or of all, and what the next level needs.

    ✓ passed, ✗ failed, – skipped with a reason, ○ not measured yet (never counted as passed)."""
    import msgspec

    from catalog.neighbourhood import neighbourhood
    from pave.workspace import Workspace
    from policies.maturity import UnknownCriterion, measure

    work = Workspace(root, date.min)
    names = [service] if service is not None else sorted(work.catalog.documents["Service"])
    try:
        found = [
            measure(one, neighbourhood(work.catalog, one))
            for one in (work.service(name, None) for name in names)
        ]
    except UnknownCriterion as error:
        raise Refused(str(error)) from error
    if format_ == "json":
        report = {"apiVersion": "pave/v1", "kind": "MaturityReport", "services": found}
        click.echo(msgspec.json.format(msgspec.json.encode(report), indent=2))
    elif service is not None:
        _show(found[0])
    else:
        for maturity in found:
            click.echo(f"{maturity.service:<40} {maturity.level}  {_next(maturity)}"[:100])
    sys.exit(0)


def _show(maturity: "MeasuredMaturity") -> None:
    click.echo(f"{maturity.service}: {maturity.level}")
    for level in maturity.details:
        click.echo(f"\n{level.name} {'reached' if level.number <= maturity.level_number else 'not reached'}")
        for criterion in level.criteria:
            click.echo(f"  {MARKS[criterion.result]} {criterion.name}")
            shown = criterion.remedy or "; ".join(criterion.evidence)
            if shown:
                click.echo(f"      {shown if len(shown) <= 72 else shown[:71] + '…'}")
    click.echo(f"\n{_next(maturity)}")
    patches = list(dict.fromkeys(c.patch for c in maturity.missing if c.patch is not None))
    for patch in patches:
        click.echo("\n" + textwrap.indent(patch, "    "))


def _next(maturity: "MeasuredMaturity") -> str:
    number = maturity.level_number + 1
    if not maturity.missing:
        return "Nothing is missing."
    if maturity.missing[0].result == "unimplemented":
        return f"Level {number} can't be reached: none of its criteria is measured yet."
    return f"Level {number} needs: " + " ".join(criterion.remedy for criterion in maturity.missing)
