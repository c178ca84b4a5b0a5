"""An observability unit and a global stack as processes on this machine.

They are the real programs, with the files and arguments that the design has for a cluster, but for addresses,
folders, and that a scrape comes once a second."""

import json
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import urllib3

from catalog.kinds.environment import Environment
from catalog.kinds.observability_unit import ObservabilityUnit
from catalog.kinds.team import Team
from catalog.loader import load
from components.design.unit.model import UnitDesign
from components.design.unit.unit import design_unit
from pave.workspace import HOME
from tests import supervised
from tests.built import require_built
from tests.prometheus.link import Link

PATIENCE = 90
"""Seconds that something may take which takes a few on two idle cores."""

PAGE = {
    "alert": "PortalIsDown",
    "expr": "app:errors:ratio > 0.05",
    "for": "3s",
    "labels": {"service": "portal", "cell": "production", "severity": "s1", "pager": "pagerduty"},
}
RATIO = {"record": "app:errors:ratio", "expr": "sum(rate(app_failed[10s])) / sum(rate(app_requests[10s]))"}

HTTP = urllib3.PoolManager(retries=False, timeout=5)


def until(done: Callable[[], object]) -> None:
    """Waits until something is so."""
    end = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.2)


class Outside:
    """What stands around a unit: a service that can be broken, and who is told."""

    def __init__(self) -> None:
        self.is_broken = False
        self.told: list[tuple[str, Any]] = []
        outside, counts = self, {"ok": 0, "failed": 0}

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                counts["failed" if outside.is_broken else "ok"] += 10
                text = f"app_requests {sum(counts.values())}\napp_failed {counts['failed']}\n".encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/plain; version=0.0.4")
                self.end_headers()
                self.wfile.write(text)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outside.told.append((self.path, json.loads(body)))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port: int = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()

    def pages(self) -> list[str]:
        """The alerts that were paged, each as often as it was."""
        return [
            alert["labels"]["alertname"]
            for path, body in self.told
            if path == "/page" and body["status"] == "firing"
            for alert in body["alerts"]
        ]


class Loopback:
    """The unit of production, with its receivers `outside`, and a global stack behind a `link`."""

    def __init__(self, folder: Path, outside: Outside) -> None:
        for name in ("prometheus", "alertmanager"):
            require_built(HOME / ".tools" / name, "make test-prometheus")
        self._folder = folder
        self._outside = outside
        self._running: dict[str, supervised.Process] = {}
        self._ports = {
            name: free_port()
            for name in ("global", *(f"prometheus-{n}" for n in range(2)), *_peers(), *_peers("peer"))
        }
        self.link = Link(self._ports["global"])
        self.design = self._designed()
        self._start_global()
        for n in range(self.design.alertmanager.copies):
            self._start_alertmanager(n)
        for n in range(self.design.prometheus.copies):
            self._start_prometheus(n)
        until(lambda: all(self._is_ready(name) for name in self._running))

    def end(self) -> None:
        """Ends all of it."""
        for process in self._running.values():
            supervised.end(process)

    def kill(self, name: str) -> None:
        """Kills one process, without a word."""
        supervised.end(self._running.pop(name))

    def samples(self, name: str, series: str, seconds: int, at: float) -> dict[str, list[Any]]:
        """What a process holds of some series in so many seconds before a time, by name; of two replicas,
        what the first has measured."""
        found = self._ask(name, query=f"{series}[{seconds}s]", time=str(at))
        return {
            " ".join(
                one["metric"].get(label, "") for label in ("__name__", "alertname", "alertstate")
            ).strip(): (one["values"])
            for one in found
            if one["metric"].get("replica", "prometheus-0") == "prometheus-0"
        }

    def _ask(self, name: str, **fields: str) -> list[Any]:
        url = f"http://127.0.0.1:{self._ports[name]}/api/v1/query"
        answer = HTTP.request("GET", url, fields=fields).json()
        assert answer["status"] == "success", answer
        found: list[Any] = answer["data"]["result"]
        return found

    def _designed(self) -> UnitDesign:
        catalog = load(HOME / "catalog")
        document = catalog.documents["ObservabilityUnit"]["production"]
        here = f"http://127.0.0.1:{self._outside.port}"
        changed = {
            "receivers": [
                {"name": "pager", "kind": "webhook", "url": f"{here}/page", "pages": True},
                {"name": "channel", "kind": "webhook", "url": f"{here}/channel"},
            ],
            "watchdog": {"url": f"{here}/alive"},
            "global": {"url": f"http://127.0.0.1:{self.link.port}/api/v1/write"},
        }
        written = {**document.data, "spec": {**document.data["spec"], **changed}}
        environment, owner = catalog.find(Environment, "production"), catalog.find(Team, "platform")
        assert environment is not None
        assert owner is not None
        unit = ObservabilityUnit(document, ObservabilityUnit.filled(written))
        return design_unit(unit, environment, owner, {})

    def _start_global(self) -> None:
        config = self._folder / "global.yaml"
        config.write_text("{}\n")
        port = self._ports["global"]
        words = [
            f"--config.file={config}",
            f"--storage.tsdb.path={self._folder / 'global'}",
            "--web.enable-remote-write-receiver",
        ]
        self._run("global", "prometheus", [*words, f"--web.listen-address=127.0.0.1:{port}"])

    def _start_alertmanager(self, n: int) -> None:
        name = f"alertmanager-{n}"
        folder = self._files(name, self.design.alertmanager.files)
        peers = iter(_peers("peer"))
        own = []
        for word in self.design.alertmanager.arguments:
            flag, _, value = word.partition("=")
            if flag == "--cluster.peer":
                value = f"127.0.0.1:{self._ports[next(peers)]}"
            elif flag == "--cluster.listen-address":
                value = f"127.0.0.1:{self._ports[f'peer-{n}']}"
            own.append(f"{flag}={self._here(value, self.design.alertmanager.folder, folder)}")
        listen = f"--web.listen-address=127.0.0.1:{self._ports[name]}"
        self._run(name, "alertmanager", [*own, listen])

    def _start_prometheus(self, n: int) -> None:
        name = f"prometheus-{n}"
        folder = self._files(name, self.design.prometheus.files)
        self._lead_to_loopback(folder / "prometheus.yaml", folder)
        own = [
            self._here(word, self.design.prometheus.folder, folder)
            for word in self.design.prometheus.arguments
        ]
        listen = f"--web.listen-address=127.0.0.1:{self._ports[name]}"
        self._run(name, "prometheus", [*own, listen], {"POD_NAME": name})

    def _lead_to_loopback(self, file: Path, folder: Path) -> None:
        """Has the configuration of a cluster find what is on this machine, once a second."""
        config = json.loads(file.read_text())
        config["global"] |= {"scrape_interval": "1s", "evaluation_interval": "1s"}
        config["rule_files"] = [str(folder / "rules.yaml"), str(folder / "service.yaml")]
        targets = [f"127.0.0.1:{self._ports[name]}" for name in _peers()]
        config["alerting"]["alertmanagers"] = [{"static_configs": [{"targets": targets}]}]
        app = {"static_configs": [{"targets": [f"127.0.0.1:{self._outside.port}"]}]}
        config["scrape_configs"] = [{"job_name": "pods", **app}]
        (folder / "token").write_text("held by the platform\n")
        config["remote_write"][0]["authorization"] = {"credentials_file": str(folder / "token")}
        file.write_text(json.dumps(config))
        (folder / "service.yaml").write_text(
            json.dumps({"groups": [{"name": "portal", "rules": [RATIO, PAGE]}]})
        )

    def _files(self, name: str, files: dict[str, str]) -> Path:
        folder = self._folder / name
        folder.mkdir()
        for path, text in files.items():
            (folder / path).write_text(text)
        return folder

    def _here(self, word: str, folder: str, here: Path) -> str:
        return word.replace(folder, str(here)).replace("/data", str(here / "data"))

    def _run(self, name: str, tool: str, words: list[str], env: dict[str, str] | None = None) -> None:
        with (self._folder / f"{name}.log").open("wb") as log:
            command: list[str | Path] = [HOME / ".tools" / tool, *words]
            self._running[name] = supervised.start(command, log, {**os.environ, **(env or {})})

    def _is_ready(self, name: str) -> bool:
        try:
            return HTTP.request("GET", f"http://127.0.0.1:{self._ports[name]}/-/ready").status == 200
        except urllib3.exceptions.HTTPError:
            return False


def _peers(kind: str = "alertmanager") -> Iterator[str]:
    return (f"{kind}-{n}" for n in range(3))


def free_port() -> int:
    """A port of this machine that nobody has now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port
