"""Starts copies of the app: `python -m pave.rehearsing.app`.

Each line of its input is the settings of a copy, and is answered by the copy's process id. A copy is forked,
so that what takes seconds to import is imported once. When the input ends, or whoever writes it has gone,
all copies go too."""

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping

from pave.rehearsing.app.clock import run
from pave.rehearsing.app.settings import CopySettings, Role
from pave.rehearsing.app.vendor import sell
from pave.rehearsing.app.web import serve
from pave.rehearsing.app.worker import work

ROLES: Mapping[Role, Callable[[CopySettings], None]] = {
    "web": serve,
    "worker": work,
    "clock": run,
    "vendor": sell,
}


def main() -> None:
    """Starts a copy for each line, until there is none."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system forgets copies that have ended
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started us decides what Ctrl-C means
    while line := sys.stdin.readline():
        said = json.loads(line)
        settings = CopySettings(**{**said, "take": tuple(said["take"])})
        parent = os.getpid()
        copy = os.fork()
        if copy == 0:
            _be(settings, parent)
        sys.stdout.write(f"{copy}\n")
        sys.stdout.flush()


def _be(settings: CopySettings, parent: int) -> None:
    """Is the copy, and never returns."""
    os.close(sys.stdin.fileno())
    threading.Thread(target=_end_without, args=(parent,), daemon=True).start()
    try:
        ROLES[settings.role](settings)
    finally:
        os._exit(0)


def _end_without(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.2)
    os._exit(1)


if __name__ == "__main__":
    main()
