"""The real programs of a rehearsal: where they are, who runs them, and that none outlives it."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from pave.refused import Refused
from pave.workspace import HOME

BUILT = HOME / ".tools"
NEEDED = ("postgres", "initdb", "pg_basebackup", "redis-server", "haproxy")
FETCH = "`make rehearsal` in the checkout fetches them from Debian's packages."
PATIENCE = 30.0
"""Seconds that a program may take to start or to end on a busy machine."""


class NotRehearsed(Exception):
    """A real part didn't do what it was told; the message says which, and its last words."""


def program(name: str) -> Path:
    """Where a program is: as `tools/unpack.py` has put it, else on PATH. Raises Refused."""
    built = BUILT / name
    if built.is_file():
        return built
    found = shutil.which(name)
    if found is None:
        raise Refused(f"A rehearsal runs {', '.join(NEEDED)}; there is no {name} here. {FETCH}")
    return Path(found)


def as_nobody_special() -> list[str]:
    """What runs a command as a user that PostgreSQL accepts: it refuses to be run by root. Raises Refused
    where root can't become another."""
    dying = ["setpriv", "--pdeathsig", "KILL"]
    if shutil.which("setpriv") is None:
        raise Refused("A rehearsal needs setpriv of util-linux, which ends servers together with pave.")
    if os.geteuid() != 0:
        return dying
    uid, gid = database_user()
    command = [*dying, f"--reuid={uid}", f"--regid={gid}", "--clear-groups"]
    tried = subprocess.run(
        [*command, program("postgres"), "--version"], cwd="/", capture_output=True, text=True, check=False
    )
    if tried.returncode:
        raise Refused(
            "PostgreSQL refuses to be run by root, and root can't run it here as another user:"
            f" {tried.stderr.strip()}. Rehearse as a user that isn't root."
        )
    return command


def database_user() -> tuple[int, int]:
    """The user and group that PostgreSQL runs as: our own, or for root that of Debian's package, else
    nobody."""
    if os.geteuid() != 0:
        return os.geteuid(), os.getegid()
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return found.pw_uid, found.pw_gid
    return 65534, 65534


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def listens(port: int) -> bool:
    """Whether somebody accepts connections at a port of this machine."""
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


class LiveServer:
    """A program that runs until it is ended, or pave is gone, however that ends."""

    def __init__(self, name: str, command: Sequence[str | Path], log: Path, *, special: bool = False) -> None:
        self.name, self.log = name, log
        before = as_nobody_special() if special else ["setpriv", "--pdeathsig", "KILL"]
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [*before, *command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def runs(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

    def until(self, ready: Callable[[], bool], what: str) -> None:
        """Waits until something is true of it. Raises NotRehearsed when it ends before, or takes too
        long."""
        until(ready, f"{self.name} {what}", lambda: self.runs, self.last_words)

    def last_words(self) -> str:
        """The end of its log."""
        return self.log.read_text("utf-8", "replace")[-600:].strip()

    def end(self, by: signal.Signals = signal.SIGTERM) -> None:
        """Ends it and waits."""
        if self.runs:
            self._process.send_signal(by)
            try:
                self._process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


def until(
    ready: Callable[[], bool],
    what: str,
    goes_on: Callable[[], bool] = lambda: True,
    words: Callable[[], str] = str,
    patience: float = PATIENCE,
) -> None:
    """Waits until something is true. Raises NotRehearsed when it takes too long, or can't become true."""
    last = time.monotonic() + patience
    while not ready():
        if not goes_on():
            raise NotRehearsed(f"{what}: it has ended. {words()}".strip())
        if time.monotonic() > last:
            raise NotRehearsed(f"{what}: not within {patience:g} seconds. {words()}".strip())
        time.sleep(0.02)
