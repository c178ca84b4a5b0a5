"""Turns promises into burn-rate alerts.

Windows and factors: https://sre.google/workbook/alerting-on-slos/ (chapter 5, table 5-8). A factor is the
budget share spent × 720 h / the long window's hours, for a 30-day month.
"""

import math
from collections.abc import Mapping
from typing import NamedTuple

from catalog.kinds.service import Service
from catalog.kinds.service_spec import Capacity, Endpoint
from components.design.model import BurnAlert

USUAL_FLOOR = 3600
"""Requests in the long window without which an alert says nothing: one a second over an hour,
https://gitlab.com/gitlab-com/runbooks/-/blob/master/docs/metrics-catalog/service-level-monitoring.md."""

QUIET = 10
"""An alert has to speak outside of the busiest hour too, when so many times fewer requests come."""


class Window(NamedTuple):
    """A long window: its seconds, the short window beside it, and the burn rate at which its alert fires."""

    seconds: int
    short: str
    factor: float


WINDOWS = {
    "1h": Window(3600, "5m", 14.4),
    "6h": Window(21600, "30m", 6.0),
    "3d": Window(259200, "6h", 1.0),
}


def burn_alerts(service: Service) -> list[BurnAlert]:
    """An error alert and a latency alert for each endpoint and window."""
    written = service.spec.alerting.minimum_requests
    floor = fitting_floor(service) if written is None else written
    capacities = _capacities(service)
    return [
        _alert(service, index, endpoint, sli, window, floor, capacities)
        for index, endpoint in enumerate(service.spec.endpoints)
        for sli in ("availability", "latency")
        for window in service.spec.alerting.windows
    ]


def fitting_floor(service: Service) -> int:
    """The fewest requests for an alert that suit a service: the usual, or what its least busy endpoint gets
    in its shortest window at a quiet time. At least 1."""
    capacities = _capacities(service)
    most = [
        _most_requests(capacities, endpoint, window)
        for endpoint in service.spec.endpoints
        for window in service.spec.alerting.windows
    ]
    return min([USUAL_FLOOR, *(max(1, each // QUIET) for each in most if each is not None)])


def _alert(
    service: Service,
    index: int,
    endpoint: Endpoint,
    sli: str,
    window: str,
    floor: int,
    capacities: Mapping[str, Capacity | None],
) -> BurnAlert:
    _, short, factor = WINDOWS[window]
    objective = endpoint.slo.availability if sli == "availability" else endpoint.slo.latency
    return BurnAlert(
        name=f"{endpoint.name}-{sli}-{window}",
        origin=service.origin("spec", "endpoints", index, "slo", sli),
        endpoint=endpoint.name,
        sli=sli,
        objective=objective,
        least_objective=math.floor(100 - 100 / factor) + 1,
        window=window,
        short_window=short,
        factor=factor,
        threshold=round(factor * (100 - objective) / 100, 12),
        minimum_requests=floor,
        most_requests=_most_requests(capacities, endpoint, window),
    )


def _capacities(service: Service) -> dict[str, Capacity | None]:
    return {workload.name: workload.capacity for workload in service.spec.workloads}


def _most_requests(capacities: Mapping[str, Capacity | None], endpoint: Endpoint, window: str) -> int | None:
    """What an endpoint gets when its workload's busiest hour lasts for the whole window."""
    capacity = capacities.get(endpoint.workload)
    return None if capacity is None else max(1, math.ceil(capacity.peak_per_second * WINDOWS[window].seconds))
