"""Takes orders: `POST /orders/ID`. The client names the order, so that asking again makes no other one."""

import contextlib
import queue
import signal
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import psycopg
import redis

from pave.rehearsing.app.queue import QUEUE, client
from pave.rehearsing.app.settings import CopySettings
from pave.rehearsing.app.tables import Connection, connect


class Connections:
    """Connections that are used again, by one request at a time."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._idle: queue.LifoQueue[Connection] = queue.LifoQueue()

    def execute(self, statement: Any, values: tuple[Any, ...]) -> None:
        """Runs and commits a statement, once more on a new connection if an idle one was cut meanwhile.
        Raises psycopg.Error."""
        try:
            connection = self._idle.get_nowait()
        except queue.Empty:
            self._on(connect(self._port), statement, values)
            return
        try:
            self._on(connection, statement, values)
        except psycopg.OperationalError:
            self._on(connect(self._port), statement, values)

    def _on(self, connection: Connection, statement: Any, values: tuple[Any, ...]) -> None:
        try:
            connection.execute(statement, values)
        except psycopg.Error:
            with contextlib.suppress(psycopg.Error):
                connection.close()
            raise
        self._idle.put(connection)


def serve(settings: CopySettings) -> None:
    """Answers until it is told to end, and ends after what it has begun."""
    connections, jobs = Connections(settings.database), client(settings.enqueue)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer(200)

        def do_POST(self) -> None:
            order = int(self.path.rsplit("/", 1)[-1])
            try:
                connections.execute(
                    "INSERT INTO orders (id, taken_by) VALUES (%s, %s) ON CONFLICT DO NOTHING",
                    (order, settings.name),
                )
                jobs.lpush(QUEUE, order)
            except (psycopg.Error, redis.RedisError):
                self._answer(503)
            else:
                self._answer(201)

        def _answer(self, status: int) -> None:
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.send_header("X-Copy", settings.name)
            self.end_headers()

        def log_message(self, *_: Any, **__: Any) -> None:
            """Nothing: who asks counts what it was answered."""

    class Server(ThreadingHTTPServer):
        request_queue_size = 128

    server = Server(("127.0.0.1", settings.listen), Handler)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    server.serve_forever(poll_interval=0.05)
