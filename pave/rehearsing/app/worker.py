"""Does jobs: charges an order at the vendor, and bills it. A job stays in the worker's hand until its bill is
committed; while the vendor doesn't answer, or refuses, it is tried again."""

import http.client
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
    bills = Bills(settings, ending)
    taken_up: set[int] = set()
    while not ending.asked:
        found = False
        for number, server in enumerate(servers):
            try:
                if number not in taken_up:
                    for left in server.lrange(hand, 0, -1):
                        _do(server, hand, int(left), bills)
                    taken_up.add(number)
                job = server.lmove(QUEUE, hand, "RIGHT", "LEFT")
                if job is not None:
                    found = True
                    _do(server, hand, int(job), bills)
            except redis.RedisError:
                taken_up.discard(number)  # whether it was taken isn't known: what is in the hand says so
        if not found:
            time.sleep(PAUSE)


def _do(server: redis.Redis, hand: str, job: int, bills: "Bills") -> None:
    """Does a job, or gives it back where the worker has to end before."""
    is_done = bills.charge(job)
    if is_done:
        bills.bill(job)
    with server.pipeline(transaction=True) as both:
        both.lrem(hand, 1, str(job))
        if not is_done:
            both.lpush(QUEUE, job)
        both.execute()


class Bills:
    """Bills orders, each once: the key of a job is committed together with its bill."""

    def __init__(self, settings: CopySettings, ending: StopSignal) -> None:
        self._settings, self._ending = settings, ending
        self._connection: Connection | None = None

    def charge(self, order: int) -> bool:
        """Has the vendor charge an order, which it does once; False where it doesn't before this worker has
        to end."""
        while not self._ending.asked:
            vendor = http.client.HTTPConnection(
                "127.0.0.1", self._settings.vendor, timeout=2, source_address=(self._settings.source, 0)
            )
            try:
                vendor.request("POST", f"/charges/{order}", headers={"Content-Length": "0"})
                if vendor.getresponse().status in {200, 201}:
                    return True
            except (OSError, http.client.HTTPException):
                pass
            finally:
                vendor.close()
            time.sleep(5 * PAUSE)
        return False

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
