"""Decides how the copies of a workload become those of a new version."""

from catalog.kinds.service import Service
from catalog.kinds.service_spec import Workload
from components.design.rollout.analysis import analysis
from components.design.rollout.copies import copies_for
from components.design.rollout.irreversible import irreversible
from components.design.rollout.model import ProgressiveRollout, RolloutStep


def progressive(
    service: Service, workload: Workload, *, copies: int, surge: int, watched: bool
) -> ProgressiveRollout | None:
    """The rollout of a workload with so many `copies` at least, of which there may be `surge` more meanwhile,
    where the environment's own unit has it `watched`.

    None where all copies are replaced as soon as new ones are ready: where nobody asks for steps, of what
    runs by a schedule or must be alone, outside of Kubernetes, and in an environment that can't do it."""
    rollout, environment = service.spec.rollout, service.environment.spec
    takes_steps = len(rollout.steps) > 1 and environment.cluster.rollouts is not None
    if not takes_steps or not is_replaced_copy_by_copy(workload):
        return None
    steps = []
    for weight in rollout.steps:
        new, total = copies_for(weight, copies, may_surge=surge > 0)
        soak = round(rollout.soak_minutes * 60) if weight < 100 else 0
        steps.append(RolloutStep(weight=weight, copies=new, of=total, soak_seconds=soak))
    changed = irreversible(service, workload)
    return ProgressiveRollout(
        steps=steps,
        turns_back=rollout.rollback == "automatic" and not changed,
        undo_seconds=workload.startup_seconds,
        irreversible=changed,
        analysis=analysis(service, workload, first_share=steps[0].percent / 100, watched=watched),
    )


def is_replaced_copy_by_copy(workload: Workload) -> bool:
    """Whether there are several copies of a workload on Kubernetes at once, and may be of two versions."""
    return workload.runtime == "kubernetes" and workload.kind != "cron" and not workload.single_leader
