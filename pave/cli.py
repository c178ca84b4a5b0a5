"""The command `pave`. A module in `pave/commands/` is a command; nothing lists them."""

import gc
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import click

COMMANDS = Path(__file__).parent / "commands"

EXAMPLE = """\b
Examples:
  pave check                                       every service of ./catalog
  pave check catalog/services/customersdot.yaml    one of them
  pave plan customersdot                           what would exist, with no account
  pave up foundation.production                    make it so, on a local cloud
  pave explain reliability/alerts-can-fire         why a rule is there, and what mends it
"""


class Commands(click.Group):
    """Finds commands by their files, and imports only the one that is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        """The names of the files."""
        return sorted(path.stem for path in COMMANDS.glob("[a-z]*.py"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = import_module(f"pave.commands.{cmd_name}").command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """What click does. What the machine refuses on the way is said in one line, and is no verdict."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # whoever read it has enough: what a shell shows of one that SIGPIPE ended
            _drop_output()
            ctx.exit(141)
        except OSError as error:
            _drop_output()
            from pave.refused import Refused

            where = "" if error.filename is None else f"{error.filename}: "
            raise Refused(f"{where}{error.strerror or error}. That is no verdict.") from error

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """What click does, with the nearest name for one that is not there."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from catalog.nearest import did_you_mean

            near = did_you_mean(args[0], self.list_commands(ctx), "Commands")
            raise click.UsageError(f"{error.message} {near}", ctx) from None


@click.group(cls=Commands, epilog=EXAMPLE, context_settings={"help_option_names": ["-h", "--help"]})
def pave() -> None:
    """Paved roads to production: one service YAML in; a verdict, a highly available design and a plan out."""


def main() -> None:
    """Runs the command line. Exit 0: allowed; 1: blocked by findings; 2: unusable input or usage."""
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
