"""The global stack's engine as processes on this machine: VictoriaMetrics, behind what lets units in.

It is the program's single-node edition, which stores and answers as the cluster's do."""

import json
from pathlib import Path
from typing import Any

from tests.prometheus.processes import HTTP, Processes, answers, free_port, need

KEY = "held-by-the-platform"

Series = dict[str, list[Any]]
"""Samples, each a time in seconds and a value as text, by the labels of their series."""


class Global:
    """Takes what whoever knows `KEY` writes, and keeps of two samples in `every_seconds` the later one."""

    def __init__(self, folder: Path, every_seconds: int) -> None:
        need("victoria-metrics", "vmauth")
        folder.mkdir()
        self._processes = Processes(folder)
        self._port, self.port = free_port(), free_port()
        self._processes.run(
            "victoria-metrics",
            "victoria-metrics",
            [
                f"-storageDataPath={folder / 'data'}",
                f"-httpListenAddr=127.0.0.1:{self._port}",
                "-retentionPeriod=100y",
                f"-dedup.minScrapeInterval={every_seconds}s",
                "-search.latencyOffset=0s",
                "-search.disableCache",
            ],
        )
        paths = ["/api/v1/write", "/api/v1/import"]
        upstream = f"http://127.0.0.1:{self._port}"
        user = {"bearer_token": KEY, "url_map": [{"src_paths": paths, "url_prefix": upstream}]}
        config = folder / "vmauth.yaml"
        config.write_text(json.dumps({"users": [user]}))
        words = [f"-auth.config={config}", f"-httpListenAddr=127.0.0.1:{self.port}"]
        self._processes.run("vmauth", "vmauth", words)

    def is_ready(self) -> bool:
        """Whether both answer."""
        return all(answers(f"http://127.0.0.1:{port}/health") for port in (self._port, self.port))

    def end(self) -> None:
        """Ends both."""
        self._processes.end()

    def samples(self, series: str, seconds: int, at: float) -> Series:
        """What it has of some series in so many seconds before a time."""
        return asked(f"http://127.0.0.1:{self._port}", f"{series}[{seconds}s]", at)

    def flush(self) -> None:
        """Has it write all that it took, so that it is found."""
        HTTP.request("GET", f"http://127.0.0.1:{self._port}/internal/force_flush")


def asked(url: str, query: str, at: float) -> Series:
    """The answer of something like Prometheus to a query for samples, without the label that only a copy has,
    without the marks of where a series ends, which Prometheus doesn't show, and to eleven digits of a value:
    VictoriaMetrics doesn't keep the last of them."""
    fields = {"query": query, "time": f"{at:.3f}"}
    answer = HTTP.request("GET", f"{url}/api/v1/query", fields=fields).json()
    assert answer["status"] == "success", answer
    return {
        json.dumps({**one["metric"], "unit": ""}, sort_keys=True): [
            [at, f"{float(value):.11g}"] for at, value in one["values"] if value != "NaN"
        ]
        for one in answer["data"]["result"]
    }
