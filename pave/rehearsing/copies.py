"""The copies of the app, as processes."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil

from pave.rehearsing.app.settings import CopySettings
from pave.rehearsing.programs import NotRehearsed, until
from pave.workspace import HOME


class AppCopies:
    """Starts, ends and kills copies of the app, by name."""

    def __init__(self, folder: Path) -> None:
        self._log = folder / "app.log"
        with self._log.open("ab") as log:
            self._nursery = subprocess.Popen(
                [sys.executable, "-m", "pave.rehearsing.app"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                cwd=HOME,
                start_new_session=True,
            )
        self._running: dict[str, tuple[psutil.Process, CopySettings]] = {}

    def start(self, settings: CopySettings) -> None:
        """Starts a copy. Raises NotRehearsed."""
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        self._nursery.stdin.write(json.dumps(settings._asdict()) + "\n")
        self._nursery.stdin.flush()
        answer = self._nursery.stdout.readline()
        if not answer:
            raise NotRehearsed(f"The app doesn't start: {self._log.read_text('utf-8')[-600:]}")
        self._running[settings.name] = psutil.Process(int(answer)), settings

    def runs(self, name: str) -> bool:
        """Whether a copy was started and hasn't ended."""
        return name in self._running and self._running[name][0].is_running()

    def settings(self, name: str) -> CopySettings:
        """What a copy was told."""
        return self._running[name][1]

    def end(self, name: str, by: signal.Signals = signal.SIGTERM) -> None:
        """Ends a copy after what it has begun, or with SIGKILL at once, and waits. Nothing where it doesn't
        run."""
        if self.runs(name):
            process = self._running.pop(name)[0]
            os.kill(process.pid, by)
            until(lambda: not process.is_running(), f"{name} ends")

    def end_all(self) -> None:
        """Ends all, at once."""
        with self._nursery:
            assert self._nursery.stdin is not None
            self._nursery.stdin.close()  # it ends by that, and the copies without it
            for process, _ in self._running.values():
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.kill()
