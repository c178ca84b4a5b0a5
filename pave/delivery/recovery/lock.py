"""The engine's locks on a stack: whose they are, and which of them nobody holds any more.

In a back end of a folder each is a small file. A team's back end is never judged from here: another machine's
process can't be looked at."""

import json
import re
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from shlex import quote
from typing import NamedTuple

from pave.refused import Refused
from stacks.backend import folder_of, locks
from stacks.stack import PROJECT

PATIENCE = 10.0
"""Seconds that a lock of this machine is waited for: an engine whose `pave` was killed ends within a few."""

_STEP = 0.2


class Unreadable(Exception):
    """A lock whose file says nothing: one line."""


class Lock(NamedTuple):
    """Whose a lock is. `path` is its file, None when it isn't in a folder of this machine."""

    path: Path | None
    pid: int
    user: str
    host: str
    since: datetime


class RunningProcess(NamedTuple):
    """A process that has a pid now, since `started`. `name` is its program's."""

    name: str
    started: datetime


def read_lock(path: Path) -> Lock:
    """What a lock's file says. Raises Unreadable, and FileNotFoundError when the lock is gone."""
    try:
        said = json.loads(path.read_bytes())
        since = datetime.fromisoformat(said["timestamp"]).astimezone(UTC)
        return Lock(path, int(said["pid"]), str(said["username"]), str(said["hostname"]), since)
    except (ValueError, KeyError, TypeError) as error:
        raise Unreadable(f"The lock {path} can't be read: {error!r}.") from error


def is_dead(lock: Lock, host: str, running: RunningProcess | None) -> bool:
    """Whether it is certain that who took a lock is gone, when `running` has its pid now on this `host`.

    A pid is given again: a process that started after the lock was taken, and isn't Pulumi's, didn't take
    it. One that is Pulumi's might have, had the clock been set meanwhile."""
    if lock.host != host:
        return False
    if running is None:
        return True
    return running.started > lock.since and not running.name.startswith("pulumi")


def take_over(
    backend: str,
    stack: str,
    say: Callable[[str], None],
    *,
    host: str,
    look: Callable[[int], RunningProcess | None],
    now: Callable[[], datetime],
    patience: float = PATIENCE,
) -> list[Lock]:
    """Removes exactly those locks of a stack whose owner is certainly gone, and gives them.

    In another back end than a folder it does nothing. An owner that lives on this `host` is waited for
    `patience` seconds; `look` gives what runs under a pid. Raises Refused for every other lock: it says
    whose it is, and how to be sure."""
    folder = folder_of(backend)
    taken: list[Lock] = []
    end = time.monotonic() + patience
    waits = False
    while folder is not None:
        held = _held(locks(folder, stack))
        dead = [lock for lock in held if is_dead(lock, host, look(lock.pid))]
        for lock in dead:
            assert lock.path is not None
            lock.path.unlink(missing_ok=True)  # somebody else may have seen the same
            lock.path.with_name(f"{lock.path.name}.attrs").unlink(missing_ok=True)
        taken += dead
        alive = [lock for lock in held if lock not in dead]
        if not alive:
            break
        if any(lock.host != host for lock in alive) or time.monotonic() >= end:
            raise Refused(locked(stack, alive, host, backend, now()))
        if not waits:
            say(f"{stack} is locked by process {alive[0].pid}: waiting for it to end.")
            waits = True
        time.sleep(_STEP)
    return taken


def _held(paths: Iterable[Path]) -> list[Lock]:
    held = []
    for path in paths:
        try:
            held.append(read_lock(path))
        except FileNotFoundError:
            continue  # given back meanwhile
        except Unreadable as error:
            raise Refused(
                f"{error} If nobody updates this stack: rm {quote(str(path))}, and run it again."
            ) from error
    return held


def look(pid: int) -> RunningProcess | None:
    """What runs under a pid on this machine; one that has ended and waits for its parent runs no more."""
    import psutil

    try:
        process = psutil.Process(pid)
        with process.oneshot():
            if process.status() == psutil.STATUS_ZOMBIE:
                return None
            return RunningProcess(process.name(), datetime.fromtimestamp(process.create_time(), UTC))
    except psutil.NoSuchProcess:
        return None
    except psutil.AccessDenied:
        return RunningProcess("", datetime.min.replace(tzinfo=UTC))  # somebody's: it may be the owner


_CREATED_BY = re.compile(r"created by (\S+)@(\S+) \(pid (\d+)\) at (\S+)")


def locks_in(text: str) -> list[Lock]:
    """The locks that the engine names when it refuses to work on a locked stack, in any back end.

    https://github.com/pulumi/pulumi/blob/master/pkg/backend/diy/lock.go"""
    return [
        Lock(None, int(pid), user, host, datetime.fromisoformat(since).astimezone(UTC))
        for user, host, pid, since in _CREATED_BY.findall(text)
    ]


def locked(stack: str, held: Iterable[Lock], host: str, backend: str, now: datetime) -> str:
    """Why a locked stack is left alone: whose it is, since when, where, and what to do."""
    lines = [f"{stack} is locked, so somebody may be changing it:"]
    for lock in held:
        since = lock.since.astimezone(UTC)
        age = _age((now - since).total_seconds())
        lines.append(
            f"  {lock.user} on {lock.host}, process {lock.pid}, since {since:%Y-%m-%d %H:%M} UTC ({age})"
        )
    here = [lock for lock in held if lock.host == host]
    elsewhere = [lock for lock in held if lock.host != host]
    if here:
        pids = ",".join(str(lock.pid) for lock in here)
        lines.append(f"It runs on this machine: let it end. To look at it: ps -fp {pids}")
    if elsewhere:
        hosts = ", ".join(sorted({lock.host for lock in elsewhere}))
        lines += [
            f"Whether it still works can only be seen there. Ask who it is, or look on {hosts} (a pipeline's",
            "job: whether it has ended). Only when it is certainly gone, give the lock up and try again:",
            *(f"  {line}" for line in _way_out(stack, elsewhere, backend)),
        ]
    return "\n".join(lines)


def _way_out(stack: str, held: Iterable[Lock], backend: str) -> Iterable[str]:
    files = [lock.path for lock in held if lock.path is not None]
    if files:
        yield f"rm {' '.join(quote(str(path)) for path in files)}"
    else:
        yield f"export PULUMI_BACKEND_URL={quote(backend)}"
        yield f"pulumi cancel --yes --stack organization/{PROJECT}/{stack}"


def _age(seconds: float) -> str:
    if seconds < 0:
        return "by a clock that is ahead of this one"
    minutes = int(seconds // 60)
    if minutes < 1:
        return "less than a minute"
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // (24 * 60)} days"
