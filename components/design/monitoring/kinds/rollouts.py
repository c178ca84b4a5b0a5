"""Rollouts: whether one was taken back or stopped, and whether one waits for a person.

Argo Rollouts itself tells: https://argo-rollouts.readthedocs.io/en/stable/features/controller-metrics/."""

from components.design.model import WorkloadDesign
from components.design.monitoring.alerting import alert
from components.design.monitoring.ground import Found, Ground
from components.design.monitoring.lasting import lasting
from components.design.monitoring.model import Alert, Watch
from components.design.monitoring.promql import series
from components.design.monitoring.scrape import own
from components.design.monitoring.trials.threshold import gauge_trials
from components.design.rollout.model import ProgressiveRollout

TOLD = "rollout_info"
"""1 of each rollout, with the phase that it is in."""

STOPPED = ("Abort", "Error", "InvalidSpec", "Timeout")
"""Phases: https://github.com/argoproj/argo-rollouts/blob/v1.9.0/controller/metrics/rollouts.go."""

LONGER_MINUTES = 60
"""Beyond the soak of a step, for one that may be looked at longer."""

PART = (8, "Rollouts")
"""Where it is shown, and under which heading."""


def watched(ground: Ground) -> Found:
    """Each workload whose versions come step by step, where a unit sees who brings them."""
    if ground.design.unit is None:
        return
    for workload in ground.design.workloads:
        if workload.rollout is not None:
            yield _stopped(ground, workload)
            yield _waits(ground, workload, workload.rollout)


def _stopped(ground: Ground, workload: WorkloadDesign) -> Watch:
    """Until another version is asked for: so long nothing new may come without somebody's word."""
    labels = own(ground, name=workload.name)
    found = alert(
        ground,
        workload.name,
        "rollout-stopped",
        f"max({series(TOLD, labels, phase='|'.join(STOPPED))}) > 0",
        haste="now",
        summary=f"A new version of {workload.name} was taken back or stopped.",
        first=f"See why and by which signal: pave rollout status {ground.service.name}. Nothing new comes"
        f" until somebody says so: pave rollout lift {ground.service.name} --reason WHY. If the release"
        " needed a waiver, look at that again, too.",
        when="a rollout is aborted, or its copies don't come up, for a minute",
        for_minutes=1,
    )
    return _watch(ground, workload, found, STOPPED[0])


def _waits(ground: Ground, workload: WorkloadDesign, rollout: ProgressiveRollout) -> Watch:
    soak = max((step.soak_seconds for step in rollout.steps), default=0) // 60
    labels = own(ground, name=workload.name)
    found = alert(
        ground,
        workload.name,
        "rollout-waits",
        f"max({series(TOLD, {**labels, 'phase': 'Paused'})}) > 0",
        haste="today",
        summary=f"A new version of {workload.name} waits for somebody.",
        first=f"Decide: pave rollout promote {ground.service.name}, or pave rollout abort"
        f" {ground.service.name}. What blocks it says pave rollout status {ground.service.name}.",
        when=f"at one step for {lasting(soak + LONGER_MINUTES)}",
        for_minutes=soak + LONGER_MINUTES,
    )
    return _watch(ground, workload, found, "Paused")


def _watch(ground: Ground, workload: WorkloadDesign, found: Alert, phase: str) -> Watch:
    told = series(TOLD, own(ground, name=workload.name, phase=phase))
    return Watch(
        name=f"{ground.design.name}-{workload.name}-{found.labels['alert_class']}",
        sli=None,
        recordings=[],
        alerts=[found],
        trials=gauge_trials(found, told, 0, 1, usual=0),
        needs_all=False,
    )
