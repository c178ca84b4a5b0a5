"""The local cloud as a background process: start, find and stop the one of a state folder."""

import json
import os
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pave.files import alone, replace_file, unversioned
from pave.local_cloud.store import is_served

if TYPE_CHECKING:
    import psutil

STARTED = "process.json"
"""The file in the state folder that says which process was started."""

LOG = "server.log"
"""The file in the state folder with what the process prints to stderr."""

LONGEST_ANSWER = 5.0
"""Seconds within which the process takes a connection, on a busy machine too."""

LONGEST_STOP = 30.0
"""Seconds to wait for the process to stop, before it is killed."""


class RunningCloud(NamedTuple):
    """A local cloud that listens on `port` of localhost. `started`, in seconds since the epoch, tells its
    process from a later one with the same pid."""

    pid: int
    started: float
    port: int

    @property
    def environment(self) -> str:
        """The environment variable, as `NAME=VALUE`, that makes the Pulumi engine use it."""
        return f"PULUMI_DEBUG_PROVIDERS=gcp:{self.port},kubernetes:{self.port}"


class NotStarted(Exception):
    """The local cloud's process ended while it started: one line that says why."""


def find(state: Path) -> RunningCloud | None:
    """The running local cloud of the folder `state`; None when none runs.

    It runs when it holds the folder and answers: its pid may be another's here, if it was started in another
    container. One that was killed may seem so until its last thread has ended."""
    running = _last(state)
    if running is None or not is_served(state) or _is_ending(running):
        return None
    return running if _answers(running.port) else None


def _is_ending(running: RunningCloud) -> bool:
    import psutil

    try:
        process = _process(running)
        return process is not None and process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=LONGEST_ANSWER):
            return True
    except OSError:
        return False


def _last(state: Path) -> RunningCloud | None:
    """The local cloud that was last started in a folder, whether it still runs or not."""
    try:
        return RunningCloud(**json.loads((state / STARTED).read_text()))
    except (OSError, ValueError, TypeError):
        return None


def start(state: Path, port: int, speed: float) -> RunningCloud:
    """Starts the local cloud of the folder `state`, or gives the one that runs.

    `port` 0 takes the port that it had last, if that is free, else any free one. `speed` is how many real
    seconds a simulated one takes. Raises NotStarted."""
    unversioned(state)
    with alone(state / "starting"):
        found = find(state)
        if found is not None:
            return found
        before = _last(state)
        if port == 0 and before is not None:
            with suppress(NotStarted):
                return _start(state, before.port, speed)
        return _start(state, port, speed)


def _start(state: Path, port: int, speed: float) -> RunningCloud:
    with (state / LOG).open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "pave.local_cloud.server", str(state.resolve()), str(port), str(speed)],
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
        process.wait()
        last = (state / LOG).read_text("utf-8", "replace").strip().rpartition("\n")[2]
        raise NotStarted(last or "the server ended without a word")
    process.returncode = 0  # it outlives this command; nobody waits for it
    running = _last(state)
    assert running is not None, "it writes that itself, before it prints its port"
    return running


def write_started(state: Path, port: int) -> None:
    """Writes down that this process serves the folder `state` on `port`."""
    import psutil

    running = RunningCloud(os.getpid(), psutil.Process().create_time(), port)
    replace_file(state / STARTED, json.dumps(running._asdict()).encode())


def _process(running: RunningCloud) -> "psutil.Process | None":
    """Its process, None where that isn't seen: in another container than its own."""
    import psutil

    try:
        process = psutil.Process(running.pid)
        return process if process.create_time() == running.started else None
    except psutil.NoSuchProcess:
        return None


def stop(state: Path) -> bool:
    """Stops the local cloud of the folder `state`, whose files stay. Gives False when none runs."""
    import psutil

    running = find(state)
    process = _process(running) if running is not None else None
    if process is None:
        return False
    process.terminate()
    try:
        process.wait(LONGEST_STOP)
    except psutil.TimeoutExpired:
        process.kill()
    (state / STARTED).unlink(missing_ok=True)
    return True
