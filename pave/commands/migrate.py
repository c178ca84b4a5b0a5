"""`pave migrate`."""

import functools
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pave.adopting.subcommand import adopt
from pave.command_group import CommandGroup
from pave.delivery.engine.target import AskedCloud
from pave.delivery.options import target_options
from pave.exit_code import ExitCode
from pave.options import (
    LongCommand,
    budget_option,
    catalog_option,
    format_option,
    today_option,
)

if TYPE_CHECKING:
    from pave.migrating.walk import Walk

EXAMPLE = """\b
Examples:
  pave migrate plan customersdot
  pave migrate plan customersdot --phase redis-switch
  pave migrate status customersdot
  pave migrate rehearse customersdot
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
@today_option
@format_option("text", "json", "markdown")
def plan(service: str, root: Path, phase: str | None, today: datetime, format_: str) -> None:
    """Show the phases that bring a SERVICE from how it is today to what its file says.

    They follow from the difference of the two, and from what the cloud can change in place and what not. Each
    is a whole spec of its own, and `pave up` makes the one that the migration's file names."""
    from pave.migrating.gated import gates
    from pave.migrating.reading import planned, way_of
    from pave.migrating.report import as_json, as_markdown, as_text
    from pave.terminal import has_colour, screen_width
    from pave.workspace import Workspace

    work = Workspace(root, today.date())
    way = way_of(work, service)
    found, judged = planned(work, way), gates(work, way, phase)
    if format_ == "json":
        click.echo(as_json(found, phase, judged), nl=False)
    elif format_ == "markdown":
        click.echo(as_markdown(found, phase, judged), nl=False)
    else:
        click.echo(as_text(found, phase, judged, colour=has_colour(), width=screen_width()), nl=False)


@command.command(epilog="\b\nExamples:\n  pave migrate status customersdot\n")
@click.argument("service")
@catalog_option
@target_options
@format_option("text", "json")
def status(service: str, root: Path, cloud: AskedCloud, format_: str) -> None:
    """Show the phase that a SERVICE is in, what it waits for, and what was done so far."""
    from pave.migrating.status import as_json, as_text

    walk = _walk(service, root, cloud, None)
    click.echo(as_json(walk.standing) if format_ == "json" else as_text(walk.standing), nl=False)


@command.command(epilog="\b\nExamples:\n  pave migrate report customersdot --output customersdot.html\n")
@click.argument("service")
@catalog_option
@target_options
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write it to a file.",
)
def report(service: str, root: Path, cloud: AskedCloud, output: Path | None) -> None:
    """Make a page of a SERVICE's migration: its phases, what each wins, pictures, and what was done.

    One file of HTML, which needs nothing but itself."""
    from pave.migrating.page import page
    from pave.migrating.status import report as report_of
    from pave.reports.output import write_file

    made = page(report_of(_walk(service, root, cloud, None).standing))
    if output is None:
        click.echo(made, nl=False)
    else:
        write_file(output, made)


@command.command(
    epilog="\b\nExamples:\n"
    "  pave migrate rehearse customersdot\n"
    "  pave migrate rehearse customersdot --fault primary --soak 5\n"
)
@click.argument("service")
@catalog_option
@target_options
@click.option(
    "--fault",
    "faults",
    multiple=True,
    type=click.Choice(["primary", "worker", "app", "zone", "vendor", "pave"]),
    help="Kill in the middle: the database, a worker, a web server, all of a zone, the vendor, or in every"
    " phase pave itself. May be given again.",
)
@click.option(
    "--rate", type=click.FloatRange(1, 200), default=20.0, show_default=True, help="Orders a second."
)
@click.option(
    "--soak",
    type=click.FloatRange(0.5, 600),
    default=2.0,
    show_default=True,
    help="Seconds that each step is watched.",
)
@format_option("text", "json")
def rehearse(
    service: str,
    root: Path,
    cloud: AskedCloud,
    faults: tuple[str, ...],
    rate: float,
    soak: float,
    format_: str,
) -> None:
    """Carry out the phases of a SERVICE's migration here, small, on a real PostgreSQL, Redis and HAProxy,
    under a steady load: into each phase, back, and into it again, and compare with what the plan promises.
    What comes of it is written down for `pave migrate next`.

    Exit 0 all is kept; 1 a phase broke its promise, and the rehearsal stopped there; 2 it can't run here; 3
    what was tried is kept, and some phases have no counterpart here."""
    import os

    from pave.migrating.journal import journal_of
    from pave.migrating.reading import plan_of
    from pave.migrating.rehearsed import write_down
    from pave.plain import json_text
    from pave.refused import Refused
    from pave.rehearsing.programs import NotRehearsed
    from pave.rehearsing.report import as_text
    from pave.rehearsing.run import RehearsalPace
    from pave.rehearsing.run import rehearse as rehearsed
    from pave.terminal import has_colour, screen_width
    from stacks.stack import service_stack

    plan = plan_of(root, service)
    try:
        report = rehearsed(plan, RehearsalPace(rate, soak), faults, lambda said: click.echo(said, err=True))
    except NotRehearsed as error:
        raise Refused(f"The rehearsal can't run here. {error}") from error
    stack = str(service_stack(plan.service, plan.environment))
    write_down(report, journal_of(cloud, stack, os.environ))
    if format_ == "json":
        click.echo(json_text(report), nl=False)
    else:
        click.echo(as_text(report, colour=has_colour(), width=screen_width()), nl=False)
    sys.exit(report.exit_code)


command.add_command(adopt)


def walking_options(command: Any) -> Any:
    """The options of every command that walks."""
    for option in reversed(
        (
            click.argument("service"),
            catalog_option,
            target_options,
            budget_option,
            click.option("--person", metavar="NAME", help="Whose word it is (default: who is logged in)."),
            click.option(
                "--allow-changes",
                "allowed",
                type=click.IntRange(1),
                metavar="N",
                help="Let so many resources change at once.",
            ),
            click.option(
                "--now",
                type=click.DateTime(["%Y-%m-%dT%H:%M"]),
                metavar="TIME",
                help="The time (UTC) that it is taken to be, on the local cloud only.",
            ),
        )
    ):
        command = option(command)
    return command


@command.command(
    name="next",
    cls=LongCommand,
    epilog="\b\nExamples:\n"
    "  pave migrate next customersdot\n"
    "  pave migrate next customersdot --verified --done\n"
    "  pave migrate next customersdot --accept upgrade-db --done\n",
)
@walking_options
@click.option(
    "--url",
    metavar="URL",
    help="Ask a server that speaks Prometheus' query API how the phase does (default: the unit's).",
)
@click.option(
    "--connect-to",
    "reached",
    multiple=True,
    metavar="HOST=ADDRESS",
    help="Ask for a host at another address, to which no name leads yet. May be given again.",
)
@click.option("--wait", is_flag=True, help="Watch soaks until they are over.")
@click.option(
    "--every",
    type=click.FloatRange(0.1, 3600),
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    help="How often signals are asked while it waits.",
)
@click.option("--lift", metavar="REASON", help="Begin a phase again that was taken back by itself.")
@click.option("--unrehearsed", metavar="REASON", help="Begin a phase that nobody has rehearsed.")
@click.option("--done", "is_done", is_flag=True, help="What the phase needs first is so: by hand, or anyhow.")
@click.option(
    "--verified",
    "is_verified",
    is_flag=True,
    help="What nothing measures of the phase that it is in was looked at: it is well.",
)
@click.option("--end-soak", "soak", metavar="REASON", help="End the soak of the phase that it is in.")
@click.option(
    "--accept", "accepted", metavar="PHASE", help="Enter this phase, out of which no way leads back."
)
def next_(
    service: str,
    root: Path,
    cloud: AskedCloud,
    budget: str | None,
    person: str | None,
    allowed: int | None,
    now: datetime | None,
    url: str | None,
    reached: tuple[str, ...],
    wait: bool,
    every: float,
    lift: str | None,
    unrehearsed: str | None,
    is_done: bool,
    is_verified: bool,
    soak: str | None,
    accepted: str | None,
) -> None:
    """Bring a SERVICE into its next phase, just one, or go on with one that was cut off.

    It asks the signals of the phase that it is in: what fails stops it, and users whose name moves are led
    back at once. It writes the next phase into the migration's file, and updates the stack as `pave up` does:
    judged by the gate, looked at by the guards. Commit the file when it is done.

    Exit 0 done; 1 blocked or failed; 2 unusable; 3 it waits: for the soak, for people, for a quiet hour."""
    from pave.migrating.beginning import Words

    words = Words(
        _person(person),
        is_done,
        is_verified,
        soak,
        accepted,
        allowed,
        unrehearsed,
        lift,
        wait=wait,
        every=every,
    )
    _end(_walk(service, root, cloud, now, budget, url, reached).next(words))


@command.command(cls=LongCommand, epilog="\b\nExamples:\n  pave migrate rollback customersdot\n")
@walking_options
def rollback(
    service: str,
    root: Path,
    cloud: AskedCloud,
    budget: str | None,
    person: str | None,
    allowed: int | None,
    now: datetime | None,
) -> None:
    """Take a SERVICE back to the phase before, down to the last point of no return.

    What the phase has made, and can't be had again, such as an empty store or a reserved address, stays until
    the service comes there again."""
    from pave.migrating.beginning import Words

    _end(_walk(service, root, cloud, now, budget).back(Words(_person(person), allowed=allowed)))


@command.command(cls=LongCommand, epilog="\b\nExamples:\n  pave migrate abort customersdot\n")
@walking_options
def abort(
    service: str,
    root: Path,
    cloud: AskedCloud,
    budget: str | None,
    person: str | None,
    allowed: int | None,
    now: datetime | None,
) -> None:
    """Give up a phase of a SERVICE that was begun and isn't all there: it is what it was before."""
    from pave.migrating.beginning import Words

    _end(_walk(service, root, cloud, now, budget).abort(Words(_person(person), allowed=allowed)))


def _walk(
    service: str,
    root: Path,
    cloud: AskedCloud,
    now: datetime | None,
    budget: str | None = None,
    url: str | None = None,
    reached: tuple[str, ...] = (),
) -> "Walk":
    import os
    import time

    from pave.delivery.command_line import CommandLine
    from pave.migrating.asking import Signals, addresses
    from pave.migrating.journal import journal_of
    from pave.migrating.reading import measured_at, way_of
    from pave.migrating.walk import Walk, WalkClock
    from pave.terminal import has_colour, screen_width
    from pave.workspace import Workspace

    clock = WalkClock(_clock(cloud, now), time.sleep)
    work = Workspace(root, clock.now().date())
    page = work.page(colour=has_colour(), width=screen_width())
    line = CommandLine(service, root, cloud, budget=budget)
    say = functools.partial(click.echo, nl=False)
    way = way_of(work, service)
    signals = Signals(url or measured_at(work, way, budget), os.environ, addresses(reached))
    return Walk(
        work,
        way,
        line,
        clock,
        page,
        say,
        os.environ,
        signals,
        lambda stack: journal_of(cloud, stack, os.environ),
    )


def _clock(cloud: AskedCloud, now: datetime | None) -> Callable[[], datetime]:
    """The time (UTC); from the one that it is taken to be, it goes on."""
    import time
    from datetime import UTC, timedelta

    from pave.refused import Refused

    if now is None:
        return lambda: datetime.now(UTC)
    if cloud.name != "local":
        raise Refused("--now is for trying things on the local cloud; elsewhere the time is what it is.")
    begun, taken = time.monotonic(), now.replace(tzinfo=UTC)
    return lambda: taken + timedelta(seconds=time.monotonic() - begun)


def _person(said: str | None) -> str:
    import getpass

    return said or getpass.getuser()


def _end(how: str) -> None:
    codes = {"applied": ExitCode.OK, "waits": ExitCode.WAITS}
    sys.exit(codes.get(how, ExitCode.NO))
