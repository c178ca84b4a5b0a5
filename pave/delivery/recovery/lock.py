"""The engine's locks on a stack: who holds them, and which are stale.

In a back end that is a folder each lock is a small file. In any other no lock is ever called stale: its
holder may be a process of another machine."""

import json
import re
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from shlex import quote
from typing import NamedTuple

from pave.delivery.engine.alive import Engines, engines, record_of
from pave.refused import Refused
from stacks.backend import folder_of, locks
from stacks.stack import PROJECT

PATIENCE = 10.0
"""Seconds to wait for the holder of a lock on this machine: an engine whose `pave` was killed ends within a
few."""

_STEP = 0.2


NONE = Engines()


class Unreadable(Exception):
    """A lock's file that can't be read: one line that says why."""


class Lock(NamedTuple):
    """A lock and its holder: the process, its user and host, and since when (UTC). `path` is the lock's file,
    None in a back end that isn't a folder."""

    path: Path | None
    pid: int
    user: str
    host: str
    since: datetime


class RunningProcess(NamedTuple):
    """A process that runs now: the name of its program, and when it started (UTC)."""

    name: str
    started: datetime


def read_lock(path: Path) -> Lock:
    """The lock in a file. Raises Unreadable, and FileNotFoundError when the lock was released."""
    try:
        said = json.loads(path.read_bytes())
        since = datetime.fromisoformat(said["timestamp"]).astimezone(UTC)
        return Lock(path, int(said["pid"]), str(said["username"]), str(said["hostname"]), since)
    except (ValueError, KeyError, TypeError) as error:
        raise Unreadable(f"The lock {path} can't be read: {error!r}.") from error


def is_dead(
    lock: Lock,
    host: str,
    running: RunningProcess | None,
    known: Engines = NONE,
    *,
    sees_all: bool = True,
) -> bool:
    """Whether a lock is certainly stale: its holder was on this `host` and has ended.

    `known` are the engines that pave has started on the stack; one that is alive may be the holder, and if
    none is, a lock of one of them is stale. Of any other lock only its pid tells, if this process `sees_all`
    of the machine: `running` is the process that has the pid now, None when there is none.

    Pids are reused: a process that started after the lock was taken isn't the holder, unless it is Pulumi's,
    which could be the holder if the clock was set meanwhile."""
    if lock.host != host or known.is_alive:
        return False
    if lock.pid in known.pids:
        return True
    if not sees_all:
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
    process_of: Callable[[int], RunningProcess | None],
    now: Callable[[], datetime],
    patience: float = PATIENCE,
    sees_all: bool = True,
) -> list[Lock]:
    """Removes the stale locks of a stack, and gives them.

    Does nothing in a back end that isn't a folder. Waits `patience` seconds for a holder that runs on this
    `host`, which `say` is told once. `process_of` gives the process with a pid, if this one `sees_all` of
    the machine's, and `now` the time in UTC. Raises Refused for a lock that stays: it
    says who holds it, and how to make sure."""
    folder = folder_of(backend)
    taken: list[Lock] = []
    end = time.monotonic() + patience
    waits = False
    while folder is not None:
        held = _held(locks(folder, stack))
        known = engines(record_of(folder, stack))
        dead = [lock for lock in held if is_dead(lock, host, process_of(lock.pid), known, sees_all=sees_all)]
        for lock in dead:
            assert lock.path is not None
            lock.path.unlink(missing_ok=True)  # somebody else may have seen the same
            lock.path.with_name(f"{lock.path.name}.attrs").unlink(missing_ok=True)
        taken += dead
        alive = [lock for lock in held if lock not in dead]
        if not alive:
            break
        if any(lock.host != host for lock in alive) or time.monotonic() >= end:
            raise Refused(lock_message(stack, alive, host, backend, now()))
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
            continue  # released meanwhile
        except Unreadable as error:
            raise Refused(
                f"{error} If nobody updates this stack: rm {quote(str(path))}, and run it again."
            ) from error
    return held


def running_process(pid: int) -> RunningProcess | None:
    """The process with a pid on this machine; None when there is none, or only a zombie."""
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
    """The locks in the engine's message that a stack is locked, for any back end.

    https://github.com/pulumi/pulumi/blob/master/pkg/backend/diy/lock.go"""
    return [
        Lock(None, int(pid), user, host, datetime.fromisoformat(since).astimezone(UTC))
        for user, host, pid, since in _CREATED_BY.findall(text)
    ]


def lock_message(stack: str, held: Iterable[Lock], host: str, backend: str, now: datetime) -> str:
    """The message that a stack is locked: who holds it, since when and where, and what to do."""
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
