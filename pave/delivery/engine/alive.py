"""Which engines are alive that work on a stack, as the kernel says it: each holds a file lock for as long as
it lives, which ends with it however it ends.

A process id says less. Whoever looks from another container, with process ids of its own, doesn't see the
process (https://man7.org/linux/man-pages/man7/pid_namespaces.7.html), but shares the file."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

from stacks.stack import PROJECT

INITIAL = "pid:[4026531836]"
"""The namespace in which every process of a machine has an id (`PROC_PID_INIT_INO` of
https://github.com/torvalds/linux/blob/master/include/linux/proc_ns.h)."""

CHANGES = frozenset({"up", "destroy", "refresh", "import"})
"""The commands of Pulumi's that lock a stack; `import` also as `stack import`."""


class Engines(NamedTuple):
    """The engines that pave has started on a stack since none was alive: whether one is now, and the process
    ids that they had, each in its own namespace."""

    is_alive: bool = False
    pids: frozenset[int] = frozenset()


def record_of(backend: Path, stack: str) -> Path:
    """The file that the engines of a stack hold, in the folder of its back end."""
    return backend / ".pulumi" / "alive" / PROJECT / stack


def is_change(arguments: list[str]) -> bool:
    """Whether a command of the CLI changes a stack, and so locks it."""
    return bool(CHANGES & set(arguments[:2]))


@contextmanager
def holding(record: Path) -> Iterator[IO[bytes]]:
    """Gives the record's file, locked together with any other engine's; to be handed on to an engine, whose
    process id `began` writes down. The lock ends when the engine has ended, and this too."""
    record.parent.mkdir(parents=True, exist_ok=True)
    with record.open("a+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            file.truncate(0)  # all that are named there have ended
        except BlockingIOError:
            pass
        fcntl.flock(file, fcntl.LOCK_SH)
        yield file


def began(file: IO[bytes], pid: int) -> None:
    """Adds an engine to its record."""
    os.write(file.fileno(), f"{pid}\n".encode())


def engines(record: Path) -> Engines:
    """The engines in a record; none when there is no record."""
    try:
        with record.open("rb") as file:
            pids = frozenset(int(line) for line in file.read().split())
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return Engines(True, pids)
            return Engines(False, pids)
    except FileNotFoundError:
        return Engines()


def sees_all() -> bool:
    """Whether this process sees all processes of its machine by their ids."""
    try:
        return str(Path("/proc/self/ns/pid").readlink()) == INITIAL
    except OSError:
        return False
