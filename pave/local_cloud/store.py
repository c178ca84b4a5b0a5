"""The local cloud's database, a SQLite file: its resources, pending faults, and an append-only log of
calls."""

import fcntl
import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from catalog.document import Json

TABLES = """
PRAGMA journal_mode = WAL;
PRAGMA busy_timeout = 10000;
CREATE TABLE IF NOT EXISTS resources (
  scope TEXT, type TEXT, id TEXT, urn TEXT, inputs TEXT, outputs TEXT, created TEXT, updated TEXT,
  PRIMARY KEY (scope, type, id)
);
CREATE TABLE IF NOT EXISTS calls (
  number INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT, operation TEXT, preview INTEGER, type TEXT, urn TEXT,
  id TEXT, outcome TEXT
);
CREATE TRIGGER IF NOT EXISTS calls_stay BEFORE UPDATE ON calls BEGIN SELECT RAISE(ABORT, 'only grows'); END;
CREATE TRIGGER IF NOT EXISTS calls_remain BEFORE DELETE ON calls BEGIN SELECT RAISE(ABORT, 'only grows'); END;
CREATE TABLE IF NOT EXISTS faults (
  number INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT, operation TEXT, code TEXT, remaining INTEGER
);
CREATE TABLE IF NOT EXISTS settings (kind TEXT, name TEXT, value TEXT, PRIMARY KEY (kind, name));
"""


SERVED = "served"
"""The file in the state folder that the process holds which serves it."""


def store_file(state: Path) -> Path:
    """The file of the local cloud that keeps its things in the folder `state`, whether it is there or not."""
    return state / "cloud.sqlite"


def has_store(state: Path) -> bool:
    """Whether a local cloud keeps its things in the folder `state`, running or not."""
    return store_file(state).is_file()


@contextmanager
def serving(state: Path, patience: float = 5.0) -> Iterator[None]:
    """Holds the folder `state` as the one process that serves what is in it, until that ends, however it
    ends. Waits `patience` seconds for another that may be ending. Raises BlockingIOError when it doesn't."""
    end = time.monotonic() + patience
    with (state / SERVED).open("ab") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= end:
                    raise
            time.sleep(0.02)
        yield


def is_served(state: Path) -> bool:
    """Whether a process serves what is in the folder `state`."""
    try:
        with (state / SERVED).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return False
    except BlockingIOError:
        return True
    except OSError:
        return False


class Exists(Exception):
    """A resource with this scope, type and id is there already."""


class StoredResource(NamedTuple):
    """A resource that exists in the local cloud. `scope` is its project, or its Kubernetes cluster. `inputs`
    and `outputs` keep the engine's marks of secrets; `created` and `updated` are ISO 8601."""

    scope: str
    type: str
    id: str
    urn: str
    inputs: Json
    outputs: Json
    created: str
    updated: str


class Call(NamedTuple):
    """A call of the engine in the log; `at` is ISO 8601.

    `outcome` begins with `ok` when the cloud has done it, and goes on with the failure when the engine got
    another answer; else it is why the call was refused."""

    number: int
    at: str
    operation: str
    preview: bool
    type: str
    urn: str
    id: str
    outcome: str

    @property
    def is_done(self) -> bool:
        """Whether the call has changed or read the cloud: it was neither refused nor a preview."""
        return self.outcome.startswith("ok") and not self.preview


class PlannedFailure(NamedTuple):
    """A pending fault: the next `remaining` calls whose type and operation match these globs fail with
    `code`."""

    number: int
    type: str
    operation: str
    code: str
    remaining: int


class CloudStore:
    """The database in the file `path`, which is made if it isn't there. Many threads and processes may use it
    at once. `clock` gives the time in UTC."""

    def __init__(self, path: Path, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=10)
        self._connection.executescript(TABLES)

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All changes made inside are committed together, or none is, even if the process is killed. A
        transaction inside another is a part of that one."""
        with self._lock:
            if self._connection.in_transaction:
                yield
                return
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def insert(self, scope: str, token: str, id_: str, urn: str, inputs: Json, outputs: Json) -> None:
        """Adds a resource. Raises Exists when there is one with its scope, type and id."""
        now = self._now()
        row = (scope, token, id_, urn, json.dumps(inputs), json.dumps(outputs), now, now)
        try:
            self._run("INSERT INTO resources VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        except sqlite3.IntegrityError:
            raise Exists from None

    def update(self, scope: str, token: str, id_: str, inputs: Json, outputs: Json) -> None:
        """Replaces the inputs and outputs of a resource, if it is there."""
        self._run(
            "UPDATE resources SET inputs = ?, outputs = ?, updated = ?"
            " WHERE scope = ? AND type = ? AND id = ?",
            (json.dumps(inputs), json.dumps(outputs), self._now(), scope, token, id_),
        )

    def delete(self, scope: str, token: str, id_: str) -> None:
        """Removes a resource, if it is there."""
        self._run("DELETE FROM resources WHERE scope = ? AND type = ? AND id = ?", (scope, token, id_))

    def find(self, scope: str, token: str, id_: str) -> StoredResource | None:
        """The resource with this scope, type and id; None when it isn't there."""
        rows = self._run(
            "SELECT * FROM resources WHERE scope = ? AND type = ? AND id = ?", (scope, token, id_)
        )
        return _held(rows[0]) if rows else None

    def resources(self) -> list[StoredResource]:
        """All resources, ordered by type and id."""
        return [_held(row) for row in self._run("SELECT * FROM resources ORDER BY type, scope, id")]

    def set(self, kind: str, name: str, value: str) -> None:
        """Sets what is so without being a resource: see `settings`."""
        self._run("INSERT OR REPLACE INTO settings VALUES (?, ?, ?)", (kind, name, value))

    def unset(self, kind: str, name: str) -> bool:
        """Puts a setting back to the default of its kind. Whether it was set."""
        statement = "DELETE FROM settings WHERE kind = ? AND name = ? RETURNING name"
        return bool(self._run(statement, (kind, name)))

    def set_all(self, kind: str, names: str, values: Mapping[str, str]) -> None:
        """Makes `values` all that is set of a kind, by name, among the names that begin with `names`."""
        with self.transaction():
            before = {
                name: value
                for (of, name), value in self.settings().items()
                if of == kind and name.startswith(names)
            }
            for name in before.keys() - values.keys():
                self.unset(kind, name)
            for name, value in values.items():
                if before.get(name) != value:
                    self.set(kind, name, value)

    def settings(self) -> dict[tuple[str, str], str]:
        """All that is set, by kind and name, ordered by both."""
        rows = self._run("SELECT kind, name, value FROM settings ORDER BY kind, name")
        return {(kind, name): value for kind, name, value in rows}

    def log(self, operation: str, token: str, urn: str, id_: str, outcome: str, *, preview: bool) -> None:
        """Adds a call to the log: see `Call`."""
        self._run(
            "INSERT INTO calls (at, operation, preview, type, urn, id, outcome) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (self._now(), operation, preview, token, urn, id_, outcome),
        )

    def calls(self, since: int = 0) -> list[Call]:
        """All calls after the one with the number `since`, the oldest first."""
        rows = self._run("SELECT * FROM calls WHERE number > ? ORDER BY number", (since,))
        return [Call(*row)._replace(preview=bool(row[3])) for row in rows]

    def add_fault(self, token: str, operation: str, code: str, times: int) -> None:
        """Adds a pending fault: see `PlannedFailure`."""
        self._run(
            "INSERT INTO faults (type, operation, code, remaining) VALUES (?, ?, ?, ?)",
            (token, operation, code, times),
        )

    def take_fault(self, token: str, operation: str) -> str | None:
        """Uses up one failure of the oldest pending fault that matches this call: its code, or None when none
        matches."""
        taken = self._run(
            "UPDATE faults SET remaining = remaining - 1 WHERE number = (SELECT number FROM faults WHERE"
            " remaining > 0 AND ? GLOB type AND ? GLOB operation ORDER BY number LIMIT 1) RETURNING code",
            (token, operation),
        )
        return str(taken[0][0]) if taken else None

    def faults(self) -> list[PlannedFailure]:
        """The pending faults, the oldest first."""
        return [
            PlannedFailure(*row)
            for row in self._run("SELECT * FROM faults WHERE remaining > 0 ORDER BY number")
        ]

    def clear_faults(self) -> None:
        """Removes all pending faults."""
        self._run("UPDATE faults SET remaining = 0")

    def _run(self, statement: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._connection.execute(statement, values).fetchall()

    def _now(self) -> str:
        return self._clock().isoformat(timespec="milliseconds")


def _held(row: tuple[Any, ...]) -> StoredResource:
    held = StoredResource(*row)
    return held._replace(inputs=json.loads(row[4]), outputs=json.loads(row[5]))
