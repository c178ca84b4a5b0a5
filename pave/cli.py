"""The command `pave`. A module in `pave/commands/` is a command; nothing lists them."""

import gc
import os
import sys
from contextlib import suppress
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

import click

from pave.command_group import CommandGroup
from pave.exit_code import ExitCode

COMMANDS = Path(__file__).parent / "commands"

WORDS = "pave.words"
"""Where a context keeps the words of its command line."""

EXAMPLE = """\b
Examples:
  pave check                                       every service of ./catalog
  pave check catalog/services/customersdot.yaml    one of them
  pave plan customersdot                           what would exist, with no account
  pave up foundation.production                    make it so, on a local cloud
  pave explain reliability/alerts-can-fire         why a rule is there, and what mends it
  pave help up                                     all of one command
"""


NAMES = "help_option_names"


class Commands(CommandGroup):
    """Finds commands by their files, and imports only the one that is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        """The names of the files."""
        return sorted(path.stem for path in COMMANDS.glob("[a-z]*.py"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = import_module(f"pave.commands.{cmd_name}").command
        # Of each by itself: click keeps the first help that a command is asked for, whoever called it.
        command.context_settings.setdefault(NAMES, self.context_settings[NAMES])
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """What click does, and keeps what was typed."""
        ctx.meta[WORDS] = list(args)
        return super().parse_args(ctx, args)

    def main(self, *args: Any, **extra: Any) -> Any:
        """What click does, with outputs that a terminal shows as they are."""
        from pave.plain import plain_output

        with plain_output():
            return super().main(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """What click does. What the machine refuses on the way is said in one line, and is no verdict; and
        whoever asked for JSON gets that too, also when the command refuses."""
        try:
            _require_visible(ctx.meta[WORDS])
            return self._invoked(ctx)
        except (KeyboardInterrupt, click.Abort):
            click.echo("pave: stopped.", err=True)
            ctx.exit(ExitCode.STOPPED)
        except click.ClickException as error:
            said = _in_one_line(error.message, ctx.meta[WORDS])
            object.__setattr__(error, "message", said)  # click calls it final, and shows it
            if wants_json(ctx.meta[WORDS]):
                from pave.reports.error import error_report

                with suppress(OSError):  # what could not be written before can't be now
                    click.echo(error_report(error), nl=False)
            raise

    def _invoked(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # whoever read it has enough: what a shell shows of one that SIGPIPE ended
            _drop_output()
            ctx.exit(ExitCode.UNREAD)
        except OSError as error:
            _drop_output()
            from pave.refused import Refused

            where = "" if error.filename is None else f"{error.filename}: "
            raise Refused(f"{where}{error.strerror or error}. That is no verdict.") from error


def _require_visible(words: list[str]) -> None:
    """Refuses a word that its typist can't have meant as it is: messages would say it again."""
    from catalog.hidden import HIDDEN
    from catalog.yaml.fault import printable

    for word in words:
        if HIDDEN.search(word):
            raise click.UsageError(f"`{printable(word)}` holds a character that nobody sees.")


def _in_one_line(message: str, words: list[str]) -> str:
    """A message in which no part of a word that was typed begins a line."""
    begun = (line.partition(":")[0] for word in words for line in word.split("\n")[1:])
    for part in filter(None, begun):
        message = message.replace(f"\n{part}", f"\\n{part}")
    return message


def wants_json(words: list[str]) -> bool:
    """Whether the words of a command line ask for JSON, whatever else may be wrong with them."""
    return "--format=json" in words or ("--format", "json") in pairwise(words)


@click.group(
    cls=Commands,
    epilog=EXAMPLE,
    context_settings={NAMES: ["-h", "--help"], "max_content_width": 120},
)
@click.version_option(package_name="pave", message="pave %(version)s")
def pave() -> None:
    """Paved roads to production: one service YAML in; a verdict, a highly available design and a plan out."""


def main() -> None:
    """Runs the command line; `pave.exit_code` says how it ends."""
    # A short run over many small objects: collecting them costs more than it frees. See `LongCommand`.
    gc.disable()
    pave(prog_name="pave")


def _drop_output() -> None:
    """Without this, Python would try to write what is left once more when it ends, and complain
    (https://docs.python.org/3/library/signal.html#note-on-sigpipe)."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
