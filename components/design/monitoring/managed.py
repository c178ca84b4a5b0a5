"""Monitoring as objects of Google's Managed Service for Prometheus, in the fields of
`monitoring.googleapis.com/v1`:
https://github.com/GoogleCloudPlatform/prometheus-engine/blob/main/doc/api.md."""

from collections.abc import Sequence

import msgspec

from catalog.document import Json
from components.design.monitoring.model import Monitoring, Watch
from components.design.monitoring.rules import group
from components.design.scraping import Scrape

API = "monitoring.googleapis.com/v1"


def objects(monitoring: Monitoring) -> list[Json]:
    """What makes Google scrape the service's pods and evaluate its rules."""
    return [
        *(pod_monitoring(monitoring, scrape) for scrape in monitoring.scrapes),
        *(
            rules(monitoring, watches, needs_all=needs_all)
            for needs_all in (False, True)
            if (watches := [each for each in monitoring.watches if each.needs_all == needs_all])
        ),
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
        },
    }


def rules(monitoring: Monitoring, watches: Sequence[Watch], *, needs_all: bool) -> Json:
    """Some groups. `Rules` see only metrics of their own namespace, which none of Google's have, so those are
    read by `GlobalRules`
    (https://cloud.google.com/stackdriver/docs/managed-prometheus/rules-managed#rules-resources)."""
    place = {} if needs_all else {"namespace": monitoring.namespace}
    return {
        "apiVersion": API,
        "kind": "GlobalRules" if needs_all else "Rules",
        "metadata": {"name": monitoring.name, **place},
        "spec": {"groups": [group(monitoring, watch) for watch in watches]},
    }
