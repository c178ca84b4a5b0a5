"""`pave destroy`."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from pave.delivery.command_line import CommandLine
from pave.delivery.engine.target import AskedCloud
from pave.delivery.options import ask_for_name, target_options
from pave.exit_code import ExitCode
from pave.options import LongCommand, catalog_option, environment_option

EXAMPLE = """\b
Examples:
  pave destroy usage-api --env staging
  pave destroy service.usage-api.staging --confirm service.usage-api.staging
  pave destroy service.customersdot.production --protected production --keep-protected
"""


def name_instead(_: click.Context, __: click.Parameter, is_asked: bool) -> None:
    """Says what stands for the `--yes` of other commands here. Raises UsageError."""
    if is_asked:
        what = "There is no `--yes` here: what is destroyed is named twice."
        raise click.UsageError(f"{what} Add its name as it is asked for: --confirm service.NAME.ENVIRONMENT.")


@click.command(cls=LongCommand, epilog=EXAMPLE)
@click.argument("stack", metavar="STACK|SERVICE")
@catalog_option
@environment_option
@target_options
@click.option("--protected", metavar="ENVIRONMENT", help="Say that it is meant in a protected environment.")
@click.option("--keep-protected", is_flag=True, help="Keep what is protected, and what that stands on.")
@click.option("--with-data", is_flag=True, help="Also delete what holds data and isn't protected.")
@click.option("--confirm", metavar="STACK", help="Its name once more, instead of typing it when asked.")
@click.option("--yes", is_flag=True, hidden=True, expose_value=False, callback=name_instead)
def command(
    stack: str,
    root: Path,
    environment: str | None,
    cloud: AskedCloud,
    protected: str | None,
    keep_protected: bool,
    with_data: bool,
    confirm: str | None,
) -> None:
    """Delete the resources of a stack. Shows them first, and asks for the stack's name.

    A foundation stays while a service stands on it, and what is protected stays in any case. So does what
    Google never deletes, such as the key of a cluster: the next `pave up` goes on with it.

    Exit 0 done, or nothing there; 1 refused or failed; 2 unusable, or nobody there to ask."""
    from pave.delivery import update
    from pave.delivery.destruction import preview_destruction
    from pave.delivery.engine.previews import EngineFailed
    from pave.delivery.engine.stack import deployed, open_stack
    from pave.delivery.left_over import stack_there
    from pave.delivery.progress import Display
    from pave.delivery.recovery.recover import recover
    from pave.delivery.screen import Screen, failed
    from pave.reviewing.guards import DestroyOptions
    from pave.terminal import has_colour, screen_width
    from pave.workspace import Workspace

    work = Workspace(root, datetime.now(UTC).date())
    page = work.page(colour=has_colour(), width=screen_width())
    target = cloud.existing_target(os.environ)
    there = deployed(target)
    name = stack_there(work, stack, environment, there)
    if str(name) not in there:
        click.echo(f"{name} has nothing here: nothing to destroy.")
        return
    opened = open_stack(target, work.catalog, root, name, work.today)
    for line in recover(opened, click.echo).done:
        click.echo(line)
    words = DestroyOptions(protected, keep_protected, with_data)
    try:
        changes, refusals, kept = preview_destruction(opened, there, words)
    except EngineFailed as error:
        click.echo(failed(name, error, page), nl=False)
        sys.exit(ExitCode.NO)
    screen = Screen(name, work.catalog, target, page)
    click.echo(screen.changes(changes, refusals), nl=False)
    if refusals:
        click.echo("\nNothing was destroyed.")
        sys.exit(ExitCode.NO)
    click.echo(screen.kept(kept), nl=False)
    if changes.is_none:
        click.echo("Nothing to destroy.")
        return
    ask_for_name(str(name), confirm)
    again = CommandLine(str(name), root, cloud).of("destroy", *words.options)
    outcome = update.destroy(
        opened,
        changes.found,
        Display(page, f"Destroying {name}", live=has_colour()),
        keep_protected=bool(kept),
    )
    click.echo(screen.outcome(outcome, again, ""), nl=False)
    sys.exit(ExitCode.OK if outcome.is_done else ExitCode.NO)
