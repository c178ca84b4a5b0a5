"""The ways in which a command refuses."""

from typing import Any

import click

from catalog.yaml.fault import printable
from pave.exit_code import ExitCode


class Refused(click.ClickException):
    """Input or usage that can't be served: one message, exit 2."""

    exit_code = int(ExitCode.UNUSABLE)

    def show(self, file: Any = None) -> None:  # noqa: ARG002 (click's signature)
        """Prints the message, without the usage that click would add, and without what would control a
        terminal."""
        click.echo(f"pave: {self.said}", err=True)

    @property
    def said(self) -> str:
        """The message as a terminal may show it."""
        return "\n".join(printable(line) for line in self.message.split("\n"))


class WrongSpecs(Refused):
    """What was asked about is wrong, and its own files say where: exit 1, as a check of them."""

    exit_code = int(ExitCode.NO)
