"""What was done of a migration, and when: lines that are only ever added to, beside the stack's state.

It is evidence for people, and what a walk that was cut off goes on from. Which phase the cloud is in says the
stack itself, in its outputs, and which one it is to be in the migration's file: the journal adds when, by
whom, and on whose word."""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol

import msgspec

from pave.delivery.engine.target import BACKEND, AskedCloud
from pave.files import alone
from pave.refused import Refused
from stacks.backend import folder_of

What = Literal[
    "begun",
    "applied",
    "seen",
    "waits",
    "verified",
    "unwell",
    "failed",
    "soak-ended",
    "halted",
    "leaving",
    "returned",
    "lifted",
    "given-up",
    "rehearsed",
]
"""`seen` is a phase that somebody else has made: nobody knows when, so that it counts from then. A phase is
`unwell` where a signal fails, and `halted` where it is taken back for that by itself, until somebody has
`lifted` it. `leaving` begins a return, which `returned` ends, in the phase before. `rehearsed` is what a
rehearsal has made of it."""


class JournalEntry(msgspec.Struct, frozen=True, rename="camel"):
    """One line: when (UTC), which phase, what happened, whose word it is, and what there is to say."""

    at: datetime
    phase: str
    what: What
    by: str
    note: str = ""
    facts: dict[str, str] = {}


class Journal(Protocol):
    """The journal of a stack's migration."""

    def read(self) -> list[JournalEntry]:
        """All lines, the oldest first. Raises Refused for what is no journal."""

    def add(self, entry: JournalEntry) -> None:
        """Adds a line, and returns when it is safe from a crash. Raises Refused."""


def journal_of(cloud: AskedCloud, stack: str, environ: Mapping[str, str]) -> Journal:
    """The journal of a stack: beside its state where that lies in a folder, else in the folder of
    `--state`."""
    beside = None if cloud.name == "local" else folder_of(environ.get(BACKEND, ""))
    return FolderJournal(beside or cloud.state, stack)


class FolderJournal:
    """The journal of a stack's migration, in a folder."""

    def __init__(self, folder: Path, stack: str) -> None:
        self.path = folder / "migrations" / f"{stack}.jsonl"

    def read(self) -> list[JournalEntry]:
        """All lines. A last one that was cut short counts for nothing: what it was about was not written
        down, and is done again. Raises Refused for a broken one in the middle."""
        try:
            lines = self.path.read_bytes().splitlines(keepends=True)
        except FileNotFoundError:
            return []
        found = []
        for number, line in enumerate(lines, 1):
            try:
                found.append(msgspec.json.decode(line, type=JournalEntry))
            except (msgspec.DecodeError, msgspec.ValidationError) as error:
                if number == len(lines) and not line.endswith(b"\n"):
                    break
                what = f"{self.path}:{number} is no line of a migration's journal: {error}."
                raise Refused(what) from error
        return found

    def add(self, entry: JournalEntry) -> None:
        """Adds a line, and returns when it is on the disk."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with alone(self.path.with_suffix(".lock")):
            kept = self.path.read_bytes() if self.path.exists() else b""
            whole = kept[: kept.rfind(b"\n") + 1]
            with self.path.open("r+b" if self.path.exists() else "xb") as file:
                file.truncate(len(whole))
                file.seek(len(whole))
                file.write(json.dumps(msgspec.to_builtins(entry), ensure_ascii=False).encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())


def latest(entries: Iterable[JournalEntry], phase: str, what: Sequence[What]) -> JournalEntry | None:
    """The last line on a phase that says one of these."""
    found = [each for each in entries if each.phase == phase and each.what in what]
    return found[-1] if found else None
