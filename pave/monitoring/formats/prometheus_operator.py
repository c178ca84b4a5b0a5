"""Objects for the Prometheus Operator, beside `stackdriver_exporter`:
https://prometheus-operator.dev/docs/api-reference/api/."""

from catalog.document import Json
from components.design.monitoring.dialects import EXPORTED
from components.design.monitoring.model import Monitoring
from components.design.monitoring.rules import group

DIALECT = EXPORTED


def files(monitoring: Monitoring) -> dict[str, Json]:
    """The rules, and what tells the operator which pods to scrape."""
    rules = {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PrometheusRule",
        "metadata": _metadata(monitoring, monitoring.name),
        "spec": {"groups": [group(monitoring, watch) for watch in monitoring.watches]},
    }
    found: dict[str, Json] = {f"{monitoring.name}.prometheus-rule.yaml": rules}
    for scrape in monitoring.scrapes:
        asked = {
            "port": scrape.port_name,
            "path": scrape.path,
            "interval": f"{scrape.interval_seconds}s",
        }
        found[f"{scrape.name}.pod-monitor.yaml"] = {
            "apiVersion": "monitoring.coreos.com/v1",
            "kind": "PodMonitor",
            "metadata": _metadata(monitoring, scrape.name),
            "spec": {
                "selector": {"matchLabels": {"app.kubernetes.io/name": scrape.workload}},
                "podMetricsEndpoints": [asked],
            },
        }
    return found


def _metadata(monitoring: Monitoring, name: str) -> Json:
    return {
        "name": name,
        "namespace": monitoring.namespace,
        "labels": {"service": monitoring.labels["service"]},
    }
