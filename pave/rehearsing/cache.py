"""A real Redis."""

from pathlib import Path

import redis

from pave.rehearsing.app.queue import client, left
from pave.rehearsing.programs import LiveServer, free_port, program


class LiveRedis:
    """A Redis of its own, which writes down what it holds."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self.port = name, free_port()
        home = folder / name
        home.mkdir()
        at = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(home)]
        self._server = LiveServer(
            name,
            [program("redis-server"), *at, "--save", "", "--appendonly", "yes", "--appendfsync", "always"],
            home / "log",
        )
        self._server.until(self._answers, "answers")

    @property
    def runs(self) -> bool:
        """Whether it runs."""
        return self._server.runs

    def left(self) -> int:
        """How many jobs wait in it or are in a worker's hand."""
        return left(self.port)

    def end(self) -> None:
        """Ends it."""
        self._server.end()

    def _answers(self) -> bool:
        try:
            with client(self.port) as server:
                return bool(server.ping())
        except redis.RedisError:
            return False
