"""`pave up`."""

import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pave.delivery.command_line import CommandLine
from pave.delivery.options import ask, day, judged_options
from pave.exit_code import ExitCode
from pave.options import LongCommand
from pave.refused import Refused

if TYPE_CHECKING:
    from pave.delivery.preview import JudgedStack, StackPreview
    from pave.terminal import Page

EXAMPLE = """\b
Examples:
  pave up foundation.production
  pave up lunch-menu --yes
  pave up customersdot --plan customersdot.plan
  pave up customersdot --env production --refresh --allow-changes 40
  pave up service.customersdot.production --accept customersdot-db-g1
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
@click.option(
    "--accept",
    "accepted",
    multiple=True,
    metavar="RESOURCE",
    help="Let a resource change in a way that no later change takes back. Several: again, or with commas.",
)
@click.option(
    "--skip-preflight",
    is_flag=True,
    help="On Google Cloud, don't ask the project first what `pave preflight` asks.",
)
def command(
    line: CommandLine,
    environment: str | None,
    today: datetime | None,
    yes: bool,
    file: Path | None,
    max_age: float,
    refresh: bool,
    allowed: int | None,
    accepted: tuple[str, ...],
    skip_preflight: bool,
) -> None:
    """Make a stack what its specs say: judge it, show what changes, ask, and do it.

    Nothing is done to a stack that the gate blocks, nor to what would lose data; what can't be undone is done
    with a word of its own. After Ctrl-C nothing new is begun; the same command goes on from there, as after
    any failure.

    Pods that would wait for a secret without a value are left for later, with what needs them: when the
    values are set, the same command goes on.

    Exit 0 done, or nothing to do; 1 blocked or failed; 2 unusable, or nobody there to ask; 3 what could be
    done is done, and the rest waits for secrets."""
    from pave.delivery.engine.previews import EngineFailed
    from pave.delivery.preview import has_end_to_come_to, judge, next_command, preview_stack
    from pave.delivery.progress import Display
    from pave.delivery.reviewed import preview_again
    from pave.delivery.screen import Screen, failed, short_verdict
    from pave.delivery.update import apply
    from pave.reviewing.guards import UpdateOptions
    from pave.reviewing.saved_plan import Stale, read_plan
    from pave.terminal import has_colour, progress, screen_width

    if file is not None and refresh:
        raise Refused("A plan was made with or without --refresh; make one with it: pave preview --refresh.")
    plan = read_plan(file) if file is not None else None
    with progress(f"Judging {line.stack}"):
        judged = judge(line, day(today, line.cloud), environment, is_one=plan is None)
    words = UpdateOptions(allowed, tuple(name for each in accepted for name in each.split(",")))
    page = judged.work.page(colour=has_colour(), width=screen_width())
    line = line._replace(stack=str(judged.name))
    _require_clear(judged, line, page, skip_preflight)
    try:
        if plan is None:
            seen = preview_stack(judged, line.cloud, click.echo, refresh=refresh, words=words)
        else:
            refresh, longest = plan.refresh, timedelta(hours=max_age)
            seen = preview_again(judged, line.cloud, plan, longest, click.echo, words=words)
    except EngineFailed as error:
        click.echo(failed(judged.name, error, page), nl=False)
        sys.exit(ExitCode.NO)
    except Stale as error:
        click.echo(f"The plan can't be applied any more. {error}")
        click.echo(f"Nothing was changed. Make a new one: {line.of('preview', '--save', 'FILE')}")
        sys.exit(ExitCode.NO)
    screen = Screen(judged.name, judged.work.catalog, seen.opened.target, page)
    click.echo(screen.changes(seen.changes, seen.refusals))
    click.echo(short_verdict(judged, page), nl=False)
    if seen.refusals:
        click.echo("Nothing was changed. The gate lets it through, what is refused above does not.")
        sys.exit(ExitCode.NO)
    if seen.changes.is_none and not has_end_to_come_to(judged, seen.opened):
        click.echo("Nothing to do.")
        _end(judged, seen, line, page)
    if plan is None and not yes:
        ask(f"Make these changes to {judged.name}?", line.of("up", "--yes", *words.options))
    outcome = apply(
        seen.opened,
        seen.changes.found,
        plan.engine if plan is not None else seen.engine_plan,
        Display(page, f"Updating {judged.name}", live=has_colour()),
        refresh=refresh,
        held=seen.held,
    )
    following = "" if seen.held.missing else next_command(judged, line)
    click.echo(screen.outcome(outcome, line.of("up", *words.options), following), nl=False)
    if not outcome.is_done:
        sys.exit(ExitCode.NO)
    _end(judged, seen, line, page)


def _require_clear(judged: "JudgedStack", line: CommandLine, page: "Page", skip_preflight: bool) -> None:
    """Ends the command where the gate blocks, or a project of Google's says no. What that doesn't say is
    shown, and left to the update."""
    from pave.delivery.screen import verdict
    from policies.wording import Line

    if judged.is_blocked:
        click.echo(verdict(judged, page), nl=False)
        sys.exit(ExitCode.NO)
    if line.cloud.name != "gcp":
        return
    if skip_preflight:
        told = "PREFLIGHT SKIPPED  Nobody asked the project whether this can come up; it may stop half way."
        click.echo(page.text([Line("bad", told)]), nl=False)
        return
    import os

    from pave.preflight.asking import preflight
    from pave.preflight.describing import describe_preflight

    report = preflight(judged.work, judged.name, judged.asked, line.cloud.target(os.environ))
    if report.exit_code:
        click.echo(page.text(describe_preflight(report)), nl=False)
    if report.count("no"):
        click.echo(f"Nothing was changed. To try it all the same: {line.of('up', '--skip-preflight')}")
        sys.exit(ExitCode.NO)


def _end(judged: "JudgedStack", seen: "StackPreview", line: CommandLine, page: "Page") -> None:
    """Ends the command when all that could be done is done. Says what waits for people: names that nobody
    leads to yet, and secrets without a value."""
    from pave.delivery.screen import Screen
    from pave.preflight.asking import leads_to_it

    target = seen.opened.target
    click.echo(page.text(leads_to_it(judged.work, judged.name, judged.asked, target)), nl=False)
    if seen.held.missing:
        screen = Screen(judged.name, judged.work.catalog, target, page)
        click.echo(screen.held_back(seen.held, line), nl=False)
        sys.exit(ExitCode.WAITS)
    sys.exit(ExitCode.OK)
