"""What Google's own metrics are called in Prometheus: it depends on who brings them there."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from components.design.monitoring.promql import series


@dataclass(frozen=True)
class Dialect:
    """How one of Cloud Monitoring's metrics, of a kind of monitored resource, is selected."""

    name: str
    select: Callable[[str, str, dict[str, str], str], str]

    def metric(self, resource: str, type_: str, labels: dict[str, str], suffix: str = "") -> str:
        """Selects the metric `type_`, as in `loadbalancing.googleapis.com/https/request_count`, of monitored
        resources of a kind; a histogram by its `suffix`."""
        return self.select(resource, type_, labels, suffix)


def _managed(resource: str, type_: str, labels: dict[str, str], suffix: str) -> str:
    """The first `/` becomes `:`, all else that PromQL has no room for `_`, and the kind of resource is a
    label: https://cloud.google.com/monitoring/promql/promql-mapping."""
    service, _, path = type_.partition("/")
    name = f"{_underscored(service)}:{_underscored(path)}{suffix}"
    return series(name, {"monitored_resource": resource, **labels})


def _exported(resource: str, type_: str, labels: dict[str, str], suffix: str) -> str:
    """As `stackdriver_exporter` calls it, which has to run with `--monitoring.aggregate-deltas`, or its
    counters count nothing: https://github.com/prometheus-community/stackdriver_exporter."""
    return series(f"stackdriver_{resource}_{_underscored(type_)}{suffix}", labels)


def _underscored(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", "_", text)


MANAGED = Dialect("google", _managed)
"""Google's Managed Service for Prometheus, which reads Cloud Monitoring."""

EXPORTED = Dialect("stackdriver-exporter", _exported)
"""Any Prometheus, beside the exporter."""
