"""Decides whether somebody judges a new version of a workload while it goes out, and how."""

from catalog.kinds.service import Service
from catalog.kinds.service_spec import Workload
from components.design.rollout.looking import (
    BLIND_SECONDS,
    LONGER_MINUTES,
    LOOK_SECONDS,
    notice_seconds,
)
from components.design.rollout.model import Analysis
from components.design.scraping import INTERVAL_SECONDS


def analysis(service: Service, workload: Workload, *, first_share: float, watched: bool) -> Analysis | None:
    """How the versions of a workload are compared whose first step is that share of all copies, where the
    environment's own unit has it `watched`.

    None where nobody can: without a unit no Prometheus stands where the controller could ask it, and of
    requests that only a load balancer counts, none says which version answered. So a workload has to tell
    itself what fails: a web server its `metrics.requests`, a worker the jobs of a queue that counts them."""
    if not watched or not tells_failures(service, workload):
        return None
    peak = None if workload.capacity is None else workload.capacity.peak_per_second
    return Analysis(
        look_seconds=LOOK_SECONDS,
        longer_seconds=LONGER_MINUTES * 60,
        blind_seconds=BLIND_SECONDS,
        notice_seconds=notice_seconds(peak, first_share, INTERVAL_SECONDS),
    )


def tells_failures(service: Service, workload: Workload) -> bool:
    """Whether copies of a workload are sure to count what fails of what they do, each by itself. Which of
    them counts an event of the business, no spec says."""
    metrics = workload.metrics
    if metrics is None:
        return False
    takes_jobs = workload.kind == "worker" and metrics.queue is not None
    return metrics.requests is not None or (
        takes_jobs and any(job.workload == workload.name for job in service.spec.jobs)
    )
