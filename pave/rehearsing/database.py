"""Real PostgreSQL: servers that stream to each other, and the switch between them."""

import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg

from pave.rehearsing.app.tables import TABLES, connect
from pave.rehearsing.programs import (
    LiveServer,
    NotRehearsed,
    as_nobody_special,
    database_user,
    free_port,
    program,
    until,
)

MOVE = "move"
"""What publications and subscriptions are called."""


class LiveDatabase:
    """A PostgreSQL server of its own. Made, it neither runs nor has any data."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self.port = name, free_port()
        self._home = folder / name
        self._home.mkdir()
        os.chown(self._home, *database_user())
        self._data = self._home / "data"
        self.archive = self._home / "archive"
        self._server: LiveServer | None = None

    @property
    def runs(self) -> bool:
        """Whether it runs."""
        return self._server is not None and self._server.runs

    def fill(self) -> None:
        """Makes it a new, empty one with the app's tables, and starts it."""
        words: list[str | Path] = [
            "-D",
            self._data,
            "-A",
            "trust",
            "-U",
            "postgres",
            "--no-sync",
            "--locale",
            "C",
            "-E",
            "UTF8",
        ]
        self._run("initdb", *words)
        self._run_as(["mkdir", "-p", self.archive])
        self.start()
        with connect(self.port) as connection:
            connection.execute(TABLES)
            connection.execute(f"CREATE PUBLICATION {MOVE} FOR ALL TABLES")
        self.set(wal_level="logical")
        self.stop()
        self.start()

    def copy(self, primary: "LiveDatabase") -> None:
        """Makes it a copy of a running one that follows it, and starts it."""
        self.discard()
        slot = ["-C", "-S", self.name]
        said = ["-h", "127.0.0.1", "-p", str(primary.port), "-U", "postgres", "-X", "stream", "-c", "fast"]
        self._run("pg_basebackup", "-D", self._data, "-R", "--no-sync", *said, *slot)
        follows = f"host=127.0.0.1 port={primary.port} user=postgres application_name={self.name}"
        with (self._data / "postgresql.auto.conf").open("a") as settings:
            settings.write(f"primary_conninfo = '{follows}'\n")
        self.start()

    def start(self) -> None:
        """Starts it, and waits until it answers. Raises NotRehearsed."""
        command: list[str | Path] = [program("postgres"), "-D", self._data, "-p", str(self.port)]
        # Whoever follows comes back at once, as disks that copy each other do; by itself it waits 5 s.
        said = ("listen_addresses=127.0.0.1", "shared_buffers=32MB", "wal_retrieve_retry_interval=100ms")
        options = ["-k", str(self._home), *(word for each in said for word in ("-c", each))]
        log = self._home / "log"
        self._server = LiveServer(self.name, [*command, *options], log, special=True)
        self._server.until(self._answers, "answers")

    def stop(self) -> None:
        """Cuts all connections, and ends it with everything sent to whoever follows it."""
        if self._server is not None:
            self._server.end(signal.SIGINT)  # https://www.postgresql.org/docs/15/server-shutdown.html: fast

    def kill(self) -> None:
        """Kills it and all its processes at once, as if its machine had gone."""
        if self._server is not None and self._server.runs:
            import psutil

            whole = psutil.Process(self._server.pid)
            for each in (whole, *whole.children(recursive=True)):
                each.kill()
            self._server.end()

    def copy_rows(self, source: "LiveDatabase", *, whole: bool) -> None:
        """Takes over what is written to another, by logical replication: all that is there first, or only
        what comes from now on."""
        at = f"host=127.0.0.1 port={source.port} user=postgres dbname=postgres"
        self.ask_nothing(
            f"CREATE SUBSCRIPTION {MOVE} CONNECTION '{at}' PUBLICATION {MOVE} WITH (copy_data = {whole})"
        )

    def follows_rows(self) -> bool:
        """Whether it takes over what is written to another."""
        return self.ask("SELECT count(*) FROM pg_subscription") == (1,)

    def copies_rows(self) -> bool:
        """Whether all that was there has been copied."""
        return self.ask("SELECT count(*) FROM pg_subscription_rel WHERE srsubstate <> 'r'") == (0,)

    def has_rows_of(self, source: "LiveDatabase") -> bool:
        """Whether it has all that was written to the other, to which nobody writes any more."""
        query = "SELECT confirmed_flush_lsn >= pg_current_wal_lsn() FROM pg_replication_slots"
        return source.ask(f"{query} WHERE slot_name = '{MOVE}'") == (True,)

    def copy_no_more(self) -> None:
        """Takes over nothing more."""
        self.ask_nothing(f"DROP SUBSCRIPTION IF EXISTS {MOVE}")

    def ask_nothing(self, statement: str) -> None:
        """Runs a statement that has no answer. Raises psycopg.Error."""
        with connect(self.port) as connection:
            connection.execute(statement)

    def discard(self) -> None:
        """Ends it and deletes what it holds."""
        self.stop()
        shutil.rmtree(self._data, ignore_errors=True)

    def promote(self) -> None:
        """Makes it take writes. Raises NotRehearsed."""
        if self.ask("SELECT pg_promote(true, 20)") != (True,):
            raise NotRehearsed(f"{self.name} wasn't promoted")

    def set(self, **settings: str) -> None:
        """Writes settings; those that ask for a restart wait for it."""
        with connect(self.port) as connection:
            for name, value in settings.items():
                connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
            connection.execute("SELECT pg_reload_conf()")

    def ask(self, query: str) -> tuple[Any, ...]:
        """The first row that a query gives. Raises psycopg.Error."""
        with connect(self.port) as connection:
            row = connection.execute(query).fetchone()
        return () if row is None else row

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """All rows of a query. Raises psycopg.Error."""
        with connect(self.port) as connection:
            return connection.execute(query).fetchall()

    def follows(self, standby: str, state: str) -> bool:
        """Whether a standby of that name streams from it in a state: `sync` or `async`."""
        query = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"
        return self.ask(f"{query} AND application_name = '{standby}' AND sync_state = '{state}'") == (1,)

    def behind(self) -> float:
        """By how many seconds the standbys that follow it are behind, at most; 0 where there is none."""
        query = "SELECT coalesce(extract(epoch FROM max(replay_lag)), 0) FROM pg_stat_replication"
        return float(self.ask(query)[0])

    def follow(self, primary: "LiveDatabase") -> None:
        """Starts it, after a stop that was in order, as a standby of the one that was its own standby."""
        with connect(primary.port) as connection:
            slot = "SELECT pg_create_physical_replication_slot(%s)"
            known = connection.execute(
                "SELECT 1 FROM pg_replication_slots WHERE slot_name = %s", (self.name,)
            ).fetchone()
            if known is None:
                connection.execute(slot, (self.name,))
        follows = f"host=127.0.0.1 port={primary.port} user=postgres application_name={self.name}"
        with (self._data / "postgresql.auto.conf").open("a") as settings:
            settings.write(f"primary_conninfo = '{follows}'\nprimary_slot_name = '{self.name}'\n")
        self._run_as(["touch", self._data / "standby.signal"])
        self.start()

    def forget_followers(self) -> None:
        """Keeps no log for standbys that have gone, and waits for none."""
        self.set(synchronous_standby_names="")
        with connect(self.port) as connection:
            connection.execute(
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT active"
            )

    def _answers(self) -> bool:
        try:
            return self.ask("SELECT 1") == (1,)
        except psycopg.Error:
            return False

    def _run(self, name: str, *words: str | Path) -> None:
        self._run_as([program(name), *words])

    def _run_as(self, command: Sequence[str | Path]) -> None:
        done = subprocess.run(
            [*as_nobody_special(), *command], cwd="/", capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise NotRehearsed(f"{Path(command[0]).name} of {self.name}: {done.stderr.strip()}")


def caught_up(standby: LiveDatabase, primary: LiveDatabase) -> bool:
    """Whether a standby has all that its primary has written."""
    written = primary.ask("SELECT pg_current_wal_lsn()::text")[0]
    got = standby.ask("SELECT coalesce(pg_last_wal_receive_lsn(), '0/0')::text")[0]
    return _position(got) >= _position(written)


def wait_for(standby: LiveDatabase, primary: LiveDatabase, state: str) -> None:
    """Waits until a standby streams from a primary in a state. Raises NotRehearsed."""
    until(lambda: primary.follows(standby.name, state), f"{standby.name} streams from {primary.name}")


def _position(text: str) -> int:
    high, low = text.split("/")
    return (int(high, 16) << 32) + int(low, 16)
