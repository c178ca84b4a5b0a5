"""Whether a new version may come to what runs step by step: not while one that was taken back by itself waits
for somebody to look, nor where there would be no way back to what all copies are of."""

from collections.abc import Iterator, Mapping

from pave.preflight.images import artifact_image
from pave.preflight.model import CloudProject, PlannedStack, PreflightFinding
from stacks.plan import PlannedResource
from stacks.providers.kubernetes import ROLLOUT
from stacks.rollouts.model import WorkloadRollout
from stacks.rollouts.permitting import new_version


def ask(planned: PlannedStack, cloud: CloudProject) -> Iterator[PreflightFinding]:
    """One for each rollout. An update that takes back what its spec brought passes, whether the cluster knows
    of that or only the stack's last update; and so does what brings no new image."""
    found = [each for each in planned.resources if each.type == ROLLOUT]
    there: dict[str, Mapping[str, WorkloadRollout]] = {}
    for each in found:
        metadata = each.inputs.get("metadata") or {}
        namespace, name = (str(metadata.get(field, "")) for field in ("namespace", "name"))
        if namespace not in there:
            running = cloud.workloads(planned.cluster, namespace)
            there[namespace] = {workload.workload: workload for workload in running}
        now = there[namespace].get(name)
        if now is None:
            yield PreflightFinding("rollouts", name, "ok", "isn't there yet: its first version comes at once")
        elif name in planned.images_of_the_pipeline:
            yield PreflightFinding("rollouts", name, "ok", "gets its image from the pipeline")
        else:
            yield _judged(planned, each, name, now, cloud)


def _judged(
    planned: PlannedStack, resource: PlannedResource, name: str, now: WorkloadRollout, cloud: CloudProject
) -> PreflightFinding:
    spec = resource.inputs["spec"]
    found = new_version(spec["template"], now, planned.service, is_rollback=planned.is_rollback)
    if found.why is not None:
        return PreflightFinding("rollouts", name, "no", found.why, found.fix)
    if found.brings and spec.get("progressDeadlineAbort") and now.stable is not None:
        for image in now.stable.images:
            if (asked := artifact_image(image)) is not None and not cloud.has_image(asked):
                why = f"would go back by itself to {image}, which isn't there any more"
                fix = "Push it again, or write `rollback: manual` into `rollout` until the next one runs."
                return PreflightFinding("rollouts", name, "no", why, fix)
    return PreflightFinding("rollouts", name, "ok", found.what)
