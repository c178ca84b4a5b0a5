"""Work on many things in several processes, since Python runs one thread at a time.

The processes are forked: each has all that this one has read, and sends back only what it found.
"""

import gc
import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

T = TypeVar("T")
R = TypeVar("R")

LEAST = 64
"""Things for each process: fewer are done here before a process has been started."""

MOST = 16
"""Processes. Each has an engine's memory of its own."""

PARTS = 4
"""Parts of the work for each process, so that none waits long for the slowest."""

_jobs: list[tuple[Callable[[Any], list[Any]], list[Any]]] = []
"""In a forked process: the work, and its parts."""


def spread(work: Callable[[Sequence[T]], list[R]], items: Sequence[T]) -> list[R]:
    """What `work` makes of the items, one result for each, in their order. What it raises is raised here.

    It is given some of the items at a time, in this process or another. Its results can be pickled, and so
    can what it raises."""
    count = min(_cores(), MOST, len(items) // LEAST)
    if count < 2:
        return work(items)
    from concurrent.futures.process import BrokenProcessPool  # late: what is known already needs no process

    number = PARTS * count
    parts = [items[start::number] for start in range(number)]
    found: dict[int, R] = {}
    try:
        with _forked(count, (work, parts)) as pool:
            for start, results in enumerate(pool.map(_do, range(number))):
                found.update(zip(range(start, len(items), number), results, strict=True))
    except BrokenProcessPool:  # one was killed, say for its memory: alone it goes more slowly
        return work(items)
    return [found[index] for index in range(len(items))]


def _cores() -> int:
    """The processors that this process may use; one where processes are not forked."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


@contextmanager
def _forked(count: int, job: Any) -> Iterator["ProcessPoolExecutor"]:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    pool = ProcessPoolExecutor(count, multiprocessing.get_context("fork"), _jobs.append, (job,))
    gc.freeze()  # a collection in a forked process would copy all the memory that it shares with this one
    try:
        with warnings.catch_warnings():
            # Python warns of threads that may hold a lock while their process is forked. The only one here
            # draws the progress on the screen, and the forked processes draw nothing.
            warnings.simplefilter("ignore", DeprecationWarning)
            yield pool
    finally:
        pool.shutdown(cancel_futures=True)
        gc.unfreeze()


def _do(part: int) -> list[Any]:
    work, parts = _jobs[-1]
    return work(parts[part])
