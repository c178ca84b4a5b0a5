"""The options of every command that works with the engine: which cloud, and where its things are kept."""

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
    """All that says what a command judges that then asks the engine: the stack, the catalog, the environment,
    the cloud, the day (`--today`, which `day` reads), own rules, and a broken glass."""
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
    """How a command on one stack is typed again; `glass` are the parts of a broken one, `policies` what was
    said of own rules."""

    stack: str
    root: Path
    cloud: str
    state: Path
    glass: tuple[str, ...] = ()
    policies: Path | None = None

    def of(self, verb: str, *more: str) -> str:
        """The command `pave VERB`, with the options that aren't the default."""
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
    """Goes on when a person says yes; ends the command when one says no, or when there is nobody."""
    if not sys.stdin.isatty():
        raise Refused(f"There is nobody to ask, so nothing was changed. Not to be asked: {without_asking}")
    if not click.confirm(question):
        click.echo("Nothing was changed.")
        sys.exit(1)


def day(today: datetime | None, cloud: str) -> date:
    """The day that `--today` means. Raises Refused where it would let pass what has expired."""
    if today is None:
        return datetime.now(UTC).date()
    if cloud != "local":
        raise Refused("--today is for trying things on the local cloud; elsewhere a day is what it is.")
    return today.date()
