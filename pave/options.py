"""Options that several commands share, and the kind of those that run long."""

import gc
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from pave.finding import CATALOG, find_catalog

F = TypeVar("F", bound=Callable[..., Any])


class LongCommand(click.Command):
    """A command that may run for hours, since it waits for clouds or for people: garbage is collected while
    it does. `pave.cli.main` has that turned off for all others, which end before it would pay."""

    def invoke(self, ctx: click.Context) -> Any:
        """What click does, with the collector on, which leaves alone what was imported so far."""
        if not gc.isenabled():
            gc.freeze()
            gc.enable()
        return super().invoke(ctx)


def catalog_option(command: F) -> F:
    """`--catalog DIR`."""
    return click.option(
        "--catalog",
        "root",
        type=click.Path(path_type=Path),
        default=lambda: find_catalog(Path.cwd()),
        show_default=f"{CATALOG}, here or in a folder above",
        metavar="DIR",
        help="Root of the catalog.",
    )(command)


def environment_option(command: F) -> F:
    """`--env NAME`."""
    return click.option(
        "--env",
        "environment",
        metavar="NAME",
        help="This environment, or an instance in it: NAME.INSTANCE.",
    )(command)


def today_option(command: F) -> F:
    """`--today DATE`: the clock, for rules that count days."""
    return click.option(
        "--today",
        type=click.DateTime(["%Y-%m-%d"]),
        default=lambda: datetime.now(UTC).replace(tzinfo=None),
        metavar="DATE",
        help="The day it is taken to be (default: today).",
    )(command)


def measured_options(command: F) -> F:
    """`--url`, `--from` and `--save`: where something was measured, and where to keep the answer."""
    of_file = click.Path(path_type=Path, dir_okay=False)
    command = click.option(
        "--save", type=of_file, metavar="FILE", help="Keep what it answers, for `--from`."
    )(command)
    command = click.option(
        "--from", "file", type=of_file, metavar="FILE", help="Read what one has answered."
    )(command)
    return click.option("--url", metavar="URL", help="Ask a server that speaks Prometheus' query API.")(
        command
    )


def measured_where(url: str | None, file: Path | None) -> str:
    """The one of `--url` and `--from` that was given. Raises Refused when it is none, or both."""
    from pave.refused import Refused

    if (url is None) == (file is None):
        raise Refused("Say where it was measured: `--url URL` of a server, or `--from FILE` with its answer.")
    return str(file) if url is None else url


def format_option(*formats: str) -> Callable[[F], F]:
    """`--format`, one of some; the first is the default."""
    return click.option(
        "--format",
        "format_",
        type=click.Choice(formats),
        default=formats[0],
        show_default=True,
        help="How to print.",
    )


FORMATS = Path(__file__).parent / "reports" / "formats"


def formats() -> list[str]:
    """The names of the formats of reports, the one for people first."""
    found = {path.stem for path in FORMATS.glob("[a-z]*.py")}
    return ["text", *sorted(found - {"text"})]


def report_options(command: F) -> F:
    """`--format` and `--output`, for a command whose report has every format there is."""
    output = click.option(
        "--output",
        "outputs",
        multiple=True,
        metavar="FILE|FORMAT=FILE",
        help="Write the report to a file too; its name says the format. May be given more than once.",
    )
    return format_option(*formats())(output(command))


def budget_option(command: F) -> F:
    """`--budget`."""
    return click.option(
        "--budget",
        metavar="FILE|URL",
        help="What is left of error budgets, by `pave budget --save` or a server (default: the unit's).",
    )(command)
