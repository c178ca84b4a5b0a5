"""Journeys: what the load balancer counts of each endpoint's requests.

Metrics, their labels and units: https://cloud.google.com/monitoring/api/metrics_gcp_i_o#gcp-loadbalancing."""

from collections.abc import Iterator

from catalog.kinds.service_spec import Endpoint
from components.design.alerts import fitting_floor
from components.design.edge_model import (
    EndpointDesign,
)
from components.design.monitoring import histogram
from components.design.monitoring.ground import Found, Ground
from components.design.monitoring.model import Sli, Unmeasured
from components.design.monitoring.promql import rate
from components.design.monitoring.ratio import watch
from components.design.monitoring.trial import Counter

RESOURCE = "https_lb_rule"
COUNT = "loadbalancing.googleapis.com/https/request_count"
LATENCY = "loadbalancing.googleapis.com/https/total_latencies"
"""Milliseconds from a request's first byte at the load balancer to the acknowledgement of the response's
last."""

BUCKETS = [1.4**n for n in range(66)]
"""Upper bounds in milliseconds of what LATENCY counts into: 66 of them, growing by 1.4
(https://cloud.google.com/monitoring/api/ref_v3/rest/v3/TypedValue#Exponential)."""

SOURCE = "the load balancer"


PART = (1, "Journeys")
"""Where it is shown, and under which heading."""


def watched(ground: Ground) -> Found:
    """Availability and latency of each endpoint that a load balancer answers for."""
    edge = ground.design.edge
    if edge is None or edge.entrance != "load-balancer":
        yield from _unseen(ground)
        return
    for endpoint in ground.design.endpoints:
        labels = {"backend_target_name": endpoint.resource}
        yield watch(*_availability(ground, endpoint, labels), ground, needs_all=True)
        yield watch(*_latency(ground, endpoint, labels), ground, needs_all=True)


def _floor(ground: Ground) -> int:
    written = ground.service.spec.alerting.minimum_requests
    return fitting_floor(ground.service) if written is None else written


def _availability(
    ground: Ground, endpoint: EndpointDesign, labels: dict[str, str]
) -> tuple[Sli, list[Counter]]:
    """Only 5xx is bad: what the service, or nobody behind it, answered. A client that goes away, or that is
    refused, is none of its faults."""
    every = ground.dialect.metric(RESOURCE, COUNT, labels)
    failed = {**labels, "response_code_class": "500"}
    sli = Sli(
        name=f"{endpoint.name}-availability",
        origin=endpoint.origin,
        kind="availability",
        subject=endpoint.name,
        title=f"{endpoint.title}: requests that succeed",
        good="answered with anything but 5xx",
        source=SOURCE,
        metrics=[COUNT],
        events=rate(every),
        bad=rate(ground.dialect.metric(RESOURCE, COUNT, failed)),
        objective=endpoint.slo.availability,
        floor=_floor(ground),
    )
    answered = {**labels, "response_code_class": "200"}
    return sli, [
        Counter(ground.dialect.metric(RESOURCE, COUNT, answered), 1, -1),
        Counter(ground.dialect.metric(RESOURCE, COUNT, failed), 0, 1),
    ]


def _latency(ground: Ground, endpoint: EndpointDesign, labels: dict[str, str]) -> tuple[Sli, list[Counter]]:
    counts = histogram.within(
        lambda suffix, more: ground.dialect.metric(RESOURCE, LATENCY, {**labels, **more}, suffix),
        BUCKETS,
        endpoint.slo.latency_ms,
    )
    sli = Sli(
        name=f"{endpoint.name}-latency",
        origin=endpoint.origin,
        kind="latency",
        subject=endpoint.name,
        title=f"{endpoint.title}: requests that are fast",
        good=f"answered within {endpoint.slo.latency_ms} ms{counts.between}",
        source=SOURCE,
        metrics=[LATENCY],
        events=counts.events,
        bad=counts.bad,
        objective=endpoint.slo.latency,
        floor=_floor(ground),
        limit_ms=endpoint.slo.latency_ms,
    )
    return sli, counts.counters


def _unseen(ground: Ground) -> Iterator[Unmeasured]:
    spec = ground.service.spec
    for index, endpoint in enumerate(spec.endpoints):
        yield Unmeasured(
            name=endpoint.name,
            origin=ground.service.origin("spec", "endpoints", index),
            what=f"journey {endpoint.name}",
            why=_why(ground, endpoint),
            fix="Move its workload behind the load balancer: `runtime: kubernetes`, and `edge.exposure:"
            " public` or `employees`.",
        )


def _why(ground: Ground, endpoint: Endpoint) -> str:
    if ground.service.spec.edge.exposure == "internal":
        return "only the cluster calls it, so no load balancer counts its requests"
    return f"requests reach {endpoint.workload} at its machine's own address, where nobody counts them"
