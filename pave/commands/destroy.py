"""`pave destroy`."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from catalog.kinds.environment import Environment
from pave.delivery.options import CommandLine, target_options
from pave.options import LongCommand, catalog_option
from pave.refused import Refused

if TYPE_CHECKING:
    from collections.abc import Collection

    from pave.delivery.engine.stack import OpenedStack
    from pave.delivery.review.changes import Changes
    from pave.delivery.review.guards import DestroyOptions, Refusal
    from pave.terminal import Page

EXAMPLE = """\b
Examples:
  pave destroy service.usage-api.staging
  pave destroy service.usage-api.staging --confirm service.usage-api.staging
  pave destroy service.customersdot.production --protected production --keep-protected
"""


@click.command(cls=LongCommand, epilog=EXAMPLE)
@click.argument("stack", metavar="STACK")
@catalog_option
@target_options
@click.option("--protected", metavar="ENVIRONMENT", help="Say that it is meant in a protected environment.")
@click.option("--keep-protected", is_flag=True, help="Keep what is protected, and what that stands on.")
@click.option("--with-data", is_flag=True, help="Also delete what holds data and isn't protected.")
@click.option("--confirm", metavar="STACK", help="Its name once more, instead of typing it when asked.")
def command(
    stack: str,
    root: Path,
    cloud: str,
    state: Path,
    protected: str | None,
    keep_protected: bool,
    with_data: bool,
    confirm: str | None,
) -> None:
    """Delete the resources of a stack. Shows them first, and asks for the stack's name.

    A foundation stays while a service stands on it, and what is protected stays in any case.

    Exit 0 done, or nothing there; 1 refused or failed; 2 unusable, or nobody there to ask."""
    from pave.delivery import update
    from pave.delivery.engine.stack import deployed, open_stack
    from pave.delivery.engine.target import existing_target
    from pave.delivery.preview import known_stack
    from pave.delivery.progress import Display
    from pave.delivery.recovery.recover import recover
    from pave.delivery.review.guards import DestroyOptions
    from pave.delivery.screen import Screen
    from pave.terminal import has_colour, screen_width
    from pave.workspace import Workspace

    work = Workspace(root, datetime.now(UTC).date())
    page = work.page(colour=has_colour(), width=screen_width())
    target = existing_target(cloud, state, os.environ)
    there = {name for name, number in deployed(target).items() if number}
    name = known_stack(work.catalog, stack, there)
    if str(name) not in there:
        click.echo(f"{name} has nothing here: nothing to destroy.")
        return
    opened = open_stack(target, work.catalog, root, name, work.today)
    for line in recover(opened, click.echo).done:
        click.echo(line)
    words = DestroyOptions(protected, keep_protected, with_data)
    changes, refusals = _look(opened, page, there, words)
    screen = Screen(name, work.catalog, target, page)
    click.echo(screen.changes(changes, refusals), nl=False)
    if refusals:
        click.echo("\nNothing was destroyed.")
        sys.exit(1)
    if changes.is_none:
        click.echo("Nothing to destroy.")
        return
    _confirm(str(name), confirm)
    again = CommandLine(str(name), root, cloud, state).of("destroy", *words.options)
    outcome = update.destroy(
        opened,
        changes.found,
        Display(page, f"Destroying {name}", live=has_colour()),
        keep_protected=keep_protected,
    )
    click.echo(screen.outcome(outcome, again, ""), nl=False)
    sys.exit(0 if outcome.is_done else 1)


def _look(
    opened: "OpenedStack", page: "Page", there: "Collection[str]", words: "DestroyOptions"
) -> "tuple[Changes, list[Refusal]]":
    """What would go, and what stands against it. Ends the command when that can't be told."""
    from pave.delivery.engine import previews
    from pave.delivery.review.guards import destroy_refusals
    from pave.delivery.screen import failed

    environment = opened.catalog.find(Environment, opened.name.environment)
    standing = [
        name
        for name in sorted(there)
        if name.startswith("service.") and name.split(".")[2] == opened.name.environment
    ]
    try:
        lost = previews.preview_destroy(opened, keep_protected=False)
        refusals = destroy_refusals(
            opened.name,
            lost.found,
            standing if opened.name.service is None else [],
            words,
            is_protected=environment is None or environment.spec.protected,
        )
        if words.keep_protected and not refusals:
            lost = previews.preview_destroy(opened, keep_protected=True)
    except previews.EngineFailed as error:
        click.echo(failed(opened.name, error, page), nl=False)
        sys.exit(1)
    return lost, refusals


def _confirm(name: str, said: str | None) -> None:
    """Goes on when somebody has said the stack's name."""
    if said is None:
        if not sys.stdin.isatty():
            raise Refused(
                f"There is nobody to ask, so nothing was destroyed. Not to be asked: --confirm {name}"
            )
        said = click.prompt(
            "This can't be undone. The stack's name, to destroy it", default="", show_default=False
        )
    if said != name:
        raise Refused(f"That isn't {name}: nothing was destroyed.")
