"""`pave up`."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pave.delivery.options import CommandLine, ask, day, judged_options
from pave.options import LongCommand
from pave.refused import Refused

if TYPE_CHECKING:
    from pave.delivery.preview import JudgedStack, StackPreview
    from pave.delivery.review.saved_plan import ReviewedPlan
    from pave.terminal import Page

EXAMPLE = """\b
Examples:
  pave up foundation.production
  pave up customersdot --yes
  pave up customersdot --plan customersdot.plan
  pave up customersdot --refresh --allow-changes 40
"""


@click.command(cls=LongCommand, epilog=EXAMPLE)
@judged_options
@click.option("--yes", is_flag=True, help="Don't ask: what is shown is done.")
@click.option(
    "--plan",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Do exactly what a plan of `pave preview --save` shows, or nothing. Nobody is asked.",
)
@click.option(
    "--max-age",
    type=click.FloatRange(min=0, min_open=True),
    default=24.0,
    show_default=True,
    metavar="HOURS",
    help="How old a plan may be.",
)
@click.option("--refresh", is_flag=True, help="Mend what is otherwise in the cloud than the state remembers.")
@click.option(
    "--allow-changes",
    "allowed",
    type=click.IntRange(1),
    metavar="N",
    help="Let so many resources change at once (default: a quarter, or five).",
)
def command(
    stack: str,
    root: Path,
    environment: str | None,
    cloud: str,
    state: Path,
    today: datetime | None,
    yes: bool,
    file: Path | None,
    max_age: float,
    refresh: bool,
    allowed: int | None,
    break_glass: tuple[str, ...],
    policies: Path | None,
) -> None:
    """Make a stack what its specs say: judge it, show what changes, ask, and do it.

    Nothing is done to a stack that the gate blocks, nor to what would lose data. After Ctrl-C nothing new is
    begun; the same command goes on from there, as after any failure.

    Exit 0 done, or nothing to do; 1 blocked or failed; 2 unusable, or nobody there to ask."""
    from pave.delivery.preview import judge
    from pave.delivery.progress import Display
    from pave.delivery.review.saved_plan import read_plan
    from pave.delivery.screen import Screen, short_verdict, verdict
    from pave.delivery.update import apply
    from pave.terminal import has_colour, progress, screen_width

    if file is not None and refresh:
        raise Refused("A plan was made with or without --refresh; make one with it: pave preview --refresh.")
    plan = read_plan(file) if file is not None else None
    with progress(f"Judging {stack}"):
        judged = judge(root, day(today, cloud), stack, environment, break_glass, policies)
    page = judged.work.page(colour=has_colour(), width=screen_width())
    if judged.is_blocked:
        click.echo(verdict(judged, page), nl=False)
        sys.exit(1)
    line = CommandLine(str(judged.name), root, cloud, state, break_glass, policies)
    if plan is None:
        seen = _look(judged, line, page, refresh=refresh, allowed=allowed)
    else:
        refresh = plan.refresh
        seen = _look_again(judged, line, page, plan, timedelta(hours=max_age), allowed)
    screen = Screen(judged.name, judged.work.catalog, seen.opened.target, page)
    click.echo(screen.changes(seen.changes, seen.refusals))
    click.echo(short_verdict(judged, page), nl=False)
    if seen.refusals:
        click.echo("Nothing was changed. The gate lets it through, what is refused above does not.")
        sys.exit(1)
    if seen.changes.is_none and not _has_glass_to_clear(judged, seen):
        click.echo("Nothing to do.")
        return
    if plan is None and not yes:
        ask(f"Make these changes to {judged.name}?", line.of("up", "--yes"))
    display = Display(page, f"Updating {judged.name}", live=has_colour())
    engine_plan = plan.engine if plan is not None else seen.engine_plan
    outcome = apply(seen.opened, seen.changes.found, engine_plan, display, refresh=refresh)
    click.echo(screen.outcome(outcome, line.of("up"), _next(judged, line)), nl=False)
    sys.exit(0 if outcome.is_done else 1)


def _look(
    judged: "JudgedStack", line: CommandLine, page: "Page", *, refresh: bool, allowed: int | None
) -> "StackPreview":
    """What would change. Ends the command when that can't be told."""
    from pave.delivery.engine.previews import EngineFailed
    from pave.delivery.preview import preview_stack
    from pave.delivery.screen import failed

    try:
        return preview_stack(judged, line.cloud, line.state, click.echo, refresh=refresh, allowed=allowed)
    except EngineFailed as error:
        click.echo(failed(judged.name, error, page), nl=False)
        sys.exit(1)


def _look_again(
    judged: "JudgedStack",
    line: CommandLine,
    page: "Page",
    plan: "ReviewedPlan",
    longest: timedelta,
    allowed: int | None,
) -> "StackPreview":
    """What would change, which is what the plan shows. Ends the command when it isn't, or can't be told."""
    from pave.delivery.preview import basis
    from pave.delivery.review.saved_plan import Stale, check_age, check_basis, check_changes, check_made_for

    check_made_for(plan, str(judged.name), line.cloud)
    try:
        check_age(plan, datetime.now(UTC), longest)
        seen = _look(judged, line, page, refresh=plan.refresh, allowed=allowed)
        check_basis(plan, basis(judged, seen.opened))
        check_changes(plan, seen.changes.found)
    except Stale as error:
        again = line.of("preview", "--save", "FILE")
        click.echo(f"The plan can't be applied any more. {error}")
        click.echo(f"Nothing was changed. Make a new one: {again}")
        sys.exit(1)
    return seen


def _has_glass_to_clear(judged: "JudgedStack", seen: "StackPreview") -> bool:
    """Whether the last update broke the glass and failed, so that one without has to end well."""
    from pave.delivery.engine.previews import EngineFailed, last_broken_glass

    try:
        return judged.glass is None and last_broken_glass(seen.opened) is not None
    except EngineFailed:  # `pave drift` says so
        return False


def _next(judged: "JudgedStack", line: CommandLine) -> str:
    """What one does after an update: what stands on a foundation, or see whether it stays so."""
    from stacks.stack import stacks

    above = [name for name in stacks(judged.work.catalog) if name.environment == judged.name.environment]
    above = [name for name in above if name.service is not None]
    if judged.name.service is not None or not above:
        return line.of("drift")
    return line._replace(stack=str(above[0])).of("up")
