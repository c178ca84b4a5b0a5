"""Decides where copies of workloads are asked for their metrics."""

from typing import NamedTuple

from catalog.checks.reserved_names import WATCHING
from catalog.kinds.service import Service
from catalog.kinds.service_spec import Workload
from components.design.element import Element
from components.design.naming import resource_name

INTERVAL_SECONDS = 30
"""Two samples in the minute of an evaluation."""

PORT_NAME = "metrics"
"""What pods call the port, where it is another than the one that they answer at."""

POD_LABELS = {"workload": "app.kubernetes.io/name", "version": "rollouts-pod-template-hash"}
"""What each series of a pod says of it, and the pod's label that says so. The second is what tells versions
apart; Argo Rollouts puts it on copies: https://argo-rollouts.readthedocs.io/en/stable/features/specification/."""


class Scraper(NamedTuple):
    """Who asks: pods with these labels, in that namespace, which are found out by `annotations` of what they
    ask where nothing else tells them."""

    namespace: str
    pods: dict[str, str]
    is_told_by_annotations: bool


GOOGLE = Scraper("gmp-system", {"app.kubernetes.io/name": "collector"}, is_told_by_annotations=False)
"""Google's managed collectors: https://github.com/GoogleCloudPlatform/prometheus-engine/blob/main/manifests/operator.yaml."""

UNIT = Scraper(WATCHING, {"app.kubernetes.io/name": "prometheus"}, is_told_by_annotations=True)
"""The two Prometheus of the environment's unit."""

ROLLOUT_CONTROLLER = {"app.kubernetes.io/name": "argo-rollouts"}
"""The pods that ask those, in the namespace ROLLING_OUT, how a new version does."""


class Scrape(Element, frozen=True):
    """Asks each copy of a workload at its metrics `port`, which pods call `port_name`, and that HTTP path,
    every `interval_seconds`."""

    workload: str
    port: int
    port_name: str
    path: str
    interval_seconds: int


def annotations(scrape: Scrape | None, scraper: Scraper) -> dict[str, str]:
    """How pods tell a Prometheus that discovers them where to ask."""
    if scrape is None or not scraper.is_told_by_annotations:
        return {}
    return {
        "prometheus.io/scrape": "true",
        "prometheus.io/port": str(scrape.port),
        "prometheus.io/path": scrape.path,
    }


def scrape(service: Service, index: int, workload: Workload) -> Scrape | None:
    """How to ask a workload; None where nobody knows a port, on machines that nobody scrapes, and for jobs
    that end before somebody asks."""
    if workload.metrics is None or workload.runtime != "kubernetes" or workload.kind == "cron":
        return None
    port = workload.metrics.port or workload.port
    if port is None:
        return None
    return Scrape(
        name=resource_name(service.full_name, workload.name),
        origin=service.origin("spec", "workloads", index, "metrics"),
        workload=workload.name,
        port=port,
        port_name=workload.protocol if port == workload.port else PORT_NAME,
        path=workload.metrics.path,
        interval_seconds=INTERVAL_SECONDS,
    )
