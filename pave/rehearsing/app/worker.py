"""Does jobs: bills an order. A job stays in the worker's hand until its bill is committed."""

import time

import psycopg
import redis

from pave.rehearsing.app.ending import StopSignal
from pave.rehearsing.app.queue import QUEUE, client, in_hand
from pave.rehearsing.app.settings import CopySettings
from pave.rehearsing.app.tables import Connection, connect

PAUSE = 0.02


def work(settings: CopySettings) -> None:
    """Takes jobs until it is told to end, and ends after the one that it has begun. What a former worker of
    its name had in its hand comes first."""
    ending, hand = StopSignal(), in_hand(settings.name)
    servers = [client(port) for port in settings.take]
    bills = Bills(settings)
    taken_up: set[int] = set()
    while not ending.asked:
        found = False
        for number, server in enumerate(servers):
            try:
                if number not in taken_up:
                    for left in server.lrange(hand, 0, -1):
                        bills.bill(int(left))
                        server.lrem(hand, 1, str(int(left)))
                    taken_up.add(number)
                job = server.lmove(QUEUE, hand, "RIGHT", "LEFT")
                if job is not None:
                    found = True
                    bills.bill(int(job))
                    server.lrem(hand, 1, str(int(job)))
            except redis.RedisError:
                taken_up.discard(number)  # whether it was taken isn't known: what is in the hand says so
        if not found:
            time.sleep(PAUSE)


class Bills:
    """Bills orders, each once: the key of a job is committed together with its bill."""

    def __init__(self, settings: CopySettings) -> None:
        self._settings = settings
        self._connection: Connection | None = None

    def bill(self, order: int) -> None:
        """Bills an order unless it was billed; tries for as long as the database doesn't answer."""
        while True:
            try:
                if self._connection is None or self._connection.closed:
                    self._connection = connect(self._settings.database)
                with self._connection.transaction():
                    key = "INSERT INTO job_keys VALUES (%s) ON CONFLICT DO NOTHING RETURNING id"
                    if self._connection.execute(key, (order,)).fetchone() is not None:
                        self._connection.execute(
                            "INSERT INTO bills (order_id, billed_by) VALUES (%s, %s)",
                            (order, self._settings.name),
                        )
            except psycopg.Error:
                self._connection = None
                time.sleep(5 * PAUSE)
            else:
                return
