"""The one way in which a command refuses."""

from typing import Any

import click


class Refused(click.ClickException):
    """Input or usage that can't be served: one message, exit 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:  # noqa: ARG002 (click's signature)
        """Prints the message, without the usage that click would add."""
        click.echo(f"pave: {self.message}", err=True)
