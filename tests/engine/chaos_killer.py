"""Whom chaos kills, and when: at a moment of the work itself rather than of the clock, so that few miss."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

from pave.delivery.recovery.lock import Unreadable, read_lock
from pave.local_cloud.process import find
from stacks.backend import locks
from tests.engine.road import Road

VICTIMS = ("pave", "pulumi", "cloud", "all three")
CHANGES = frozenset({"create", "update", "delete"})
_STEP = 0.02
"""Seconds between two looks."""


class Blow(NamedTuple):
    """Who is killed, and when: `wait` seconds after the cloud was asked for so many `changes` of the stack;
    for 0, after its engine took the lock."""

    victim: str
    changes: int
    wait: float


@dataclass(frozen=True)
class Killer:
    """Kills one of those who work on a stack for the process `running`. `since` is the last call that the
    cloud had been asked before that began."""

    road: Road
    stack: str
    running: "subprocess.Popen[str]"
    since: int

    def strike(self, blow: Blow) -> bool:
        """Whether anybody was killed: nobody is once the work is done."""
        while not self._is_time(blow):
            if self.running.poll() is not None:
                return False
            time.sleep(_STEP)
        time.sleep(blow.wait)
        hit = [_kill(pid, signal.SIGKILL) for pid in self._pids(blow.victim)]
        return any(hit)

    def _is_time(self, blow: Blow) -> bool:
        if blow.changes == 0:
            return self._engine() is not None
        own = f"urn:pulumi:{self.stack}::"
        calls = self.road.store.calls(self.since)
        asked = [call for call in calls if call.urn.startswith(own) and call.operation in CHANGES]
        return sum(not call.preview for call in asked) >= blow.changes

    def _pids(self, victim: str) -> Iterator[int]:
        who: dict[str, Callable[[], int | None]] = {
            "pulumi": self._engine,
            "pave": lambda: self.running.pid if self.running.poll() is None else None,
            "cloud": self._cloud,
        }
        for name, find_pid in who.items():
            if victim in {name, "all three"} and (pid := find_pid()) is not None:
                yield pid

    def _engine(self) -> int | None:
        with suppress(FileNotFoundError, Unreadable):
            for path in locks(self.road.state / "pulumi" / "backend", self.stack):
                pid = read_lock(path).pid
                if _kill(pid, 0):  # else it is the lock of one that was killed before
                    return pid
        return None

    def _cloud(self) -> int | None:
        found = find(self.road.state)
        return found.pid if found is not None and self.running.poll() is None else None


def _kill(pid: int, number: int) -> bool:
    """Sends a signal, 0 for none. Whether there is such a process."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return False
    return True
