"""`pave preview`."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from pave.delivery.command_line import CommandLine
from pave.delivery.options import day, judged_options
from pave.exit_code import ExitCode
from pave.options import LongCommand, format_option

EXAMPLE = """\b
Examples:
  pave preview foundation.production
  pave preview customersdot --env staging
  pave preview customersdot --save customersdot.plan
  pave preview customersdot --output terraform=tfplan.json
"""


@click.command(cls=LongCommand, epilog=EXAMPLE)
@judged_options
@click.option("--refresh", is_flag=True, help="Compare with what is in the cloud, not with the state.")
@click.option(
    "--save",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write a plan to review and apply: pave up STACK --plan FILE.",
)
@format_option("text", "json", "terraform")
@click.option("--output", "outputs", multiple=True, metavar="FORMAT=FILE", help="Write it to a file too.")
def command(
    line: CommandLine,
    environment: str | None,
    today: datetime | None,
    refresh: bool,
    save: Path | None,
    format_: str,
    outputs: tuple[str, ...],
) -> None:
    """Ask the real engine what an update would change, and judge it. Changes nothing.

    Exit 0 allowed, 1 blocked or impossible, 2 unusable."""
    from pave.delivery import reports
    from pave.delivery.engine.previews import EngineFailed
    from pave.delivery.preview import judge, plan_to_review, preview_stack
    from pave.delivery.screen import Screen, failed, verdict
    from pave.refused import WrongSpecs
    from pave.reports import output as formats
    from pave.reports.error import error_report
    from pave.reviewing.saved_plan import encode
    from pave.terminal import has_colour, progress, screen_width

    wanted = formats.outputs(outputs, reports.PROGRAMS)
    with progress(f"Judging {line.stack}"):
        judged = judge(line, day(today, line.cloud), environment)
    page = judged.work.page(colour=has_colour(), width=screen_width())
    seen, plan = None, None
    if not judged.is_blocked:
        try:
            seen = preview_stack(judged, line.cloud, click.echo, refresh=refresh, settles=False)
        except EngineFailed as error:
            said = failed(judged.name, error, page)
            if format_ == "json":
                click.echo(error_report(WrongSpecs(said.strip())), nl=False)
            click.echo(said, nl=False, err=True)
            sys.exit(ExitCode.NO)
    if seen is not None and save is not None and seen.can_be_allowed:
        plan = plan_to_review(judged, seen, datetime.now(UTC), refresh=refresh)
        formats.write_file(save, encode(plan))
    made = reports.preview_report(judged, line.cloud, seen, plan)
    for output in wanted:
        formats.write_file(output.path, reports.render(output.format, made))
    if format_ != "text":
        click.echo(reports.render(format_, made), nl=False)
    else:
        if seen is not None:
            screen = Screen(judged.name, judged.work.catalog, seen.opened.target, page)
            click.echo(screen.changes(seen.changes, seen.refusals))
            if seen.held.missing:
                click.echo(screen.held_back(seen.held, line._replace(stack=str(judged.name))))
        click.echo(verdict(judged, page), nl=False)
        if seen is not None and plan is not None:
            again = line._replace(stack=str(judged.name)).of("up", "--plan", str(save), *seen.options)
            click.echo(f"{save} holds this plan ({plan.digest}): {again}")
        elif save is not None:
            click.echo(f"{save} was not written: nothing could apply this plan.")
    sys.exit(ExitCode.OK if made.allowed else ExitCode.NO)
