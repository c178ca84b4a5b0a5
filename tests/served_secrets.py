"""Google's Secret Manager as it answers: https://cloud.google.com/secret-manager/docs/reference/rest."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

BEARER = "ya29.token"
Secrets = dict[str, list[dict[str, Any]]]
"""Their versions, by the names of the secrets."""


class Api(BaseHTTPRequestHandler):
    secrets: Secrets
    all_are_set = False

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        secret = path.removeprefix("/v1/").removesuffix("/versions")
        assert "filter=state:ENABLED" in query
        if self.all_are_set and secret not in self.secrets:
            self.secrets[secret] = [{"name": "1", "state": "ENABLED"}]
        if self._is_refused(secret):
            return
        enabled = [version for version in self.secrets[secret] if version["state"] == "ENABLED"]
        self._answer(200, {"versions": enabled} if enabled else {})

    def do_POST(self) -> None:
        secret = self.path.removeprefix("/v1/").removesuffix(":addVersion")
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self._is_refused(secret):
            return
        name = f"{secret}/versions/{len(self.secrets[secret]) + 1}"
        self.secrets[secret].append({"name": name, "state": "ENABLED", "data": body["payload"]["data"]})
        self._answer(200, {"name": name})

    def _is_refused(self, secret: str) -> bool:
        if self.headers["authorization"] != f"Bearer {BEARER}":
            self._answer(403, {"error": {"code": 403, "message": "Permission denied", "status": "X"}})
        elif secret not in self.secrets:
            self._answer(404, {"error": {"code": 404, "message": "Secret not found", "status": "X"}})
        else:
            return False
        return True

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def secret_manager(secrets: Secrets, *, all_are_set: bool = False) -> Iterator[Mapping[str, str]]:
    """Serves these secrets, and with `all_are_set` any other as one that has a value. Gives the variables
    that lead there."""
    api = type("Served", (Api,), {"secrets": secrets, "all_are_set": all_are_set})
    server = ThreadingHTTPServer(("127.0.0.1", 0), api)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield {
        "GOOGLE_SECRET_MANAGER_CUSTOM_ENDPOINT": f"http://127.0.0.1:{server.server_address[1]}/v1/",
        "GOOGLE_OAUTH_ACCESS_TOKEN": BEARER,
    }
    server.shutdown()
    server.server_close()
