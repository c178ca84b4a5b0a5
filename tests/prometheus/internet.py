"""The way in from the internet, for a prober: a proxy that leads to hosts which bear certificates of an
authority of its own, since no name of the catalog is anybody's here."""

import ssl
import subprocess
import sys
import threading
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "90")


class _Quiet(ThreadingHTTPServer):
    """Takes it that a prober is ended while it asks."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class Internet:
    """Each of `hosts` answers over TLS with 200 while `is_reachable`, and else as a load balancer does that
    has nobody behind it. `asked` is who asked what: host, path and the name of the program. Who asks only for
    the head of a page is told that it needs credentials, or that the host is `out`."""

    def __init__(self, folder: Path, hosts: Iterable[str]) -> None:
        self.is_reachable = True
        self.out: set[str] = set()
        self.asked: list[tuple[str, str, str]] = []
        self.authority = folder / "authority.pem"
        served = {host: _certified(folder, host, self.authority) for host in hosts}
        internet = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_CONNECT(self) -> None:
                host = self.path.removesuffix(":443")
                if host not in served:
                    self.send_error(502)
                    return
                self.send_response(200)
                self.end_headers()
                self.connection = served[host].wrap_socket(self.connection, server_side=True)
                self.rfile = self.connection.makefile("rb")
                self.wfile = self.connection.makefile("wb", buffering=0)
                self.host, self.close_connection = host, False

            def do_GET(self) -> None:
                internet.asked.append((self.host, self.path, self.headers["User-Agent"]))
                self.send_response(200 if internet.is_reachable else 503)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def do_HEAD(self) -> None:
                self.send_response(503 if self.host in internet.out else 401)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def finish(self) -> None:
                super().finish()
                self.connection.close()  # what TLS was wrapped around, the server closes itself

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        server = _Quiet(("127.0.0.1", 0), Handler)
        self.proxy = f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, daemon=True).start()


def _certified(folder: Path, host: str, authority: Path) -> ssl.SSLContext:
    """What serves as `host`, with a certificate of the authority, which is made where it isn't there yet."""
    signing = folder / "authority.key"
    if not authority.exists():
        own = ("-subj", "/CN=authority", "-keyout", str(signing), "-out", str(authority))
        _openssl("req", "-x509", *NEW_KEY, *own)
    key, certificate = folder / f"{host}.key", folder / f"{host}.pem"
    names = ("-subj", f"/CN={host}", "-addext", f"subjectAltName=DNS:{host}")
    signed = ("-CA", str(authority), "-CAkey", str(signing), "-keyout", str(key), "-out", str(certificate))
    _openssl("req", "-x509", *NEW_KEY, *names, *signed)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


def _openssl(*words: str) -> None:
    subprocess.run(["openssl", *words], check=True, capture_output=True)
