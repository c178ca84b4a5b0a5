"""Monitoring as objects of Google's Managed Service for Prometheus, in the fields of
`monitoring.googleapis.com/v1`:
https://github.com/GoogleCloudPlatform/prometheus-engine/blob/main/doc/api.md."""

from collections.abc import Iterator

import msgspec

from catalog.document import Json
from components.design.monitoring.model import Monitoring
from components.design.monitoring.parts import in_parts, part_name
from components.design.monitoring.rules import group
from components.design.scraping import POD_LABELS, Scrape

API = "monitoring.googleapis.com/v1"


def objects(monitoring: Monitoring) -> list[Json]:
    """What makes Google scrape the service's pods and evaluate its rules."""
    return [
        *(pod_monitoring(monitoring, scrape) for scrape in monitoring.scrapes),
        *(each for needs_all in (False, True) for each in rules(monitoring, needs_all=needs_all)),
    ]


def beside_unit(monitoring: Monitoring) -> list[Json]:
    """The same where a unit scrapes and evaluates what it can: what is left is what only Google counts. Its
    evaluator tells the unit's Alertmanagers. Without a unit it is everything."""
    if monitoring.unit is None:
        return objects(monitoring)
    left = [watch for watch in monitoring.watches if watch.needs_all]
    return objects(msgspec.structs.replace(monitoring, scrapes=[], watches=left))


def pod_monitoring(monitoring: Monitoring, scrape: Scrape) -> Json:
    """Scrapes the copies of one workload."""
    return {
        "apiVersion": API,
        "kind": "PodMonitoring",
        "metadata": {"name": scrape.workload, "namespace": monitoring.namespace},
        "spec": {
            "selector": {"matchLabels": {"app.kubernetes.io/name": scrape.workload}},
            "endpoints": [
                {"port": scrape.port, "path": scrape.path, "interval": f"{scrape.interval_seconds}s"},
            ],
            "targetLabels": {"fromPod": [{"from": pod, "to": series} for series, pod in POD_LABELS.items()]},
        },
    }


def rules(monitoring: Monitoring, *, needs_all: bool) -> Iterator[Json]:
    """Groups, in as many objects as hold them. `Rules` see only metrics of their own namespace, which none of
    Google's have, so those are read by `GlobalRules`
    (https://cloud.google.com/stackdriver/docs/managed-prometheus/rules-managed#rules-resources)."""
    place = {} if needs_all else {"namespace": monitoring.namespace}
    groups = [group(monitoring, watch) for watch in monitoring.watches if watch.needs_all == needs_all]
    for number, part in enumerate(in_parts(groups)):
        yield {
            "apiVersion": API,
            "kind": "GlobalRules" if needs_all else "Rules",
            "metadata": {"name": part_name(monitoring.name, number), **place},
            "spec": {"groups": part},
        }
