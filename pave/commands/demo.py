"""`pave demo`."""

import sys
from datetime import datetime
from pathlib import Path

import click

from pave.options import today_option

EXAMPLE = """\b
Examples:
  pave demo
  NO_COLOR=1 pave demo | less
"""


@click.command(epilog=EXAMPLE)
@today_option
def command(today: datetime) -> None:
    """Show the main job on the shipped catalog: CustomersDot as it runs today beside its new spec.

    Exit 0: the demo ran, whatever it found."""
    from pave.demo import Demo
    from pave.terminal import WIDTH, Page, has_colour, progress
    from pave.workspace import HOME, Workspace

    catalog = HOME / "catalog"
    shown = Path("catalog") if Path.cwd() == HOME else catalog
    example = shown / "examples" / "customersdot-today.yaml"
    work = Workspace(shown, today.date(), [example])
    demo = Demo(work, ("customersdot-today", "customersdot"), "production")
    page = Page(work.lines, shown, colour=has_colour(), width=WIDTH)
    click.echo(demo.verdicts(page), nl=False)
    sys.stdout.flush()  # the verdict is there before the plans, which take Pulumi's imports
    with progress("Recording the plans"):
        plans = demo.plans(page)
    click.echo(plans, nl=False)
    click.echo(demo.finding(page), nl=False)
    click.echo(f"\nnext: pave check {example}")
