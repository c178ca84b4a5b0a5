"""`make bench`: what watching a thousand services takes. Their rules are made, checked by promtool, and
evaluated by a real Prometheus that scrapes what those services would count.

A service here is of the usual size: one journey, with its availability and its latency. CustomersDot, with
its jobs, events and stores, has twelve times as many rules."""

import argparse
import http.server
import json
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import psutil
import urllib3

from catalog.kinds.service import Service, service_at
from catalog.loader import load
from components.design.monitoring.dialects import EXPORTED
from components.design.monitoring.model import Monitoring
from components.design.monitoring.monitored import monitored
from components.design.monitoring.rules import group

HOME = Path(__file__).resolve().parents[1]
TOOLS = HOME / ".tools"
MODEL = "usage-api"
"""The shipped service that the thousand are like."""

HTTP = urllib3.PoolManager(retries=False, timeout=60)

WARM_UP, ROUNDS = 2, 3
"""Minutes of evaluation before it counts, when most rules have nothing to read yet, and after that."""


def make(root: Path, services: int) -> None:
    """Writes a catalog of so many services below `root`."""
    for folder in ("environments", "teams", "vendors"):
        shutil.copytree(HOME / "catalog" / folder, root / folder)
    (root / "services").mkdir()
    text = (HOME / "catalog" / "services" / f"{MODEL}.yaml").read_text("utf-8")
    for number in range(services):
        name = f"{MODEL}-{number:04d}"
        (root / "services" / f"{name}.yaml").write_text(
            text.replace(f"name: {MODEL}\n", f"name: {name}\n", 1)
        )


def generate(root: Path, folder: Path) -> list[Monitoring]:
    """Reads a catalog, and writes the rules of each of its services into a folder."""
    catalog = load(root)
    found = []
    for name in sorted(catalog.documents["Service"]):
        service = service_at(catalog, name, "production")
        assert isinstance(service, Service), service
        made = monitored(catalog, service, EXPORTED)
        groups = {"groups": [group(made, watch) for watch in made.watches]}
        (folder / f"{name}.rules.yaml").write_bytes(msgspec.json.encode(groups))  # YAML 1.2 contains JSON
        found.append(made)
    return found


def check(folder: Path) -> subprocess.CompletedProcess[str]:
    """What promtool says of all rules in a folder."""
    names = sorted(path.name for path in folder.glob("*.rules.yaml"))
    return subprocess.run(
        [TOOLS / "promtool", "check", "rules", *names],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def counters(found: list[Monitoring]) -> list[str]:
    """The series that all services' rules read, as their trials name them."""
    return sorted(
        {
            each.series
            for made in found
            for watch in made.watches
            for trial in watch.trials[:1]
            for each in trial.series
        }
    )


@contextmanager
def counted(series: list[str]) -> Iterator[int]:
    """A target to scrape, on the port that is given: each series counts on."""
    began = time.monotonic()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            value = int(10 * (time.monotonic() - began))
            body = "".join(f"{one} {value}\n" for one in series).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()


class Loaded(NamedTuple):
    """A Prometheus that runs, the process and where it answers."""

    process: "psutil.Popen"
    url: str

    @property
    def at_work(self) -> float:
        """Seconds of one core that it has taken so far."""
        taken = self.process.cpu_times()
        return float(taken.user + taken.system)

    def ask(self, path: str) -> dict[str, Any]:
        """An answer of its API."""
        found: dict[str, Any] = HTTP.request("GET", f"{self.url}{path}").json()["data"]
        return found


@contextmanager
def loaded(folder: Path, target: int) -> Iterator[Loaded]:
    """A Prometheus with all rules of a folder, which scrapes a target each quarter of a minute."""
    config = {
        "global": {"scrape_interval": "15s", "evaluation_interval": "1m"},
        "rule_files": [str(folder / "*.rules.yaml")],
        "scrape_configs": [{"job_name": "bench", "static_configs": [{"targets": [f"127.0.0.1:{target}"]}]}],
    }
    (folder / "prometheus.yaml").write_text(json.dumps(config))
    with http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler) as free:
        port = free.server_address[1]
    command = [str(TOOLS / "prometheus"), f"--config.file={folder / 'prometheus.yaml'}"]
    command += [f"--storage.tsdb.path={folder / 'data'}", f"--web.listen-address=127.0.0.1:{port}"]
    with (folder / "prometheus.log").open("wb") as log:
        process = psutil.Popen(command, stdout=log, stderr=log)
    try:
        made = Loaded(process, f"http://127.0.0.1:{port}")
        while not _is_ready(made.url):
            if process.poll() is not None:
                raise SystemExit((folder / "prometheus.log").read_text()[-2000:])
            time.sleep(0.2)
        yield made
    finally:
        process.kill()
        process.wait()


def _is_ready(url: str) -> bool:
    try:
        return HTTP.request("GET", f"{url}/-/ready").status == 200
    except urllib3.exceptions.HTTPError:
        return False


def groups_of(running: Loaded) -> list[dict[str, Any]]:
    """All groups of rules that a Prometheus has."""
    found = running.ask("/api/v1/rules")["groups"]
    assert isinstance(found, list)
    return found


def main() -> int:
    """Prints the figures; 2 when a tool isn't there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--services", type=int, default=1000)
    services = parser.parse_args().services
    for tool in ("promtool", "prometheus"):
        if not (TOOLS / tool).is_file():
            print(f"bench: {tool} is not there; run `make test-prometheus`", file=sys.stderr)
            return 2
    with tempfile.TemporaryDirectory(prefix="pave-bench-") as place:
        root, folder = Path(place) / "catalog", Path(place) / "rules"
        root.mkdir()
        folder.mkdir()
        make(root, services)
        began, worked = time.perf_counter(), time.process_time()
        found = generate(root, folder)
        took, worked = time.perf_counter() - began, time.process_time() - worked
        rules = sum(len(watch.recordings) + len(watch.alerts) for made in found for watch in made.watches)
        print(f"\nWatching {services} services of one journey each, {rules} rules")
        print(f"  made from the specs (5 s are wanted)       {took:7.2f} s, {worked:.2f} s of it at work")
        began = time.perf_counter()
        done = check(folder)
        print(f"  checked by promtool                        {time.perf_counter() - began:7.2f} s")
        if done.returncode:
            raise SystemExit(done.stderr)
        with counted(counters(found)) as target, loaded(folder, target) as running:
            time.sleep(60 * WARM_UP)
            before = running.at_work
            time.sleep(60 * ROUNDS)
            seconds = (running.at_work - before) / ROUNDS
            memory = running.process.memory_info().rss
        print(f"  scraped and evaluated by Prometheus        {seconds:7.2f} s of one core a minute")
        print(f"  memory of Prometheus                       {memory >> 20:7} MiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
