"""The options of every command that works with the engine: where it goes, and what it judges on the way."""

import functools
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar, cast

import click

from pave.asked_rules import AskedRules
from pave.delivery.command_line import CommandLine
from pave.delivery.engine.target import CLOUDS, AskedCloud
from pave.exit_code import ExitCode
from pave.finding import STATE, find_state
from pave.options import budget_option, catalog_option, environment_option
from pave.refused import Refused
from pave.rules_options import own_folder_option

F = TypeVar("F", bound=Callable[..., Any])


def target_options(command: F) -> F:
    """`--cloud` and `--state`; the command gets them as one value, `cloud`."""

    @functools.wraps(command)
    def collected(cloud: str, state: Path, **others: Any) -> Any:
        return command(cloud=AskedCloud(cloud, state), **others)

    options = (
        click.option(
            "--cloud",
            type=click.Choice(tuple(CLOUDS)),
            default="local",
            show_default=True,
            help="The local cloud, for trying and rehearsing, or Google Cloud.",
        ),
        click.option(
            "--state",
            type=click.Path(path_type=Path, file_okay=False),
            default=lambda: find_state(Path.cwd()),
            show_default=f"{STATE}, here or in a folder above",
            metavar="DIR",
            help="Where the local cloud and its stacks are kept. (Google Cloud's: PULUMI_BACKEND_URL.)",
        ),
    )
    for option in reversed(options):
        collected = option(collected)
    return cast(F, collected)


def break_glass_option(command: F) -> F:
    """`--break-glass`."""
    return click.option(
        "--break-glass",
        multiple=True,
        metavar="NAME=VALUE",
        help="In an incident: let pass what can be waived. Give incident=, reason=, person=, expires=.",
    )(command)


def judged_options(command: F) -> F:
    """All that says what a command judges that then asks the engine.

    The command gets the stack, the catalog, the cloud, own rules and a broken glass as one value, `line`;
    and beside it the `environment`, and as `today` what `day` reads."""

    @functools.wraps(command)
    def collected(
        stack: str,
        root: Path,
        cloud: AskedCloud,
        asked: AskedRules,
        break_glass: tuple[str, ...],
        budget: str | None,
        reliability: tuple[str, ...],
        **others: Any,
    ) -> Any:
        line = CommandLine(stack, root, cloud, break_glass, asked, budget, reliability)
        return command(line=line, **others)

    options = (
        click.argument("stack", metavar="STACK|SERVICE"),
        catalog_option,
        environment_option,
        target_options,
        click.option(
            "--today",
            type=click.DateTime(["%Y-%m-%d"]),
            metavar="DATE",
            help="The day it is taken to be, on the local cloud only (default: today).",
        ),
        own_folder_option,
        break_glass_option,
        budget_option,
        click.option(
            "--reliability",
            multiple=True,
            metavar="NAME=VALUE",
            help="Say that it is for reliability: a spent error budget lets it pass. Give incident=, reason=,"
            " person=, expires=.",
        ),
    )
    for option in reversed(options):
        collected = option(collected)
    return cast(F, collected)


def ask(question: str, without_asking: str) -> None:
    """Asks the person at the terminal, and returns when the answer is yes. Ends the command with exit 1 when
    it is no. `without_asking` is the command that asks nothing. Raises Refused when there is no terminal."""
    if not sys.stdin.isatty():
        raise Refused(f"There is nobody to ask, so nothing was changed. Not to be asked: {without_asking}")
    if not click.confirm(question):
        click.echo("Nothing was changed.")
        sys.exit(ExitCode.NO)


def ask_for_name(name: str, said: str | None) -> None:
    """Returns when `said`, or what the person at the terminal types when that is None, is the name of the
    stack that is to be destroyed. Raises Refused when it is not, and when there is no terminal."""
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


def day(today: datetime | None, cloud: AskedCloud) -> date:
    """The day that `--today` means: without it, today in UTC. Raises Refused for a day given on a real cloud,
    where it would let expired exceptions pass."""
    if today is None:
        return datetime.now(UTC).date()
    if cloud.name != "local":
        raise Refused("--today is for trying things on the local cloud; elsewhere a day is what it is.")
    return today.date()
