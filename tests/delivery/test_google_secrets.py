"""Google's Secret Manager as it answers: https://cloud.google.com/secret-manager/docs/reference/rest."""

import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from pave.delivery.google_secrets import GoogleSecretValues
from pave.refused import Refused

TOKEN = "ya29.token"
SECRETS: dict[str, list[dict[str, Any]]] = {}


class Api(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        secret = path.removeprefix("/v1/").removesuffix("/versions")
        assert "filter=state:ENABLED" in query
        if self._is_refused(secret):
            return
        enabled = [version for version in SECRETS[secret] if version["state"] == "ENABLED"]
        self._answer(200, {"versions": enabled} if enabled else {})

    def do_POST(self) -> None:
        secret = self.path.removeprefix("/v1/").removesuffix(":addVersion")
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self._is_refused(secret):
            return
        name = f"{secret}/versions/{len(SECRETS[secret]) + 1}"
        SECRETS[secret].append({"name": name, "state": "ENABLED", "data": body["payload"]["data"]})
        self._answer(200, {"name": name})

    def _is_refused(self, secret: str) -> bool:
        if self.headers["authorization"] != f"Bearer {TOKEN}":
            self._answer(403, {"error": {"code": 403, "message": "Permission denied", "status": "X"}})
        elif secret not in SECRETS:
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


@pytest.fixture
def api() -> Iterator[str]:
    SECRETS.clear()
    SECRETS["projects/p/secrets/empty"] = []
    SECRETS["projects/p/secrets/old"] = [{"name": "1", "state": "DISABLED"}]
    server = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("secret", ["empty", "old", "gone"])
def test_a_secret_without_an_enabled_version_has_no_value(api: str, secret: str) -> None:
    assert not GoogleSecretValues(api, TOKEN).has_value(f"projects/p/secrets/{secret}")


def test_a_version_that_was_added_is_the_value(api: str) -> None:
    values = GoogleSecretValues(api, TOKEN)
    added = values.add("projects/p/secrets/old", b"\x00a secret\n")
    assert added == "projects/p/secrets/old/versions/2"
    assert values.has_value("projects/p/secrets/old")
    assert base64.b64decode(SECRETS["projects/p/secrets/old"][-1]["data"]) == b"\x00a secret\n"


def test_a_version_needs_a_holder(api: str) -> None:
    with pytest.raises(Refused, match="no secret projects/p/secrets/gone yet"):
        GoogleSecretValues(api, TOKEN).add("projects/p/secrets/gone", b"x")


def test_who_may_not_ask_is_told_so_and_nothing_is_taken_for_missing(api: str) -> None:
    with pytest.raises(Refused, match="answered 403 on projects/p/secrets/old: Permission denied"):
        GoogleSecretValues(api, "another").has_value("projects/p/secrets/old")


def test_an_api_that_is_away_is_no_answer() -> None:
    with pytest.raises(Refused, match="did not answer"):
        GoogleSecretValues("http://127.0.0.1:9/v1", TOKEN).has_value("projects/p/secrets/old")
