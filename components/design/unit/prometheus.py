"""How a unit's two Prometheus are configured: what they scrape and whom they tell.

https://prometheus.io/docs/prometheus/latest/configuration/configuration/"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from components.design.scraping import INTERVAL_SECONDS, POD_LABELS
from components.design.unit import rollouts, state
from components.design.unit.names import (
    ALERTMANAGER,
    NAMESPACE,
    PROBES,
    PROMETHEUS,
    address,
)

COPIES = 2
PORT = 9090

CONFIG = "/etc/prometheus/unit"
COLLECTED = "/etc/prometheus/collected"
"""Where the collector lays down what services bring: `rules/` and `probes/`."""

CURATED = "(.+:.+|ALERTS|ALERTS_FOR_STATE)"
"""What leaves the unit: series that rules recorded, and the state of alerts."""

PERSONAL = "(?i)(.*_)?(e?mail|card|pan|iban|account_?id|customer_?id|user_?id|user_?name|phone|ssn)(_.*)?"
"""Labels by which a program may tell whom something is about, which no series keeps: the rule
`security/labels-name-nobody` asks the same of rules."""

GLOBAL, TOKEN = "global", "token"
"""The Secret, and its key, by which the global stack knows the unit."""

SHARE_OF_DISK = 0.8
"""Of a disk that fills up, this much is kept at most, so that compaction has room:
https://prometheus.io/docs/prometheus/latest/storage/#right-sizing-retention-size"""


def arguments(retention_days: int, disk_gb: int) -> list[str]:
    """How a Prometheus is started."""
    return [
        f"--config.file={CONFIG}/prometheus.yaml",
        "--storage.tsdb.path=/data",
        f"--storage.tsdb.retention.time={retention_days}d",
        f"--storage.tsdb.retention.size={int(disk_gb * SHARE_OF_DISK)}GB",
        "--web.enable-lifecycle",  # the collector has it read its files again
    ]


def configuration(
    environment: str, write_to: str | None, withheld: Sequence[str], *, sees_state: bool
) -> Any:
    """What a Prometheus of an environment's unit is told. A copy of what it records is written to the URL
    `write_to`, if there is one, but of what is about the services `withheld`. Where it `sees_state` it asks
    who tells what Kubernetes does, too."""
    config = {
        "global": {
            "scrape_interval": f"{INTERVAL_SECONDS}s",
            "evaluation_interval": f"{INTERVAL_SECONDS}s",
            # Both say the same: of two Prometheus, the global stack keeps one sample, and one alert is one.
            "external_labels": {"unit": environment},
        },
        "rule_files": [f"{CONFIG}/rules.yaml", f"{COLLECTED}/rules/*.yaml"],
        "alerting": {
            "alertmanagers": [{"dns_sd_configs": [_every(ALERTMANAGER, 9093)]}],
        },
        "scrape_configs": [*_scrapes(environment), *([_of_kubernetes(environment)] if sees_state else [])],
    }
    return config if write_to is None else {**config, "remote_write": [_written(write_to, withheld)]}


def _scrapes(environment: str) -> Iterator[Any]:
    where = {"target_label": "environment", "replacement": environment}
    for name, port in ((PROMETHEUS, PORT), (ALERTMANAGER, 9093)):
        yield {
            "job_name": name,
            "dns_sd_configs": [_every(name, port)],
            "relabel_configs": [where],
        }
    yield {
        "job_name": "pods",
        "kubernetes_sd_configs": [{"role": "pod"}],
        "relabel_configs": [*_pods(), where],
        "metric_relabel_configs": [{"action": "labeldrop", "regex": PERSONAL}],
    }
    yield {**rollouts.scrape(), "relabel_configs": [*rollouts.scrape()["relabel_configs"], where]}
    yield {
        "job_name": "probes",
        "metrics_path": "/probe",
        "scrape_timeout": "10s",
        "file_sd_configs": [{"files": [f"{COLLECTED}/probes/*.json"]}],
        "relabel_configs": [
            {"source_labels": ["__address__"], "target_label": "__param_target"},
            {"source_labels": ["__param_target"], "target_label": "target"},
            {"target_label": "__address__", "replacement": f"{address(PROBES)}:9115"},
            where,
        ],
    }


def _of_kubernetes(environment: str) -> Any:
    found = state.scrape()
    where = {"target_label": "environment", "replacement": environment}
    return {**found, "relabel_configs": [*found["relabel_configs"], where]}


def _pods() -> Iterator[Any]:
    """Of all pods those that ask for it by the annotations that everybody knows, at the port and path that
    they name; their namespace is the service's full name."""
    asked = "__meta_kubernetes_pod_annotation_prometheus_io"
    yield {"source_labels": [f"{asked}_scrape"], "regex": "true", "action": "keep"}
    yield {
        "source_labels": [f"{asked}_path"],
        "regex": "(.+)",
        "target_label": "__metrics_path__",
    }
    yield {
        "source_labels": ["__meta_kubernetes_pod_ip", f"{asked}_port"],
        "regex": "(.+);(\\d+)",
        "target_label": "__address__",
        "replacement": "$1:$2",
    }
    # One target for a pod, however many ports it has.
    yield {
        "source_labels": ["__meta_kubernetes_pod_container_init"],
        "regex": "true",
        "action": "drop",
    }
    for label, source in (
        ("namespace", "__meta_kubernetes_namespace"),
        ("pod", "__meta_kubernetes_pod_name"),
        *(
            (series, f"__meta_kubernetes_pod_label_{re.sub('[^A-Za-z0-9]', '_', pod)}")
            for series, pod in POD_LABELS.items()
        ),
        ("team", "__meta_kubernetes_pod_label_team"),
        ("service", "__meta_kubernetes_pod_label_service"),
    ):
        yield {"source_labels": [source], "target_label": label}
    # `production`, or `production.canary` for an instance there: what rules call a cell.
    yield {
        "source_labels": ["__meta_kubernetes_pod_label_env", "__meta_kubernetes_pod_label_instance"],
        "separator": ".",
        "regex": "(.+?)\\.?",
        "target_label": "cell",
    }


def _written(url: str, withheld: Sequence[str]) -> Any:
    """The copy for the global stack. It may be gone for as long as it likes: what waits is bounded, and no
    rule, alert or query of the unit waits for it."""
    kept = [{"source_labels": ["__name__"], "regex": CURATED, "action": "keep"}]
    if withheld:
        secret = {"source_labels": ["service"], "regex": "|".join(sorted(withheld)), "action": "drop"}
        kept.append(secret)
    return {
        "url": url,
        "authorization": {"credentials_file": f"/etc/prometheus/secret/{TOKEN}"},
        "write_relabel_configs": kept,
        "queue_config": {"capacity": 10000, "max_shards": 10, "max_samples_per_send": 2000},
    }


def _every(name: str, port: int) -> Any:
    """Every copy of a process of the unit, by its headless service's name."""
    return {"names": [f"{name}.{NAMESPACE}.svc"], "type": "A", "port": port, "refresh_interval": "15s"}
