"""The Pulumi CLI: finds it, and runs it so that a Ctrl-C stops an update in order."""

import functools
import re
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from shutil import which
from types import FrameType
from typing import IO, Any

from pulumi.automation import CommandError, CommandResult, PulumiCommand
from pulumi.automation.errors import create_command_error
from semver import VersionInfo

from pave.delivery.engine.alive import began, holding, is_change
from pave.refused import Refused
from pave.workspace import HOME

PIN = HOME / "tools" / "pulumi" / "go.mod"
BUILT = HOME / ".tools" / "pulumi"


def find_cli() -> tuple[Path, VersionInfo]:
    """The CLI that `make tools` provided, else the one on PATH, and its version.

    Raises Refused when there is none, or only one that is older than the pinned one or of another major
    version: it wouldn't speak to the SDK."""
    found = str(BUILT) if BUILT.exists() else which("pulumi")
    if found is None:
        raise Refused("There is no Pulumi CLI: `make tools` provides it, else put `pulumi` on PATH.")
    wanted = VersionInfo.parse(_first_version(PIN.read_text("utf-8"), r"pulumi/pkg/v\d+ v") or "")
    version = _version_of(found)
    if version is None or version < wanted or version.major != wanted.major:
        raise Refused(
            f"{found} is Pulumi {version or 'of no version'}, and {wanted} or newer is needed:"
            " `make tools` provides it."
        )
    return Path(found), version


@functools.cache
def _version_of(cli: str) -> VersionInfo | None:
    """What a CLI says that it is: asked once, since it takes longer than all else before an engine starts."""
    done = subprocess.run([cli, "version"], capture_output=True, text=True, check=False)
    printed = _first_version(done.stdout, r"v?")
    return VersionInfo.parse(printed) if printed else None


def said(error: CommandError) -> str:
    """The last error that the CLI printed when it failed, without the command line."""
    return (errors_in(str(error)) or str(error).strip().splitlines())[-1].strip()


def errors_in(text: str) -> list[str]:
    """The errors in what the CLI printed, without `error:`, each once, in their order. Several at once are a
    line that counts them, and one that begins with `*` for each
    (https://github.com/hashicorp/go-multierror/blob/main/format.go)."""
    found: list[str] = []
    for line in text.splitlines():
        if "error:" in line:
            found.append(line.partition("error:")[2].strip())
        elif found and (item := re.fullmatch(r"\s+\* (.+)", line)):
            found.append(item[1].strip())
    heads = re.compile(r"\d+ errors? occurred:|")
    return list(dict.fromkeys(each for each in found if not heads.fullmatch(each)))


def _first_version(text: str, before: str) -> str | None:
    found = re.search(before + r"(\d+\.\d+\.\d+)", text)
    return found[1] if found else None


class Cli(PulumiCommand):
    """Runs the CLI with exactly `environment`, in a session of its own, without asking anybody.

    In its own session a Ctrl-C (SIGINT) reaches only this process. It, or a SIGTERM, is passed on to the CLI
    as a SIGINT: after the first the engine begins no new step, after the second it ends at once. The CLI is
    waited for either way. Then `is_stopping` is True, and `on_stop` has been called; without an `on_stop`,
    KeyboardInterrupt is raised."""

    def __init__(
        self,
        path: Path,
        version: VersionInfo,
        environment: Mapping[str, str],
        record: Path | None = None,
    ) -> None:
        """`record` is held by each command that locks a stack for as long as it lives (see `alive`)."""
        self.command = str(path)
        self.version = version
        self.environment = dict(environment)
        self.record = record
        self.is_stopping = False
        self.on_stop: Callable[[], object] | None = None
        self._more: tuple[str, ...] = ()

    @contextmanager
    def with_flags(self, *flags: str) -> Iterator[None]:
        """Adds flags to every command that runs inside: those that the Automation API has no argument for."""
        self._more = flags
        try:
            yield
        finally:
            self._more = ()

    def run(
        self,
        args: list[str],
        cwd: str,
        additional_env: Mapping[str, str],
        on_output: Callable[[str], Any] | None = None,
        on_error: Callable[[str], Any] | None = None,
    ) -> CommandResult:
        """Runs a command of the CLI in the folder `cwd`, and gives what it printed. `on_output` and
        `on_error` get each line as it comes. Raises CommandError when it fails."""
        running: list[subprocess.Popen[str]] = []
        is_recorded = self.record is not None and is_change(args)
        with (
            holding(self.record) if is_recorded and self.record else nullcontext() as record,
            self._stopping(running) as wishes,
            subprocess.Popen(
                [self.command, "--non-interactive", "--color", "never", *args, *self._more],
                cwd=cwd,
                env={**self.environment, **additional_env, "PULUMI_AUTOMATION_API": "true"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,
                pass_fds=() if record is None else (record.fileno(),),
            ) as process,
        ):
            running.append(process)
            if record is not None:
                began(record, process.pid)
            if wishes:  # while it was being started
                process.send_signal(signal.SIGINT)
            assert process.stdout is not None
            assert process.stderr is not None
            outs, errors = _Reader(process.stdout, on_output), _Reader(process.stderr, on_error)
            result = CommandResult(outs.text(), errors.text(), process.wait())
        if self.is_stopping and self.on_stop is None:
            raise KeyboardInterrupt
        if result.code:
            raise create_command_error(result)
        return result

    @contextmanager
    def _stopping(self, running: Sequence[subprocess.Popen[str]]) -> Iterator[list[int]]:
        """Passes signals on to what is `running`, and gives the list of those that came. Only the main thread
        can handle signals; in any other the list stays empty."""
        wishes: list[int] = []
        if threading.current_thread() is not threading.main_thread():
            yield wishes
            return

        def stop(number: int, _frame: FrameType | None) -> None:
            wishes.append(number)
            self.is_stopping = True
            for process in running:
                process.send_signal(signal.SIGINT)
            if self.on_stop is not None:
                self.on_stop()

        before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield wishes
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


class _Reader:
    """Reads a stream to its end in a thread of its own, and gives each line to `each`."""

    def __init__(self, stream: IO[str], each: Callable[[str], Any] | None) -> None:
        self._lines: list[str] = []
        self._thread = threading.Thread(target=self._read, args=(stream, each), daemon=True)
        self._thread.start()

    def _read(self, stream: IO[str], each: Callable[[str], Any] | None) -> None:
        for line in stream:
            self._lines.append(line.rstrip())
            if each is not None:
                each(line.rstrip())

    def text(self) -> str:
        """All of the stream, once it has ended."""
        self._thread.join()
        return "\n".join(self._lines)
