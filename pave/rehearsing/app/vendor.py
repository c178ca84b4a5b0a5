"""The vendor that takes the money: `POST /charges/ID`, from addresses that it lets in, each charge once.

It is nobody's who moves: what it has written into its ledger stays, however it ends."""

import signal
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from pave.rehearsing.app.settings import CopySettings


def sell(settings: CopySettings) -> None:
    """Answers until it is told to end. `PUT /allowed/ADDRESS` and `DELETE` of it change who is let in; at
    first, or again after it has ended, those that its ledger says."""
    ledger = Path(settings.ledger)
    allowed, charged = _read(ledger)
    writing = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            if self.client_address[0] not in allowed:
                self._answer(403)
                return
            order = self.path.rsplit("/", 1)[-1]
            with writing:
                is_new = order not in charged
                if is_new:
                    self._write(f"charge {order}")
                    charged.add(order)
            self._answer(201 if is_new else 200)

        def do_PUT(self) -> None:
            self._allow("allow")
            allowed.add(self.path.rsplit("/", 1)[-1])

        def do_DELETE(self) -> None:
            self._allow("refuse")
            allowed.discard(self.path.rsplit("/", 1)[-1])

        def _allow(self, word: str) -> None:
            with writing:
                self._write(f"{word} {self.path.rsplit('/', 1)[-1]}")
            self._answer(204)

        def _write(self, line: str) -> None:
            with ledger.open("a") as file:
                file.write(f"{line}\n")

        def _answer(self, status: int) -> None:
            self.send_response(status)
            if status != 204:
                self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing: the ledger says what was done."""

    server = ThreadingHTTPServer(("127.0.0.1", settings.listen), Handler)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    server.serve_forever(poll_interval=0.05)


def _read(ledger: Path) -> tuple[set[str], set[str]]:
    """Who is let in, and what was charged."""
    allowed, charged = set[str](), set[str]()
    for line in ledger.read_text("utf-8").splitlines() if ledger.exists() else ():
        word, _, what = line.partition(" ")
        if word == "charge":
            charged.add(what)
        elif word == "allow":
            allowed.add(what)
        else:
            allowed.discard(what)
    return allowed, charged
