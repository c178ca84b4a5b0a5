"""Python's garbage collector of cycles, switched off where it would only cost time."""

import gc
import sys
import threading
from importlib import import_module
from types import ModuleType, TracebackType


class CollectorPause:
    """A context manager: the collector is off while it is entered, in any thread, and afterwards as it
    was."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._blocks = 0
        self._was_on = False

    def __enter__(self) -> None:
        with self._lock:
            if self._blocks == 0:
                self._was_on = gc.isenabled()
                gc.disable()
            self._blocks += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._blocks -= 1
            if self._blocks == 0 and self._was_on:
                gc.enable()


collector_pause = CollectorPause()
"""The only one: the collector is the whole process's."""


def imported_for_good(name: str) -> ModuleType:
    """Imports the module of that name, for the whole life of the process. The collector is off during the
    first import, and never again looks at any object that exists by its end.

    A provider's SDK is hundreds of thousands of objects: a quarter of its import's time is the collector's,
    and most of each full pass afterwards."""
    if name in sys.modules:
        return import_module(name)  # waits for another thread that is about it
    with collector_pause:
        module = import_module(name)
        gc.freeze()
    return module
