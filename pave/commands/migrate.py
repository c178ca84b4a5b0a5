"""`pave migrate`."""

from pathlib import Path

import click

from pave.command_group import CommandGroup
from pave.options import catalog_option, format_option

EXAMPLE = """\b
Examples:
  pave migrate plan customersdot
  pave migrate plan customersdot --phase redis-switch
  pave migrate status customersdot
"""


@click.group(cls=CommandGroup, epilog=EXAMPLE)
def command() -> None:
    """Move a service to what its file says in phases, each reversible until it says that it isn't."""


@command.command(
    epilog="\b\nExamples:\n"
    "  pave migrate plan customersdot\n"
    "  pave migrate plan customersdot --phase redis-switch\n"
    "  pave migrate plan customersdot --format markdown\n"
)
@click.argument("service")
@catalog_option
@click.option("--phase", metavar="ID", help="All of this one phase.")
@format_option("text", "json", "markdown")
def plan(service: str, root: Path, phase: str | None, format_: str) -> None:
    """Show the phases that bring a SERVICE from how it is today to what its file says.

    They follow from the difference of the two, and from what the cloud can change in place and what not. Each
    is a whole spec of its own, and `pave up` makes the one that the migration's file names."""
    from pave.migrating.reading import plan_of
    from pave.migrating.report import as_json, as_markdown, as_text
    from pave.terminal import has_colour, screen_width

    found = plan_of(root, service)
    if format_ == "json":
        click.echo(as_json(found, phase), nl=False)
    elif format_ == "markdown":
        click.echo(as_markdown(found, phase), nl=False)
    else:
        click.echo(as_text(found, phase, colour=has_colour(), width=screen_width()), nl=False)
