"""Judges what a design amounts to against what was promised."""

import math

from catalog.kinds.service import Service
from components.design.availability.model import evaluate, minutes
from components.design.availability.published_sla import ratio
from components.design.availability.series import availability_tree
from components.design.edge_model import (
    EdgeDesign,
)
from components.design.model import (
    AvailabilityDesign,
    DependencyDesign,
    Machine,
    PartShare,
    WorkloadDesign,
)
from components.design.stores.model import StoreDesign


def judge_availability(
    service: Service,
    edge: EdgeDesign | None,
    machines: list[Machine],
    workloads: list[WorkloadDesign],
    stores: list[StoreDesign],
    dependencies: list[DependencyDesign],
) -> AvailabilityDesign:
    """Promised against designed, with each part's share of the unavailability, largest first."""
    promise = service.spec.availability
    tree = availability_tree(service, edge, machines, workloads, stores, dependencies)
    result = evaluate(tree, promise.window_days)
    needed = [ratio(d.availability) for d in dependencies if d.need == "hard" and d.availability is not None]
    ceiling = math.prod(needed)
    return AvailabilityDesign(
        promised=promise.target,
        designed=_percent(result.availability),
        low=_percent(result.low),
        high=_percent(result.high),
        window_days=promise.window_days,
        promised_minutes=round(minutes(ratio(promise.target), promise.window_days), 6),
        designed_minutes=round(result.minutes, 6),
        ceiling=_percent(ceiling),
        own=_percent(result.availability / ceiling if ceiling > 0.0 else 0.0),
        weakest=result.weakest or "",
        parts=[
            PartShare(
                name=share.name,
                origin=share.origin or service.origin("spec"),
                availability=_percent(share.availability),
                minutes=round(share.minutes, 6),
                share=round(share.share_percent, 6),
                source=share.source or "",
            )
            for share in result.shares
        ],
        unknown=[d.name for d in dependencies if d.availability is None and _counts(d)],
    )


def _counts(dependency: DependencyDesign) -> bool:
    """Whether any of its outages is ours."""
    return dependency.need == "hard" or dependency.coverage_percent < 100


def _percent(availability: float) -> float:
    return round(100 * availability, 9)
