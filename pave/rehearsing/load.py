"""A steady load: so many orders a second, whether or not those before were answered.

An order is measured from the moment at which it should have been asked for, so that a part that stands still
is not asked less often for it ("coordinated omission", http://highscalability.com/blog/2015/10/5/your-load-generator-is-probably-lying-to-you-take-the-red-pi.html).
"""

import http.client
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

PATIENCE = 5.0
"""Seconds after which a client gives up."""

AT_ONCE = 64


class AskedOrder(NamedTuple):
    """An order that somebody asked for: when it was due, on the clock of `time.monotonic`; after how many
    seconds what came; the status, 0 for none; and the copy that answered."""

    order: int
    due: float
    seconds: float
    status: int
    copy: str

    @property
    def is_acknowledged(self) -> bool:
        """Whether its client was told that it is taken."""
        return self.status == 201


class Load:
    """Orders `rate` a second through a port, from when it is made until it is ended."""

    def __init__(self, port: int, rate: float) -> None:
        self._port, self._rate = port, rate
        self._asked: list[AskedOrder] = []
        self._due: list[float] = []
        self._is_over = threading.Event()
        self._pool = ThreadPoolExecutor(AT_ONCE, "load")
        self._thread = threading.Thread(target=self._ask_on, daemon=True)
        self._thread.start()

    def asked(self, since: float = 0.0, before: float = float("inf")) -> list[AskedOrder]:
        """What was due in a time, and has been answered or given up, in the order in which it was due."""
        return sorted(
            (each for each in list(self._asked) if since <= each.due < before), key=lambda each: each.due
        )

    def until_answered(self, before: float) -> None:
        """Waits until all that was due before a moment has been answered or given up."""
        while len(self.asked(before=before)) < self._sent(before):
            time.sleep(0.02)

    def end(self) -> None:
        """Asks for nothing more."""
        self._is_over.set()
        self._thread.join()
        self._pool.shutdown()

    def _sent(self, before: float) -> int:
        return sum(due < before for due in list(self._due))

    def _ask_on(self) -> None:
        begun = time.monotonic()
        order = 0
        while not self._is_over.is_set():
            order += 1
            due = begun + order / self._rate
            time.sleep(max(0.0, due - time.monotonic()))
            self._due.append(due)
            self._pool.submit(self._ask, order, due)

    def _ask(self, order: int, due: float) -> None:
        status, copy = 0, ""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)
        try:
            connection.request("POST", f"/orders/{order}", headers={"Content-Length": "0"})
            answer = connection.getresponse()
            answer.read()
            status, copy = answer.status, answer.getheader("X-Copy", "")
        except (OSError, http.client.HTTPException):
            status = 0
        finally:
            connection.close()
        self._asked.append(AskedOrder(order, due, time.monotonic() - due, status, copy))
