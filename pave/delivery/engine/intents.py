"""What an update is about to create, written down and on the disk before the engine hears of it.

The engine's state says so too, as pending operations, but not always: it drops a creation that failed, though
the connection may have been lost when the cloud had done it; and a full disk may cut off the state and all
that is kept of it. Only this record then proves whose that is which can bear no label."""

import fcntl
import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any, NamedTuple

from catalog.document import Json
from stacks.backend import folder_of, is_in_a_cloud, state
from stacks.properties import from_struct, redacted
from stacks.stack import PROJECT

FROM_NOTHING = "from nothing"
REFUSED = "refused"
CUT_OFF = "cut off"


class Intended(NamedTuple):
    """What was about to be created and may have been: records as of a state, without secrets, in the order
    in which they were asked for. `is_from_nothing` says that the stack had nothing in the cloud before."""

    records: tuple[Json, ...] = ()
    is_from_nothing: bool = False


class Intents:
    """The record of a stack in a back end, which is a folder; in any other there is none."""

    def __init__(self, backend: str, stack: str) -> None:
        folder = folder_of(backend)
        self._folder = folder
        self._path = folder / ".pulumi" / "intents" / PROJECT / stack if folder is not None else None
        self._stack = stack
        self._lock = threading.Lock()
        self._file: IO[bytes] | None = None
        self._creates: Callable[[str], bool] = lambda _urn: True

    @contextmanager
    def kept(self, creates: Callable[[str], bool]) -> Iterator[None]:
        """Lets the program that runs inside write down what it registers; `creates` says of which URNs that
        is a creation. The record stays until it is forgotten."""
        if self._path is None:
            yield
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with open(self._path, "a+b", opener=_private) as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:  # another pave's: the engine says who holds the stack, else `write` does
                yield
                return
            self._creates, self._file = creates, file
            self._append({FROM_NOTHING: self._is_nothing_there()})
            try:
                yield
            finally:
                self._file = None

    def arm(self) -> None:
        """Writes down each request of the program that runs before it is sent to the engine, unless this is a
        preview. One that can't be written is not sent: pulumi.RunError. To be called by the program."""
        import pulumi

        from stacks.recording.wire import before_registering

        if self._path is None or pulumi.runtime.is_dry_run():
            return
        before_registering(pulumi.runtime.settings.get_monitor(), self._write)

    def refused(self, urn: str) -> None:
        """The cloud has refused a creation: what has that name is another's."""
        if self._file is not None:
            self._append({REFUSED: urn})

    def read(self) -> Intended:
        """What is written down. A line that a full disk has cut off was never acted on."""
        try:
            text = self._path.read_bytes() if self._path is not None else b""
        except FileNotFoundError:
            return Intended()
        lines = [line for each in text.splitlines() if (line := _parsed(each))]
        refused = {line[REFUSED] for line in lines if REFUSED in line}
        records = {line["urn"]: line for line in lines if line.get("urn", "") not in {"", *refused}}
        begun = [bool(line[FROM_NOTHING]) for line in lines if FROM_NOTHING in line]
        return Intended(tuple(records.values()), begun[:1] == [True])

    def is_open(self) -> bool:
        """Whether an update has begun that has neither ended nor failed in order since: it was cut off, even
        where a recovery has settled what it had begun; or it goes on."""
        return self._path is not None and self._path.exists() and self._path.stat().st_size > 0

    def forget(self) -> None:
        """Empties the record, unless an update of another process writes it now: an update has ended."""
        self._truncate(b"")

    def settle(self) -> None:
        """As `forget`, when a recovery has found out what was done: that an update was cut off stays known
        until one ends."""
        if self.is_open():
            self._truncate(json.dumps({CUT_OFF: True}).encode() + b"\n")

    def _truncate(self, left: bytes) -> None:
        if self._path is None or not self._path.exists():
            return
        with self._path.open("r+b") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            file.truncate(0)
            file.write(left)

    def _is_nothing_there(self) -> bool:
        assert self._folder is not None
        known = state(self._folder, self._stack)
        return known is not None and not any(map(is_in_a_cloud, known.get("resources") or []))

    def _write(self, request: Any) -> None:
        import pulumi

        from stacks.recording.wire import urn_of

        urn = urn_of(request, self._stack, PROJECT)
        if not self._creates(urn):
            return
        if self._file is None:
            raise pulumi.RunError(f"Another process updates {self._stack} just now: {self._path} is its own.")
        try:
            self._append(_record(urn, request))
        except OSError as error:
            raise pulumi.RunError(
                f"{request.name} ({request.type}) isn't created, since that couldn't be written down before:"
                f" {error}. Make room, and run it again."
            ) from error

    def _append(self, line: Json) -> None:
        with self._lock:
            assert self._file is not None
            self._file.seek(0, os.SEEK_END)
            is_cut = False
            if end := self._file.tell():
                self._file.seek(end - 1)
                is_cut = self._file.read(1) != b"\n"
            self._file.write(b"\n" * is_cut + json.dumps(line).encode() + b"\n")
            self._file.flush()
            os.fsync(self._file.fileno())


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


def _parsed(line: bytes) -> Json:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _record(urn: str, request: Any) -> Json:
    """A request to register a resource as a record of a state, without its secrets."""
    inputs = {name: redacted(value) for name, value in from_struct(request.object).items()}
    if request.type.startswith("pulumi:providers:") and request.version:
        inputs["version"] = request.version  # the engine adds it
    known = {name: value for name, value in inputs.items() if value != "[secret]"}
    record: Json = {"urn": urn, "type": request.type, "custom": bool(request.custom), "inputs": known}
    flags = {"protect": bool(request.protect), "retainOnDelete": bool(request.retainOnDelete)}
    words = {"parent": request.parent, "provider": request.provider}
    return record | {name: value for name, value in {**flags, **words}.items() if value}
