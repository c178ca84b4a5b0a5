"""What answers signals on this machine: a server of Prometheus' query API, and a host with a certificate."""

import json
import re
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

SLIS = re.compile(r"service=\"customersdot\",cell=\"production\"")


class ServedSignals:
    """Answers the queries of a phase: `ratios` of bad events by promise, of every promise that isn't in it
    none, and other series by their metric. `slis` are the promises of which there are events."""

    def __init__(self, slis: list[str]) -> None:
        self.slis, self.ratios, self.values = slis, dict[str, float](), dict[str, float]()
        self.asked: list[str] = []
        self.url = ""

    def answer(self, query: str) -> list[dict[str, Any]]:
        """The samples of an answer."""
        self.asked.append(query)
        if SLIS.search(query):
            labels = {"service": "customersdot", "cell": "production"}
            return [_sample(self.ratios.get(each, 0.0), sli=each, **labels) for each in self.slis]
        return [_sample(value) for metric, value in self.values.items() if metric in query]


def _sample(value: float, **labels: str) -> dict[str, Any]:
    return {"metric": labels, "value": [1763467200.0, str(value)]}


@contextmanager
def served(slis: list[str]) -> Iterator[ServedSignals]:
    """Serves signals for a while."""
    signals = ServedSignals(slis)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            assert asked.path == "/api/v1/query"
            found = signals.answer(parse_qs(asked.query)["query"][0])
            body = json.dumps({"status": "success", "data": {"resultType": "vector", "result": found}})
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with _running(Handler) as port:
        signals.url = f"http://127.0.0.1:{port}"
        yield signals


class ServedHost:
    """A host that answers every path with a `status`, at a port of this machine."""

    def __init__(self) -> None:
        self.status, self.port = 200, 0
        self.asked: list[tuple[str, str]] = []


@contextmanager
def served_host(folder: Path, *names: str) -> Iterator[ServedHost]:
    """Serves a host of these names, with a certificate of its own in `folder` that signs itself."""
    host = ServedHost()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            host.asked.append((self.headers["Host"], self.path))
            self.send_response(host.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with _running(Handler, _certificate(folder, names)) as host.port:
        yield host


@contextmanager
def _running(handler: type[BaseHTTPRequestHandler], certificate: Path | None = None) -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


def _certificate(folder: Path, names: tuple[str, ...]) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, names[0])])
    begin = datetime.now(UTC) - timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(each) for each in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "host.pem"
    plain = serialization.NoEncryption()
    written = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + written)
    return file
