"""Servers to ask: OPA itself, and others that don't answer as OPA does."""

import json
import socket
import ssl
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from policies.building.opa import MissingOpaError, find_opa
from tests import supervised

POLICIES = Path(__file__).resolve().parents[2] / "policies"


def required_opa() -> Path:
    """The opa of this checkout; the test is skipped where there is none."""
    try:
        return find_opa(POLICIES)
    except MissingOpaError as error:
        pytest.skip(str(error))


@contextmanager
def opa_server(opa: Path, *arguments: str | Path, scheme: str = "http") -> Iterator[str]:
    """A real OPA server with these arguments, and its URL."""
    port = _free_port()
    command = [opa, "run", "--server", "--skip-version-check", f"--addr=127.0.0.1:{port}", *arguments]
    url = f"{scheme}://127.0.0.1:{port}"
    with supervised.start(command, subprocess.PIPE) as process:
        written: list[bytes] = []
        reader = threading.Thread(target=lambda: written.extend(process.stdout or ()))
        reader.start()
        try:
            while not _answers(url):
                assert process.poll() is None, b"".join(written).decode()
                time.sleep(0.02)
            yield url
        finally:
            supervised.end(process)
            reader.join()


@contextmanager
def web_server(answer: Callable[["Exchange"], None]) -> Iterator[tuple[str, list["Exchange"]]]:
    """A server that answers each request as told; its URL, and the requests it has had so far."""
    seen: list[Exchange] = []
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Exchange, answer, seen)) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", seen
        finally:
            server.shutdown()


class Exchange(BaseHTTPRequestHandler):
    """One request and the way to answer it. `input` is the document that it asks about."""

    protocol_version = "HTTP/1.1"

    def __init__(self, answer: Callable[["Exchange"], None], seen: list["Exchange"], *arguments: Any) -> None:
        self._answer = answer
        self._seen = seen
        self.input: Any = None
        super().__init__(*arguments)

    def handle_one_request(self) -> None:
        """As the library does, but for any method, and without a word when the client hangs up."""
        self.close_connection = True
        self.raw_requestline = self.rfile.readline()
        if self.raw_requestline and self.parse_request():
            asked = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.input = json.loads(asked or b"{}").get("input")
            self._seen.append(self)
            try:
                self._answer(self)
            except (BrokenPipeError, ConnectionResetError):
                return

    def reply(self, body: bytes | str = b"{}", status: int = 200, **headers: str) -> None:
        """Sends a whole answer."""
        content = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        for name, value in {"Content_Length": str(len(content)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Nothing: what a test says is what it asserts."""


def certificate(folder: Path, host: str = "127.0.0.1") -> tuple[Path, Path]:
    """A certificate that nobody has signed but itself, for one address, and its key."""
    made, key = folder / "server.pem", folder / "server.key"
    name = f"subjectAltName={'IP' if host[0].isdigit() else 'DNS'}:{host}"
    kind = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=opa"
    files = ("-keyout", key, "-out", made, "-addext", name)
    try:
        subprocess.run(["openssl", *kind.split(), *files], capture_output=True, check=True)
    except FileNotFoundError:
        pytest.skip("openssl is needed to make a certificate")
    return made, key


def free_url() -> str:
    """A URL at which nothing listens."""
    return f"http://127.0.0.1:{_free_port()}"


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _answers(url: str) -> bool:
    trusting = ssl.create_default_context()
    trusting.check_hostname = False
    trusting.verify_mode = ssl.CERT_NONE
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trusting)
    )
    try:
        with opener.open(f"{url}/health", timeout=10):
            return True
    except urllib.error.HTTPError as error:
        error.close()
        return True
    except OSError:
        return False
