"""Until when a rollout is waited for."""

from catalog.kinds.service import Service
from components.design.rollout.looking import most_minutes
from components.design.rollout.rollout import is_replaced_copy_by_copy
from pave.rollouts.report import RolloutReport

POLL_SECONDS = 5.0

COPIES_SECONDS = 600
"""For nodes that have to come before copies can start, at each step."""


def is_over(report: RolloutReport) -> bool:
    """Whether nothing goes on by itself any more, or one was stopped: the others are not waited for then."""
    states = {each.state for each in report.workloads}
    return bool(states & {"undone", "unready", "paused", "held"}) or states <= {"steady"}


def goes_by_steps(service: Service) -> bool:
    """Whether new versions of some workload come step by step."""
    takes_steps = (
        len(service.spec.rollout.steps) > 1 and service.environment.spec.cluster.rollouts is not None
    )
    return takes_steps and any(is_replaced_copy_by_copy(each) for each in service.spec.workloads)


def longest_seconds(service: Service) -> float:
    """How long a rollout of all of a service's workloads may take, each step looked at as long as it may be:
    they go on side by side."""
    rollout = service.spec.rollout
    starts = max((each.startup_seconds for each in service.spec.workloads), default=0)
    looked_at = most_minutes(len(rollout.steps), rollout.soak_minutes) * 60
    return looked_at + len(rollout.steps) * (starts + COPIES_SECONDS)
