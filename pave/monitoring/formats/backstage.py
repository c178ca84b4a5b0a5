"""An entity of Backstage's catalog, with where a service's alerts, budgets and dashboards are:
https://backstage.io/docs/features/software-catalog/descriptor-format/#kind-component. Its annotations are
those of the plugins for Grafana (https://github.com/K-Phoen/backstage-plugin-grafana) and Prometheus
(https://github.com/RoadieHQ/roadie-backstage-plugins)."""

from collections.abc import Iterator

from catalog.document import Json
from components.design.monitoring.dialects import EXPORTED
from components.design.monitoring.model import Monitoring

DIALECT = EXPORTED


def files(monitoring: Monitoring) -> dict[str, Json]:
    """One `catalog-info.yaml`. Of which tier and stage a service is, its alerts don't say."""
    service, cell = monitoring.labels["service"], monitoring.labels["cell"]
    promises = sum(watch.sli is not None for watch in monitoring.watches)
    entity: Json = {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Component",
        "metadata": {
            "name": monitoring.name,
            "description": f"{service} in {cell}, with {promises} promises that are measured.",
            "labels": monitoring.labels,
            "annotations": {
                "grafana/alert-label-selector": f"service={service},cell={cell}",
                "grafana/dashboard-selector": "pave",
                "prometheus.io/alert": "all",
                "prometheus.io/labels": "alertname,severity,sli,window",
                "prometheus.io/rule": "sli:bad_ratio:rate28d|sli",
            },
            "tags": ["pave"],
            "links": list(_links(monitoring)),
        },
        "spec": {"type": "service", "lifecycle": "production", "owner": f"group:{monitoring.team}"},
    }
    return {"catalog-info.yaml": entity}


def _links(monitoring: Monitoring) -> Iterator[Json]:
    for url, title, icon in (
        (monitoring.runbook, "What to do when it alerts", "docs"),
        (monitoring.dashboard, "Dashboard", "dashboard"),
    ):
        if url is not None:
            yield {"url": url, "title": title, "icon": icon}
