"""Whether a new version may come to what runs step by step: not while one that was taken back by itself waits
for somebody to look, nor where there would be no way back to what all copies are of."""

from collections.abc import Iterator, Mapping

from components.workloads.annotations import IRREVERSIBLE
from pave.preflight.model import CloudProject, PlannedStack, PreflightFinding
from pave.rollouts.objects import images_of
from pave.rollouts.report import WorkloadRollout
from pave.rollouts.starting import crossed_by
from stacks.plan import PlannedResource
from stacks.providers.kubernetes import ROLLOUT


def ask(planned: PlannedStack, cloud: CloudProject) -> Iterator[PreflightFinding]:
    """One for each rollout. An update that takes back what its spec brought passes, and so does what brings
    no new image."""
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
            yield _judged(planned, each, name, now)


def _judged(
    planned: PlannedStack, resource: PlannedResource, name: str, now: WorkloadRollout
) -> PreflightFinding:
    template = resource.inputs["spec"]["template"]
    images, service = images_of(template), planned.service
    asked_for = now.new or now.stable
    if asked_for is not None and asked_for.images == images:
        return PreflightFinding("rollouts", name, "ok", "brings no new image")
    if now.stable is not None and now.stable.images == images:
        return PreflightFinding("rollouts", name, "ok", "goes back to what all copies are of")
    if now.frozen is not None:
        why = f"gets nothing new since version {now.frozen.version} was taken back: {now.frozen.why}"
        return PreflightFinding("rollouts", name, "no", why, f"pave rollout lift {service} --reason WHY")
    if crossed := [store for image in images for store in crossed_by(now, image)]:
        why = f"would run what is older than what was done to {', '.join(crossed)}, which can't be undone"
        fix = "Roll forward: name a mended image in the spec."
        return PreflightFinding("rollouts", name, "no", why, fix)
    said = ((template.get("metadata") or {}).get("annotations") or {}).get(IRREVERSIBLE, "")
    if forgotten := [store for store in now.irreversible if store not in said.split(",")]:
        stores = ", ".join(forgotten)
        why = f"could be taken back across what was done to {stores}, and that can't be undone"
        fix = f"Keep `irreversible: true` in the migration of {stores} until one after it runs everywhere."
        return PreflightFinding("rollouts", name, "no", why, fix)
    return PreflightFinding("rollouts", name, "ok", "may get a new version")
