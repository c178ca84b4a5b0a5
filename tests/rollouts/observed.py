"""A Prometheus that asks Argo Rollouts for its metrics, and that rollouts ask for a verdict."""

import json
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import urllib3

from components.design.unit.rollouts import scrape
from tests import supervised
from tests.built import require_built
from tests.kubernetes.api_server import TOOLS, Json, free_ports

EVERY_SECONDS = 1


class Observer:
    """A running Prometheus, whose files are in `folder`, which keeps what is told at the port `metrics`."""

    def __init__(self, folder: Path, metrics: int) -> None:
        require_built(TOOLS / "prometheus", "make test-prometheus")
        (port,) = free_ports(1)
        self.url = f"http://127.0.0.1:{port}"
        planned = scrape()
        job = {name: planned[name] for name in ("job_name", "honor_labels")}
        job["static_configs"] = [{"targets": [f"127.0.0.1:{metrics}"]}]
        every = {"scrape_interval": f"{EVERY_SECONDS}s"}
        (folder / "prometheus.yaml").write_text(json.dumps({"global": every, "scrape_configs": [job]}))
        flags = (
            f"--config.file={folder / 'prometheus.yaml'}",
            f"--storage.tsdb.path={folder / 'data'}",
            f"--web.listen-address=127.0.0.1:{port}",
        )
        with (folder / "prometheus.log").open("wb") as log:
            self._process = supervised.start([TOOLS / "prometheus", *flags], log, env={})
        self._http = urllib3.PoolManager(retries=urllib3.Retry(60, backoff_factor=0.5, backoff_max=1))
        self._http.request("GET", f"{self.url}/-/ready")

    def __enter__(self) -> "Observer":
        return self

    def __exit__(self, *_: object) -> None:
        supervised.end(self._process)

    def since(self, expr: str, seconds: float) -> list[Json]:
        """The series that a query has had in so many seconds, as a panel over that time shows them."""
        now = time.time()
        asked = {"query": expr, "start": now - seconds, "end": now, "step": 5}
        answer: dict[str, Any] = self._http.request(
            "GET", f"{self.url}/api/v1/query_range?{urlencode(asked)}"
        ).json()
        assert answer["status"] == "success", answer
        found: list[Json] = answer["data"]["result"]
        return found


def verdict(cluster_name: str, observer: Observer, share: float) -> Json:
    """An AnalysisTemplate by which a share of errors of so much is measured: below a tenth is good, above
    a half is bad, and between them nobody knows."""
    metric = {
        "name": "errors",
        "interval": "1s",
        "count": 2,
        "provider": {"prometheus": {"address": observer.url, "query": f"vector({share})"}},
        "successCondition": "result[0] < 0.1",
        "failureCondition": "result[0] > 0.5",
    }
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "AnalysisTemplate",
        "metadata": {"name": "verdict", "namespace": cluster_name},
        "spec": {"metrics": [metric]},
    }
