"""Closes the books once a tick, whoever else has a clock: under a lock, and after looking who was there."""

import time

import psycopg

from pave.rehearsing.app.ending import StopSignal
from pave.rehearsing.app.settings import CopySettings
from pave.rehearsing.app.tables import Connection, connect

LOCK = 42
PAUSE = 0.05


def run(settings: CopySettings) -> None:
    """Closes each tick until it is told to end, those before it too that nobody could."""
    ending = StopSignal()
    connection: Connection | None = None
    while not ending.asked:
        try:
            if connection is None or connection.closed:
                connection = connect(settings.database)
            _close(connection, int(time.time() / settings.tick), settings.name)
        except psycopg.Error:
            connection = None
        time.sleep(PAUSE)


def _close(connection: Connection, tick: int, name: str) -> None:
    with connection.transaction():
        leads = connection.execute("SELECT pg_try_advisory_xact_lock(%s)", (LOCK,)).fetchone()
        if leads != (True,):
            return
        last = connection.execute("SELECT max(tick) FROM closings").fetchone()
        first = tick if last is None or last[0] is None else last[0] + 1
        for each in range(first, tick + 1):
            connection.execute("INSERT INTO closings (tick, closed_by) VALUES (%s, %s)", (each, name))
