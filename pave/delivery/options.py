"""Options and questions of the commands that work with the engine."""

import shlex
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import click

from pave.delivery.engine.target import CLOUDS
from pave.options import catalog_option, environment_option, policies_folder_option
from pave.refused import Refused

STATE = Path(".cloud")
F = TypeVar("F", bound=Callable[..., Any])


def target_options(command: F) -> F:
    """`--cloud` and `--state`."""
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
            default=STATE,
            show_default=True,
            metavar="DIR",
            help="Where the local cloud and its stacks are kept. (Google Cloud's: PULUMI_BACKEND_URL.)",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def judged_options(command: F) -> F:
    """The options of a command that judges a stack and then asks the engine about it: the stack, the catalog,
    the environment, the cloud, the day (`--today`, which `day` reads), own rules, and a broken glass."""
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
        policies_folder_option,
        click.option(
            "--break-glass",
            multiple=True,
            metavar="NAME=VALUE",
            help="In an incident: let pass what can be waived. Give incident=, reason=, person=, expires=.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


class CommandLine(NamedTuple):
    """What a person typed about one stack, to quote the next command to type. `glass` are the values of
    `--break-glass`, `policies` that of `--policies`."""

    stack: str
    root: Path
    cloud: str
    state: Path
    glass: tuple[str, ...] = ()
    policies: Path | None = None

    def of(self, verb: str, *more: str) -> str:
        """The command `pave VERB STACK`, quoted for a shell, with the options that differ from their defaults
        and the words of `more`."""
        options = {
            "--catalog": (str(self.root), "catalog"),
            "--cloud": (self.cloud, "local"),
            "--state": (str(self.state), str(STATE)),
        }
        given = [
            word for name, (value, default) in options.items() if value != default for word in (name, value)
        ]
        if verb in {"up", "preview"}:
            given += [word for part in self.glass for word in ("--break-glass", part)]
            given += ["--policies", str(self.policies)] if self.policies is not None else []
        return shlex.join(["pave", verb, self.stack, *given, *more])


def ask(question: str, without_asking: str) -> None:
    """Asks the person at the terminal, and returns when the answer is yes. Ends the command with exit 1 when
    it is no. `without_asking` is the command that asks nothing. Raises Refused when there is no terminal."""
    if not sys.stdin.isatty():
        raise Refused(f"There is nobody to ask, so nothing was changed. Not to be asked: {without_asking}")
    if not click.confirm(question):
        click.echo("Nothing was changed.")
        sys.exit(1)


def day(today: datetime | None, cloud: str) -> date:
    """The day that `--today` means: without it, today in UTC. Raises Refused for a day given on a real cloud,
    where it would let expired exceptions pass."""
    if today is None:
        return datetime.now(UTC).date()
    if cloud != "local":
        raise Refused("--today is for trying things on the local cloud; elsewhere a day is what it is.")
    return today.date()
