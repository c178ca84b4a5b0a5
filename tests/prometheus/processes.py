"""Programs that a test starts on loopback, each at a port of its own, and ends."""

import os
import socket
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import urllib3

from pave.workspace import HOME
from tests import supervised
from tests.built import require_built

PATIENCE = 180
"""Seconds that something may take which takes a few on two idle cores."""

HTTP = urllib3.PoolManager(retries=False, timeout=5)


def until(done: Callable[[], object]) -> None:
    """Waits until something is so."""
    end = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.2)


def need(*tools: str) -> None:
    """Skips a test where one of these isn't built, and fails in a pipeline."""
    for tool in tools:
        require_built(HOME / ".tools" / tool, "make test-prometheus")


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


class Processes:
    """What runs, by name; each writes what it says into a file of `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._running: dict[str, supervised.Process] = {}

    def run(self, name: str, tool: str, words: Sequence[str], env: dict[str, str] | None = None) -> None:
        """Starts a built tool."""
        with (self.folder / f"{name}.log").open("ab") as log:
            command: list[str | Path] = [HOME / ".tools" / tool, *words]
            self._running[name] = supervised.start(command, log, {**os.environ, **(env or {})})

    def kill(self, name: str) -> None:
        """Kills one, without a word."""
        supervised.end(self._running.pop(name))

    def end(self) -> None:
        """Ends all of them."""
        for name in [*self._running]:
            self.kill(name)

    def names(self) -> list[str]:
        """Those that run."""
        return [*self._running]


def answers(url: str) -> bool:
    """Whether somebody says there that all is well."""
    try:
        return HTTP.request("GET", url).status == 200
    except urllib3.exceptions.HTTPError:
        return False
