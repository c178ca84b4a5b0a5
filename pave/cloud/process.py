"""The local cloud as a process of its own: started, found again and stopped by its state folder."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

STARTED = "process.json"
LOG = "server.log"
LONGEST_START = 30.0


class Running(NamedTuple):
    """A local cloud that answers on `port`. `started` tells its process from another with the same id."""

    pid: int
    started: float
    port: int

    @property
    def environment(self) -> str:
        """What makes the Pulumi engine use it."""
        return f"PULUMI_DEBUG_PROVIDERS=gcp:{self.port},kubernetes:{self.port}"


class NotStarted(Exception):
    """The server didn't come up: one line that says why."""


def find(state: Path) -> Running | None:
    """The local cloud that keeps its things in the folder `state`, if it runs."""
    import psutil

    try:
        running = Running(**json.loads((state / STARTED).read_text()))
        is_same = psutil.Process(running.pid).create_time() == running.started
    except (OSError, ValueError, TypeError, psutil.NoSuchProcess):
        return None
    return running if is_same else None


def start(state: Path, port: int, speed: float) -> Running:
    """Starts a local cloud that keeps its things in `state`, or gives the one that runs there.

    Raises NotStarted."""
    import psutil

    found = find(state)
    if found is not None:
        return found
    state.mkdir(parents=True, exist_ok=True)
    (state / ".gitignore").write_text("*\n")
    with (state / LOG).open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "pave.cloud.server", str(state.resolve()), str(port), str(speed)],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )
    assert process.stdout is not None
    line = process.stdout.readline()  # its port, or nothing when it ended
    process.stdout.close()
    if not line.strip():
        last = (state / LOG).read_text("utf-8", "replace").strip().rpartition("\n")[2]
        raise NotStarted(last or "the server ended without a word")
    running = Running(process.pid, psutil.Process(process.pid).create_time(), int(line))
    made = state / f"{STARTED}.{os.getpid()}"
    made.write_text(json.dumps(running._asdict()))
    made.replace(state / STARTED)
    process.returncode = 0  # it outlives this command; nobody waits for it
    return running


def stop(state: Path) -> bool:
    """Stops the local cloud of `state`; what it holds stays. Gives False when none runs."""
    import psutil

    running = find(state)
    if running is None:
        return False
    process = psutil.Process(running.pid)
    process.terminate()
    try:
        process.wait(LONGEST_START)
    except psutil.TimeoutExpired:
        process.kill()
    (state / STARTED).unlink(missing_ok=True)
    return True
