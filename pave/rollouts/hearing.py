"""Makes sure that Argo Rollouts has heard what it was asked.

It writes what it has just changed of a rollout back into what it remembers (`writeBackToInformer` of
https://github.com/argoproj/argo-rollouts/blob/v1.9.0/rollout/controller.go): what somebody changes in the
same moment is forgotten then, until the object changes again. So it changes once more."""

from collections.abc import Callable, Sequence

from catalog.document import Json
from components.workloads.annotations import ASKED
from stacks.rollouts.changing import ObjectChange, path_of
from stacks.rollouts.cluster import RemoteCluster

SETTLED_SECONDS = 1.0
TRIES = 5
"""Seconds, and how often: the controller answers within milliseconds unless it is busy, or gone."""


def is_heard(
    cluster: RemoteCluster, rollouts: Sequence[Json], at: str, sleep: Callable[[float], None]
) -> bool:
    """Whether all of these were looked at as they were asked `at` that moment (ISO 8601), within some
    seconds."""
    waiting = [path_of(each, "Rollout") for each in rollouts]
    for number in range(TRIES):
        sleep(SETTLED_SECONDS)
        said = {"metadata": {"annotations": {ASKED: f"{at}+{number}"}}}
        cluster.make(ObjectChange(path, said) for path in waiting)
        sleep(SETTLED_SECONDS)
        waiting = [path for path in waiting if not _is_seen(cluster.get(path))]
        if not waiting:
            return True
    return False


def _is_seen(rollout: Json | None) -> bool:
    if rollout is None:
        return True
    seen = (rollout.get("status") or {}).get("observedGeneration", "")
    return str(seen) == str(rollout["metadata"].get("generation", ""))
