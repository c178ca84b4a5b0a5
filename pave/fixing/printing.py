"""Prints how a file of the catalog would change."""

import sys

import click

from pave.fixing.rewriting import quotable_diff
from pave.refused import Refused
from pave.workspace import Workspace


def print_diff(work: Workspace, path: str, name: str, before: bytes, after: bytes) -> None:
    """Writes a diff of the file at `path` of the catalog, called `name`, which may be a new one, to standard
    output without its secrets, and what is to be said of it to standard error. Raises Refused when nobody can
    tell what is secret."""
    diff = quotable_diff(name, before, after, lambda text: work.quoting.covered(path, text) if text else text)
    if diff is None:
        raise Refused(f"What of {name} is secret can't be told, so its diff isn't printed.")
    sys.stdout.buffer.write(diff.text)
    sys.stdout.flush()
    if diff.note:
        click.echo(f"pave: {diff.note}", err=True)
