"""What watches a shipped service, as processes on this machine: the files of its stack's plan where the
unit's collectors lay them down, its pods where Kubernetes says they are, and a Prometheus in the place of
Google's evaluator, with the rules and the Alertmanagers that the plans have for that.

The configuration is that of the plans but for addresses, and that everything comes about every second."""

import itertools
import json
import os
import re
import subprocess
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from catalog.kinds.environment import Environment
from catalog.kinds.observability_unit import ObservabilityUnit
from catalog.kinds.service import service_at
from catalog.kinds.team import Team
from catalog.loader import Catalog
from components.design.monitoring.collected import COLLECT
from components.design.monitoring.monitored import monitored
from components.design.unit.model import UnitDesign
from components.design.unit.names import STATE
from components.design.unit.prometheus import COLLECTED, CONFIG
from components.design.unit.state import PORT
from components.design.unit.unit import design_unit
from pave.workspace import HOME
from stacks.plan import Plan, PlannedResource, record_stack
from stacks.pods import CRON_JOB, JOB, PODS
from stacks.stack import service_stack
from tests import supervised
from tests.prometheus.internet import Internet
from tests.prometheus.processes import HTTP, answers, free_port, need, until
from tests.prometheus.unit_on_loopback import Outside

AGO = 75
"""Minutes before now of which there is data: more than the longest window of an alert that is tried."""

STAYS = PODS.keys() - {JOB, CRON_JOB}
"""The types whose pods are there all the time: what a scrape finds."""

PROBER = "prometheus-blackbox-exporter"
"""As Debian calls it."""

ADDRESSES = itertools.count(1)
"""The last numbers of pods' addresses: no two of a test run have the same."""

Told = Callable[[str], str]
"""What answers a path, as text."""


class Answering:
    """An HTTP server at an address of this machine, which gives what `told` says of a path."""

    def __init__(self, told: Told, address: str = "127.0.0.1", port: int = 0) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                text = told(self.path).encode()
                self.send_response(200)
                is_json = text.startswith((b"{", b"["))
                self.send_header(
                    "Content-Type", "application/json" if is_json else "text/plain; version=0.0.4"
                )
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                with suppress(ConnectionError):  # whoever asked has been ended
                    self.wfile.write(text)

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        server = ThreadingHTTPServer((address, port), Handler)
        server.daemon_threads = True
        self.port: int = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()


class Watched:
    """A service of a catalog in production, whose pods tell `metrics` (by workload), and which answers who
    asks through `internet`. `counted` is what Google Cloud has counted, in OpenMetrics."""

    def __init__(self, folder: Path, catalog: Catalog, service: str, outside: Outside, counted: str) -> None:
        need("prometheus", "alertmanager", "promtool", PROBER)
        self._folder, self._outside = folder, outside
        self._running: list[supervised.Process] = []
        self.metrics: dict[str, str] = {}
        self.plan = record_stack(catalog, service_stack(service, "production"))
        self.design = _designed(catalog, service, outside)
        self.internet = Internet(folder, self._hosts())
        self.ports = {name: free_port() for name in ("alertmanager", PROBER, "unit-0", "unit-1", "google")}
        try:
            self._start(counted)
        except BaseException:
            self.end()
            raise

    def _start(self, counted: str) -> None:
        self._start_alertmanager()
        self._start_prober()
        found = {
            "/pods": [each for pod in self._pods() for each in discovered(pod)],
            "/state": [*discovered(self._of_kubernetes())],
            "/rollouts": [],
        }
        kubernetes = Answering(lambda path: json.dumps(found[path]))
        for n in range(2):
            self._start_unit(f"unit-{n}", kubernetes.port)
        self._start_google(counted)
        until(lambda: all(self._is_ready(name) for name in self.ports))

    def end(self) -> None:
        """Ends all of it."""
        for process in self._running:
            supervised.end(process)

    def found(self, name: str, query: str) -> list[Any]:
        """What one of the Prometheus answers to a query: the labels and the value of each series."""
        url = f"http://127.0.0.1:{self.ports[name]}/api/v1/query"
        answer = HTTP.request("GET", url, fields={"query": query}).json()
        assert answer["status"] == "success", answer
        return [(one["metric"], float(one["value"][1])) for one in answer["data"]["result"]]

    def rules(self, name: str) -> dict[str, str]:
        """The health of each rule that one of them has loaded, by name."""
        answer = HTTP.request("GET", f"http://127.0.0.1:{self.ports[name]}/api/v1/rules").json()
        return {rule["name"]: rule["health"] for group in answer["data"]["groups"] for rule in group["rules"]}

    def _hosts(self) -> set[str]:
        """Whom the plan lets the unit ask."""
        asked = [
            json.loads(made.inputs["data"]["probes.json"])
            for made in self.plan.resources
            if _collected_as(made) == "probes"
        ]
        return {urlsplit(url).netloc for groups in asked for each in groups for url in each["targets"]}

    def _pods(self) -> Iterator[Any]:
        """A pod of each workload that stays, and what it tells at the port that its annotations name."""
        for made in self.plan.resources:
            if made.type not in STAYS:
                continue
            metadata = made.inputs["spec"]["template"]["metadata"]
            workload = metadata["labels"]["app.kubernetes.io/name"]
            address = f"127.{os.getpid() % 200 + 20}.{os.getpid() // 200 % 250}.{next(ADDRESSES)}"
            port = metadata.get("annotations", {}).get("prometheus.io/port")
            if port is not None:
                Answering(self._told(workload), address, int(port))
            yield _pod(made.inputs["metadata"]["namespace"], workload, metadata, address)

    def _of_kubernetes(self) -> Any:
        """The pod of kube-state-metrics, which tells `metrics` of that name."""
        address = f"127.{os.getpid() % 200 + 20}.{os.getpid() // 200 % 250}.{next(ADDRESSES)}"
        Answering(self._told(STATE), address, PORT)
        return _pod("observability", STATE, {"labels": {"app.kubernetes.io/name": STATE}}, address)

    def _told(self, workload: str) -> Told:
        return lambda _: self.metrics.get(workload, "")

    def _start_alertmanager(self) -> None:
        folder = self._laid("alertmanager", self.design.alertmanager.files)
        words = [
            f"--config.file={folder / 'alertmanager.yaml'}",
            f"--storage.path={folder / 'data'}",
            "--cluster.listen-address=",
        ]
        config = json.loads((folder / "alertmanager.yaml").read_text())
        config["route"] |= {"group_wait": "1s", "group_interval": "1s"}
        (folder / "alertmanager.yaml").write_text(json.dumps(config))
        self._run("alertmanager", "alertmanager", words)

    def _start_prober(self) -> None:
        """The unit's own configuration, but that names are found behind the stand-in for the internet."""
        folder = self._laid(PROBER, self.design.probes.files)
        config = json.loads((folder / "blackbox.yaml").read_text())
        for module in config["modules"].values():
            module["http"] |= {
                "proxy_url": self.internet.proxy,
                "skip_resolve_phase_with_proxy": True,
                "tls_config": {"ca_file": str(self.internet.authority)},
            }
        (folder / "blackbox.yaml").write_text(json.dumps(config))
        self._run(PROBER, PROBER, [f"--config.file={folder / 'blackbox.yaml'}"])

    def _start_unit(self, name: str, kubernetes: int) -> None:
        folder = self._laid(name, self.design.prometheus.files)
        collected = folder / "collected"
        for made in self.plan.resources:
            what = _collected_as(made)
            if what is None:
                continue
            for file, text in made.inputs["data"].items():
                metadata = made.inputs["metadata"]
                # As k8s-sidecar calls them with UNIQUE_FILENAMES.
                unique = f"namespace_{metadata['namespace']}.configmap_{metadata['name']}.{file}"
                (collected / what).mkdir(parents=True, exist_ok=True)
                (collected / what / unique).write_text(_hurried(text))
        text = (folder / "prometheus.yaml").read_text()
        config = json.loads(text.replace(COLLECTED, str(collected)).replace(CONFIG, str(folder)))
        config.pop("remote_write", None)
        for job in config["scrape_configs"]:
            if job.pop("kubernetes_sd_configs", None) is not None:
                # Debian builds Prometheus without this discovery, so it is told what that would find.
                job["http_sd_configs"] = [{"url": f"http://127.0.0.1:{kubernetes}/{job['job_name']}"}]
            for step in job["relabel_configs"]:
                if step.get("target_label") == "__address__" and step["replacement"].endswith(":9115"):
                    step["replacement"] = f"127.0.0.1:{self.ports[PROBER]}"
        config["scrape_configs"] = [one for one in config["scrape_configs"] if "dns_sd_configs" not in one]
        self._start_prometheus(name, folder, config, ["--enable-feature=expand-external-labels"])

    def _start_google(self, counted: str) -> None:
        """Its evaluator adds where a series is from, and finds Alertmanagers as the unit's plan tells it."""
        folder = self._laid("google", {})
        groups = [
            group
            for made in self.plan.resources
            if made.type.endswith("Rules")
            for group in made.inputs["spec"]["groups"]
        ]
        assert self.design.evaluator is not None
        (told,) = self.design.evaluator.fields["rules"]["alerting"]["alertmanagers"]
        process = self.design.alertmanager
        assert (told["namespace"], told["name"], told["port"]) == (
            "observability",
            process.name,
            process.port,
        )
        (folder / "rules.yaml").write_text(_hurried(json.dumps({"groups": groups})))
        config = {
            "global": {
                "external_labels": {"project_id": "acme", "location": "us-east1", "cluster": "production"}
            },
            "rule_files": [str(folder / "rules.yaml")],
            "alerting": {"alertmanagers": [{}]},
        }
        (folder / "counted.txt").write_text(counted)
        words = ["tsdb", "create-blocks-from", "openmetrics", "counted.txt", "data"]
        subprocess.run([HOME / ".tools" / "promtool", *words], cwd=folder, check=True, capture_output=True)
        self._start_prometheus("google", folder, config, [])

    def _start_prometheus(self, name: str, folder: Path, config: Any, words: list[str]) -> None:
        config["global"] |= {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"}
        for job in config.get("scrape_configs", ()):
            job.pop("scrape_timeout", None)
        targets = [f"127.0.0.1:{self.ports['alertmanager']}"]
        for manager in config["alerting"]["alertmanagers"]:
            manager.pop("dns_sd_configs", None)
            manager["static_configs"] = [{"targets": targets}]
        (folder / "prometheus.yaml").write_text(json.dumps(config))
        own = [
            f"--config.file={folder / 'prometheus.yaml'}",
            f"--storage.tsdb.path={folder / 'data'}",
            *words,
        ]
        self._run(name, "prometheus", own)

    def _laid(self, name: str, files: Mapping[str, str]) -> Path:
        folder = self._folder / name
        folder.mkdir()
        for path, text in files.items():
            (folder / path).write_text(text)
        return folder

    def _run(self, name: str, tool: str, words: Iterable[str]) -> None:
        listen = f"--web.listen-address=127.0.0.1:{self.ports[name]}"
        with (self._folder / f"{name}.log").open("wb") as log:
            command: list[str | Path] = [HOME / ".tools" / tool, *words, listen]
            self._running.append(supervised.start(command, log, {**os.environ, "POD_NAME": name}))

    def _is_ready(self, name: str) -> bool:
        return answers(f"http://127.0.0.1:{self.ports[name]}/-/{'healthy' if name == PROBER else 'ready'}")


def _hurried(text: str) -> str:
    """Rules that are evaluated every second, and wait for as long as three seconds at most."""
    return re.sub(
        r'"(interval|for)": ?"\d+[smh]"', lambda at: f'"{at[1]}":"{"1s" if at[1][0] == "i" else "3s"}"', text
    )


def _designed(catalog: Catalog, service: str, outside: Outside) -> UnitDesign:
    document = catalog.documents["ObservabilityUnit"]["production"]
    here = f"http://127.0.0.1:{outside.port}"
    receivers = [
        {"name": "pager", "kind": "webhook", "url": f"{here}/page", "pages": True},
        {"name": "channel", "kind": "webhook", "url": f"{here}/channel"},
    ]
    changed = {"receivers": receivers, "watchdog": {"url": f"{here}/alive"}}
    written = {**document.data, "spec": {**document.data["spec"], **changed}}
    environment, owner = catalog.find(Environment, "production"), catalog.find(Team, "platform")
    found = service_at(catalog, service, "production")
    assert environment is not None
    assert owner is not None
    assert not isinstance(found, list)
    unit = ObservabilityUnit(document, ObservabilityUnit.filled(written))
    return design_unit(unit, environment, owner, {found: monitored(catalog, found)})


def _collected_as(made: PlannedResource) -> str | None:
    """As what the unit collects a resource, None for what it doesn't."""
    if not made.type.endswith(":ConfigMap"):
        return None
    found: str | None = made.inputs["metadata"]["labels"].get(COLLECT)
    return found


def discovered(pod: Any) -> Iterator[Any]:
    """What Prometheus' discovery of the role `pod` tells of one: a target for each port of each container, or
    for the container, https://prometheus.io/docs/prometheus/latest/configuration/configuration/#pod."""
    metadata, address = pod["metadata"], pod["status"]["podIP"]
    meta = "__meta_kubernetes"
    own = {
        f"{meta}_namespace": metadata["namespace"],
        f"{meta}_pod_name": metadata["name"],
        f"{meta}_pod_ip": address,
        **{f"{meta}_pod_label_{_plain(name)}": value for name, value in metadata["labels"].items()},
        **{
            f"{meta}_pod_annotation_{_plain(name)}": value
            for name, value in metadata.get("annotations", {}).items()
        },
    }
    for container in pod["spec"]["containers"]:
        for port in container.get("ports", [{}]):
            number = port.get("containerPort")
            labels = {f"{meta}_pod_container_init": "false"}
            target = address if number is None else f"{address}:{number}"
            yield {"targets": [target], "labels": {**own, **labels}}


def _plain(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_]", "_", name)


def _pod(namespace: str, workload: str, metadata: Any, address: str) -> Any:
    """As Kubernetes tells of one that its deployment has made, with a container beside the workload's."""
    ports = [{"name": "a", "containerPort": 1}, {"name": "b", "containerPort": 2}]
    containers = [{"name": workload, "ports": ports}, {"name": "helper"}]
    return {
        "metadata": {
            **metadata,
            "name": f"{workload}-1",
            "namespace": namespace,
            "uid": f"{namespace}-{workload}",
        },
        "spec": {"nodeName": "node", "containers": containers},
        "status": {
            "phase": "Running",
            "podIP": address,
            "podIPs": [{"ip": address}],
            "conditions": [{"type": "Ready", "status": "True"}],
        },
    }


def through(minutes: int, at: float, series: Mapping[str, Callable[[int], float]]) -> str:
    """So many minutes up to a time, as OpenMetrics: each series with its value at each minute."""
    lines = [
        f"{name} {value(minute):.12g} {at - (minutes - minute) * 60:.0f}"
        for name, value in series.items()
        for minute in range(minutes + 1)
    ]
    return "\n".join([*lines, "# EOF", ""])


def planned(plan: Plan) -> list[Any]:
    """All rules of a plan, wherever they are evaluated."""
    found = []
    for made in plan.resources:
        if made.custom and made.type.endswith("Rules"):
            found += [rule for group in made.inputs["spec"]["groups"] for rule in group["rules"]]
        elif _collected_as(made) == "rules":
            (text,) = made.inputs["data"].values()
            found += [rule for group in json.loads(text)["groups"] for rule in group["rules"]]
    return found
