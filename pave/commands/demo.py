"""`pave demo`."""

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pave.exit_code import ExitCode
from pave.options import LongCommand, today_option

if TYPE_CHECKING:
    from pave.demo.screen import Demo
    from pave.terminal import Page
    from pave.workspace import Workspace

EXAMPLE = """\b
Examples:
  pave demo
  pave demo --up
  NO_COLOR=1 pave demo | less
"""


@click.command(cls=LongCommand, epilog=EXAMPLE)
@today_option
@click.option(
    "--up",
    "with_engine",
    is_flag=True,
    help="Then make it with the real engine, on a local cloud that is thrown away.",
)
def command(today: datetime, with_engine: bool) -> None:
    """Show the main job on the shipped catalog: CustomersDot as it runs today beside its new spec.

    Exit 0: the demo ran, whatever it found; 1: the engine didn't do what it should."""
    from pave.demo.screen import Demo
    from pave.terminal import Page, has_colour, progress, screen_width
    from pave.workspace import HOME, Workspace

    catalog = HOME / "catalog"
    shown = Path("catalog") if Path.cwd() == HOME else catalog
    example = shown / "examples" / "customersdot-today.yaml"
    work = Workspace(shown, today.date(), [example])
    demo = Demo(work, ("customersdot-today", "customersdot"), "production")
    page = Page(work.lines, shown, colour=has_colour(), width=screen_width())
    click.echo(demo.verdicts(page), nl=False)
    sys.stdout.flush()  # the verdict is there before the plans, which take Pulumi's imports
    with progress("Recording the plans"):
        plans = demo.plans(page)
    click.echo(plans, nl=False)
    click.echo(demo.finding(page), nl=False)
    sys.stdout.flush()
    if with_engine:
        _last_act(demo, work, page)
    click.echo(f"\nnext: pave check {example}")


def _last_act(demo: "Demo", work: "Workspace", page: "Page") -> None:
    """The foundation and both services on the real engine. Ends the command when that fails."""
    from pave.delivery.command_line import CommandLine
    from pave.delivery.engine.cli import find_cli
    from pave.delivery.engine.previews import EngineFailed
    from pave.delivery.engine.target import AskedCloud
    from pave.demo.rehearsal import Rehearsal, thrown_away
    from pave.finding import STATE
    from pave.refused import Refused
    from policies.wording import Line
    from stacks.stack import foundation_stack

    try:
        find_cli()
    except Refused as error:
        click.echo(f"\nThe last act needs the real engine. {error.message}")
        return
    click.echo("\nThe last act, with the real engine on a local cloud that is thrown away:")
    today, planned = demo.stacks
    foundation = foundation_stack(planned.environment)
    try:
        with thrown_away() as state:
            for line in Rehearsal(work, state, page).acts(today, [foundation, planned]):
                click.echo(page.text([line]), nl=False)
                sys.stdout.flush()
    except EngineFailed as error:
        click.echo(page.text([Line("bad", f"✗ {error}")]), nl=False)
        sys.exit(ExitCode.NO)
    stays = CommandLine(str(foundation), work.root, AskedCloud("local", STATE)).of("up")
    click.echo(f"On one that stays, to look around: {stays}")
