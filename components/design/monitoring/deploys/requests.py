"""What copies of a web server count of the requests that they answer themselves, as ratios of bad events.

Nothing is promised by them and nobody is alerted: the journeys are counted by the load balancer, in front of
all copies. But only a copy knows which version it is."""

from collections.abc import Iterator

from catalog.kinds.service import Service
from catalog.kinds.service_spec import Requests, Workload
from components.design.monitoring.model import Sli
from components.design.monitoring.promql import rate, series


def told_by_copies(service: Service) -> Iterator[Sli]:
    """The requests of each workload that counts them; as strict as the strictest journey that it answers."""
    for index, workload in enumerate(service.spec.workloads):
        if workload.metrics is not None and workload.metrics.requests is not None:
            yield from _of(service, index, workload, workload.metrics.requests)


def _of(service: Service, index: int, workload: Workload, counted: Requests) -> Iterator[Sli]:
    own = {"namespace": service.full_name, "workload": workload.name}
    every = rate(series(counted.total, own))
    slos = [endpoint.slo for endpoint in service.spec.endpoints if endpoint.workload == workload.name]
    target = service.spec.availability.target
    origin = service.origin("spec", "workloads", index, "metrics", "requests")
    failures = Sli(
        name=f"{workload.name}-requests",
        origin=origin,
        kind="answers",
        subject=workload.name,
        title=f"{workload.name}: requests that its copies answer without an error",
        good="of its requests don't fail on our side",
        source=f"the pods of {workload.name}",
        metrics=[counted.total, counted.failed],
        events=every,
        bad=rate(series(counted.failed, own)),
        objective=max((slo.availability for slo in slos), default=target),
        floor=0,
    )
    yield failures
    if counted.in_time is not None:
        yield Sli(
            name=f"{workload.name}-requests-in-time",
            origin=origin,
            kind="pace",
            subject=workload.name,
            title=f"{workload.name}: requests that its copies answer in time",
            good="of its requests are answered as fast as promised",
            source=failures.source,
            metrics=[counted.total, counted.in_time],
            events=every,
            bad=f"({every} - ({rate(series(counted.in_time, own))} or {every} * 0))",
            objective=max((slo.latency for slo in slos), default=target),
            floor=0,
        )
