"""Which copies serve nobody, and why."""

from collections.abc import Iterator, Sequence

from catalog.document import Json
from stacks.rollouts.model import UnreadyCopy
from stacks.rollouts.objects import name_of, owned, version_of


def unready_copies(pods: Sequence[Json], sets: Sequence[Json]) -> Iterator[UnreadyCopy]:
    """Those of some ReplicaSets that aren't about to end."""
    for each in sets:
        for pod in owned(pods, each):
            why = None if "deletionTimestamp" in pod["metadata"] else _why(pod.get("status") or {})
            if why is not None:
                yield UnreadyCopy(name_of(pod), version_of(pod), why)


def _why(status: Json) -> str | None:
    """None for a copy that is ready."""
    conditions = {each.get("type"): each for each in status.get("conditions") or ()}
    if (conditions.get("Ready") or {}).get("status") == "True":
        return None
    for each in [*(status.get("initContainerStatuses") or ()), *(status.get("containerStatuses") or ())]:
        state = each.get("state") or {}
        for word in ("waiting", "terminated"):
            said = state.get(word) or {}
            if said.get("reason") not in {None, "Completed", "PodInitializing", "ContainerCreating"}:
                again = f", started {each['restartCount']} times again" if each.get("restartCount") else ""
                return f"{said['reason']}: {said.get('message', '') or each.get('name', '')}{again}"
    scheduled = conditions.get("PodScheduled") or {}
    if scheduled.get("status") == "False":
        return f"{scheduled.get('reason', 'Unschedulable')}: {scheduled.get('message', '')}"
    return "runs and isn't ready" if status.get("phase") == "Running" else "is coming up"
