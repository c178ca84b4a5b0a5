"""Google's APIs as they answer `pave preflight`: the pages are named in `pave.preflight.google_project`."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote

from pave.preflight.google_project import MANAGER, ROOTS, USAGE
from tests.served_secrets import BEARER

PERMISSIONS = ":testIamPermissions"


class Answers(BaseHTTPRequestHandler):
    """`found` are the resources by path, with `(status, message)` for an error; `disabled` are APIs."""

    found: dict[str, Any]
    disabled: set[str]
    missing: set[str]

    def do_GET(self) -> None:
        path, _, query = unquote(self.path).lstrip("/").partition("?")
        if self.headers["authorization"] != f"Bearer {BEARER}":
            self._fail(401, "Request had invalid authentication credentials.")
        elif path.endswith("/services:batchGet"):
            names = parse_qs(query)["names"]
            off = {name for name in names if name.rpartition("/")[2] in self.disabled}
            states = [{"name": n, "state": "DISABLED" if n in off else "ENABLED"} for n in names]
            self._answer(200, {"services": states})
        elif path not in self.found:
            self._fail(404, f"The resource '{path}' was not found")
        elif isinstance(self.found[path], tuple):
            self._fail(*self.found[path])
        else:
            self._answer(200, self.found[path])

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))["permissions"]
        assert self.path.endswith(PERMISSIONS)
        assert len(asked) <= 100
        granted = [each for each in asked if each not in self.missing]
        self._answer(200, {"permissions": granted} if granted else {})

    def _fail(self, status: int, message: str) -> None:
        self._answer(status, {"error": {"code": status, "message": message}})

    def _answer(self, status: int, body: Any) -> None:
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def google(
    found: dict[str, Any], disabled: set[str] | None = None, missing: set[str] | None = None
) -> Iterator[Mapping[str, str]]:
    """Serves these. Gives the variables that lead there."""
    fields = {"found": found, "disabled": disabled or set(), "missing": missing or set()}
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("ServedAnswers", (Answers,), fields))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    root = f"http://127.0.0.1:{server.server_address[1]}/"
    apis = (USAGE, MANAGER, *ROOTS.values())
    yield {**{api.endpoint: root for api in apis}, "GOOGLE_OAUTH_ACCESS_TOKEN": BEARER}
    server.shutdown()
    server.server_close()
