"""`pave` as a user calls it, in this process: starting Python again costs ten times what most commands do.

For what belongs to a process of its own, such as its pipes, its imports and its end, start one."""

import contextlib
from pathlib import Path

from click.testing import CliRunner, Result

from pave.cli import pave as program


def pave(cwd: Path, *words: str, **variables: str) -> Result:
    """The exit code, the output and the messages of `pave` with these words, called in the folder `cwd` with
    these variables besides those of the tests. Raises what the program doesn't catch."""
    with contextlib.chdir(cwd):
        return CliRunner(env=variables).invoke(program, words, catch_exceptions=False, prog_name="pave")
