"""How rollouts go, by what an API server says of them."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from catalog.document import Json
from stacks.rollouts.analyses import analysis, current
from stacks.rollouts.events import COMPLETED, said_of
from stacks.rollouts.model import (
    RanVersion,
    RolledAnalysis,
    RolledVersion,
    RolloutState,
    VersionRole,
    WorkloadRollout,
)
from stacks.rollouts.objects import (
    RolloutObjects,
    duration,
    images_of,
    irreversible_of,
    name_of,
    owned,
    ran,
    revision_of,
    version_of,
)
from stacks.rollouts.steps import STEP_PAUSE, left, number, share_at, skipped, steps_of
from stacks.rollouts.undoing import freeze, undone
from stacks.rollouts.unready import unready_copies

INCONCLUSIVE = "InconclusiveAnalysisRun"
"""Why Argo Rollouts waits: https://github.com/argoproj/argo-rollouts/blob/v1.9.0/pkg/apis/rollouts/v1alpha1/types.go,
`PauseReason`."""

TIMED_OUT = "ProgressDeadlineExceeded"
"""A reason of the condition `Progressing`."""


def workloads(objects: RolloutObjects, now: datetime) -> list[WorkloadRollout]:
    """Every workload of a service that has copies all the time, by its name."""
    found = [_rollout(objects, each, now) for each in objects.rollouts]
    found += [_deployment(objects, each) for each in objects.deployments]
    return sorted(found, key=lambda each: each.workload)


def _rollout(objects: RolloutObjects, rollout: Json, now: datetime) -> WorkloadRollout:
    spec, status = rollout["spec"], rollout.get("status") or {}
    new, stable = str(status.get("currentPodHash", "")), str(status.get("stableRS", ""))
    sets = list(owned(objects.replica_sets, rollout))
    versions = _versions(sets, new, stable)
    analyses = [analysis(each) for each in current(objects, rollout, status, new)]
    steps = steps_of(spec)
    revision = next((each.revision for each in versions if each.version == new), 0)
    taken_back = undone(objects, rollout, new, revision, analyses)
    state = _state(spec, status, rollout["metadata"], new == stable)
    going = state in {"under way", "paused", "held", "unready"} and new != stable
    index = int(status.get("currentStepIndex", len(steps))) if going else None
    here, whole = left(steps, status, index, now)
    unready = list(unready_copies(objects.pods, sets))
    return WorkloadRollout(
        workload=name_of(rollout),
        kind="Rollout",
        state=state,
        step=None if index is None else number(steps, index),
        steps=sum("setWeight" in each for each in steps) + 1,
        share=share_at(steps, index, taken_back is not None),
        step_seconds=here,
        soak_seconds=whole,
        blocks=list(_blocks(state, status, analyses)),
        versions=versions,
        unready=unready,
        analyses=analyses,
        undone=taken_back,
        frozen=freeze(objects, rollout, sets, stable, taken_back),
        irreversible=crossed(versions),
        skipped=[] if index is None else list(skipped(steps, index, spec)),
        ran=_ran(objects, rollout, versions),
    )


def _deployment(objects: RolloutObjects, deployment: Json) -> WorkloadRollout:
    """One without steps: its controller replaces all copies as fast as new ones come up."""
    sets = list(owned(objects.replica_sets, deployment))
    latest = max(sets, key=revision_of, default=None)
    status = deployment.get("status") or {}
    wanted = deployment["spec"].get("replicas", 1)
    is_seen = status.get("observedGeneration") == deployment["metadata"].get("generation")
    is_done = is_seen and status.get("updatedReplicas", 0) == status.get("replicas", 0) == wanted
    failed = any(
        (each.get("type"), each.get("reason")) == ("Progressing", TIMED_OUT)
        for each in status.get("conditions") or ()
    )
    new = "" if latest is None else version_of(latest)
    is_ready = status.get("readyReplicas", 0) >= wanted
    state: RolloutState = (
        "unready" if failed or (is_done and not is_ready) else "steady" if is_done else "under way"
    )
    versions = _versions(sets, new, new if is_done else "")
    return WorkloadRollout(
        workload=name_of(deployment),
        kind="Deployment",
        state=state,
        step=None,
        steps=1,
        share=100,
        step_seconds=None,
        soak_seconds=None,
        blocks=["its copies don't come up"] if state == "unready" else [],
        versions=versions,
        unready=list(unready_copies(objects.pods, sets)),
        analyses=[],
        undone=None,
        frozen=None,
        irreversible=[],
        skipped=[],
        ran=_ran(objects, deployment, versions),
    )


def _ran(objects: RolloutObjects, thing: Json, versions: Sequence[RolledVersion]) -> list[RanVersion]:
    """What all copies are of now, then what was written down of those before, then what events tell of."""
    found = [each for each in versions if each.role == "stable"]
    told = [
        each
        for each in versions
        if any(said_of(objects.events, thing, each.version, each.revision, COMPLETED))
    ]
    now, completed = ([RanVersion(each.version, each.images) for each in some] for some in (found, told))
    by_version: dict[str, RanVersion] = {}
    for one in (*now, *ran(thing), *completed):
        by_version.setdefault(one.version, one)
    return list(by_version.values())


def crossed(versions: Sequence[RolledVersion]) -> list[str]:
    """The stores that some version after the stable one, up to the new one, has changed for good."""
    stable = next((each for each in versions if each.role == "stable"), None)
    if stable is None:
        return []
    after = [store for each in versions if each.revision > stable.revision for store in each.irreversible]
    return sorted(set(after))


def _versions(sets: Sequence[Json], new: str, stable: str) -> list[RolledVersion]:
    """The latest first."""
    found = []
    for each in sorted(sets, key=revision_of, reverse=True):
        version, status = version_of(each), each.get("status") or {}
        role: VersionRole = "stable" if version == stable else "new" if version == new else "earlier"
        template = each["spec"]["template"]
        found.append(
            RolledVersion(
                version=version,
                revision=revision_of(each),
                role=role,
                images=images_of(template),
                copies=int(status.get("replicas", 0)),
                ready=int(status.get("readyReplicas", 0)),
                irreversible=irreversible_of(template),
            )
        )
    return found


def _state(spec: Json, status: Json, metadata: Json, is_everywhere: bool) -> RolloutState:
    reasons = {str(each.get("reason")) for each in status.get("pauseConditions") or ()}
    if str(status.get("observedGeneration", "")) != str(metadata.get("generation", "")):
        return "under way"  # nobody has looked at what was asked for last
    if status.get("abort"):
        return "undone"
    if spec.get("paused") and not is_everywhere:
        return "paused"
    if INCONCLUSIVE in reasons or _waits_for_somebody(spec, status, reasons):
        return "held"
    if status.get("phase") == "Degraded":
        return "unready"
    return "steady" if is_everywhere and status.get("phase") == "Healthy" else "under way"


def _waits_for_somebody(spec: Json, status: Json, reasons: set[str]) -> bool:
    """Whether it is at a pause without an end."""
    steps = steps_of(spec)
    index = int(status.get("currentStepIndex", len(steps)))
    step = steps[index] if index < len(steps) else {}
    return STEP_PAUSE in reasons and "pause" in step and duration(step["pause"].get("duration")) is None


def _blocks(
    state: RolloutState,
    status: Json,
    analyses: Sequence[RolledAnalysis],
) -> Iterator[str]:
    if state == "paused":
        yield "somebody has paused it"
    if state == "held":
        unclear = [each for each in analyses if each.outcome == "Inconclusive"]
        for each in unclear:
            yield f"the analysis is inconclusive: {each.why or 'it says nothing more'}"
        if not unclear:
            yield "it waits for somebody to promote it"
    if state == "unready":
        yield str(status.get("message") or "copies don't come up")
