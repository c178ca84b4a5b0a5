"""Servers that end with the tests that started them, even with tests that were killed and can't tell.

Between them stands this file, run as a program: its input is a pipe that nobody writes to, and that the
system closes for whoever is gone."""

import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

Process = subprocess.Popen[bytes]


def start(
    command: Sequence[str | Path], output: IO[bytes] | int, env: Mapping[str, str] | None = None
) -> Process:
    """Starts a server, which writes all that it says to `output`. It ends when its supervisor does; Ctrl-C is
    for the tests alone."""
    return subprocess.Popen(
        [sys.executable, "-I", __file__, *command],
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=env,
        start_new_session=True,
    )


def afterwards(command: Sequence[str | Path]) -> Process:
    """Runs a command as soon as `end` is called, or we are gone."""
    waiting = ["sh", "-c", 'read -r _; exec "$@"', "sh", *command]
    return subprocess.Popen(waiting, stdin=subprocess.PIPE, start_new_session=True)


def end(process: Process) -> None:
    """Kills a server, or lets run what comes afterwards, and waits until that is done."""
    assert process.stdin is not None
    process.stdin.close()
    process.wait()


def _supervise(command: Sequence[str]) -> int:
    """Runs a command until it ends, or until the other end of our input is closed. Gives its exit code."""
    server = subprocess.Popen(command, stdin=subprocess.DEVNULL)

    def watch() -> None:
        os.read(0, 1)
        server.kill()

    threading.Thread(target=watch, daemon=True).start()
    return server.wait()


if __name__ == "__main__":
    os._exit(_supervise(sys.argv[1:]) & 0xFF)  # at once: a thread still reads
