"""An observability unit as processes on this machine.

They are the real programs, with the files and arguments that the design has for a cluster, but for addresses,
folders, and that a scrape comes once a second."""

import itertools
import json
import subprocess
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from catalog.kinds.environment import Environment
from catalog.kinds.observability_unit import ObservabilityUnit
from catalog.kinds.team import Team
from catalog.loader import load
from components.design.unit import catch_up
from components.design.unit.model import UnitDesign
from components.design.unit.unit import design_unit
from pave.workspace import HOME
from tests.prometheus.global_on_loopback import KEY, Global, Series, asked
from tests.prometheus.link import Link
from tests.prometheus.processes import Processes, answers, free_port, need, until

PAGE = {
    "alert": "PortalIsDown",
    "expr": "app:errors:ratio > 0.05",
    "for": "3s",
    "labels": {"service": "portal", "cell": "production", "severity": "s1", "pager": "pagerduty"},
}
RATIO = {"record": "app:errors:ratio", "expr": "sum(rate(app_failed[10s])) / sum(rate(app_requests[10s]))"}

SHORT_LOG = "--storage.tsdb.min-block-duration=5s"
"""What is in a block is dropped from the log: by default after two hours, here at once."""

SWITCH_SECONDS = 100
"""After so long a silence a dead man's switch calls: the unit tells it once a minute."""


class Outside:
    """What stands around a unit: a service that can be broken, and who is told."""

    def __init__(self) -> None:
        self.is_broken = False
        self.told: list[tuple[str, Any]] = []
        self.heard: list[float] = []
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
                if self.path == "/alive":
                    outside.heard.append(time.monotonic())
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

    def has_noticed(self) -> bool:
        """Whether a dead man's switch has called somebody since it first heard of the unit."""
        times = [*self.heard, time.monotonic()]
        return any(after - before > SWITCH_SECONDS for before, after in itertools.pairwise(times))


class Loopback:
    """The unit of production, with its receivers `outside`, and a global stack behind a `link`."""

    def __init__(self, folder: Path, outside: Outside) -> None:
        need("prometheus", "alertmanager", "vmctl")
        self._processes = Processes(folder)
        self._outside = outside
        self._ports = {
            name: free_port()
            for name in (*_copies("prometheus", 2), *_copies("alertmanager"), *_copies("peer"))
        }
        self.global_ = Global(folder / "global", every_seconds=1)
        self.link = Link(self.global_.port)
        self.design = self._designed()
        for n in range(self.design.alertmanager.copies):
            self._start_alertmanager(n)
        for n in range(self.design.prometheus.copies):
            self._start_prometheus(n)
        until(lambda: self.global_.is_ready() and all(map(self._is_ready, self._processes.names())))

    def end(self) -> None:
        """Ends all of it."""
        self._processes.end()
        self.global_.end()

    def kill(self, name: str) -> None:
        """Kills one process, without a word."""
        self._processes.kill(name)

    def samples(self, series: str, seconds: int, at: float) -> Series:
        """What the first Prometheus has of some series in so many seconds before a time."""
        return asked(f"http://127.0.0.1:{self._ports['prometheus-0']}", f"{series}[{seconds}s]", at)

    def catch_up(self, since: float) -> str:
        """Sends the global stack what the first Prometheus has since a time, as the unit's job does, and
        gives what that said."""
        source = f"http://127.0.0.1:{self._ports['prometheus-0']}"
        words = catch_up.arguments(source, f"http://127.0.0.1:{self.link.port}/api/v1/write", ["portal"])
        start = datetime.fromtimestamp(int(since), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        done = subprocess.run(
            [HOME / ".tools" / "vmctl", *words, f"--remote-read-filter-time-start={start}"],
            env={"VM_USERNAME": KEY},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

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

    def _start_alertmanager(self, n: int) -> None:
        name = f"alertmanager-{n}"
        folder = self._files(name, self.design.alertmanager.files)
        peers = _copies("peer")
        own = []
        for word in self.design.alertmanager.arguments:
            flag, _, value = word.partition("=")
            if flag == "--cluster.peer":
                value = f"127.0.0.1:{self._ports[next(peers)]}"
            elif flag == "--cluster.listen-address":
                value = f"127.0.0.1:{self._ports[f'peer-{n}']}"
            own.append(f"{flag}={self._here(value, self.design.alertmanager.folder, folder)}")
        listen = f"--web.listen-address=127.0.0.1:{self._ports[name]}"
        self._processes.run(name, "alertmanager", [*own, listen])

    def _start_prometheus(self, n: int) -> None:
        name = f"prometheus-{n}"
        folder = self._files(name, self.design.prometheus.files)
        self._lead_to_loopback(folder / "prometheus.yaml", folder)
        own = [
            self._here(word, self.design.prometheus.folder, folder)
            for word in self.design.prometheus.arguments
        ]
        listen = f"--web.listen-address=127.0.0.1:{self._ports[name]}"
        self._processes.run(name, "prometheus", [*own, SHORT_LOG, listen], {"POD_NAME": name})

    def _lead_to_loopback(self, file: Path, folder: Path) -> None:
        """Has the configuration of a cluster find what is on this machine, once a second, and hold no more
        than a moment in memory for the global stack."""
        config = json.loads(file.read_text())
        config["global"] |= {"scrape_interval": "1s", "evaluation_interval": "1s"}
        rules = folder / "rules.yaml"
        rules.write_text(rules.read_text().replace('"interval": "1m"', '"interval": "1s"'))
        config["rule_files"] = [str(rules), str(folder / "service.yaml")]
        targets = [f"127.0.0.1:{self._ports[name]}" for name in _copies("alertmanager")]
        config["alerting"]["alertmanagers"] = [{"static_configs": [{"targets": targets}]}]
        app = {"static_configs": [{"targets": [f"127.0.0.1:{self._outside.port}"]}]}
        config["scrape_configs"] = [{"job_name": "pods", **app}]
        (folder / "token").write_text(KEY)
        (written,) = config["remote_write"]
        written["authorization"] = {"credentials_file": str(folder / "token")}
        written["queue_config"] |= {
            "capacity": 10,
            "max_shards": 1,
            "max_samples_per_send": 5,
            "max_backoff": "1s",
        }
        file.write_text(json.dumps(config))
        (folder / "service.yaml").write_text(
            json.dumps({"groups": [{"name": "portal", "rules": [RATIO, PAGE]}]})
        )

    def _files(self, name: str, files: dict[str, str]) -> Path:
        folder = self._processes.folder / name
        folder.mkdir()
        for path, text in files.items():
            (folder / path).write_text(text)
        return folder

    def _here(self, word: str, folder: str, here: Path) -> str:
        return word.replace(folder, str(here)).replace("/data", str(here / "data"))

    def _is_ready(self, name: str) -> bool:
        return answers(f"http://127.0.0.1:{self._ports[name]}/-/ready")


def _copies(name: str, copies: int = 3) -> Iterator[str]:
    return (f"{name}-{n}" for n in range(copies))
