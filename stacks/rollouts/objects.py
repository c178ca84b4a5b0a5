"""What is read of a cluster about the rollouts of one service, and what pave writes on them itself."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from catalog.document import Json
from components.workloads.annotations import IRREVERSIBLE, RAN, UNDONE
from stacks.rollouts.model import RanVersion, Undone

HASH = "rollouts-pod-template-hash"
REVISION = "rollout.argoproj.io/revision"
"""What Argo Rollouts puts on its ReplicaSets and AnalysisRuns."""

DEPLOYMENT_HASH, DEPLOYMENT_REVISION = "pod-template-hash", "deployment.kubernetes.io/revision"

DURATION = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")


class RolloutObjects(NamedTuple):
    """All of a namespace that tells something about rollouts, as the API server has it."""

    rollouts: Sequence[Json]
    deployments: Sequence[Json]
    replica_sets: Sequence[Json]
    pods: Sequence[Json]
    analysis_runs: Sequence[Json]
    events: Sequence[Json]


def name_of(thing: Json) -> str:
    """An object's name."""
    return str(thing["metadata"]["name"])


def annotation(thing: Json, name: str) -> str | None:
    """The value of an object's annotation; None when it has none."""
    found = (thing["metadata"].get("annotations") or {}).get(name)
    return None if found is None else str(found)


def label(thing: Json, name: str) -> str:
    """The value of an object's label; empty when it has none."""
    return str((thing["metadata"].get("labels") or {}).get(name, ""))


def owned(things: Iterable[Json], owner: Json) -> Iterator[Json]:
    """Those that belong to another object."""
    uid = owner["metadata"].get("uid")
    for thing in things:
        if any(each.get("uid") == uid for each in thing["metadata"].get("ownerReferences") or ()):
            yield thing


def version_of(thing: Json) -> str:
    """Which version of a workload a ReplicaSet, a pod or an analysis is about."""
    return label(thing, HASH) or label(thing, DEPLOYMENT_HASH)


def revision_of(thing: Json) -> int:
    """The number of a ReplicaSet's or an analysis' version: higher the later it was asked for; 0 unknown."""
    said = annotation(thing, REVISION) or annotation(thing, DEPLOYMENT_REVISION) or ""
    return int(said) if said.isdigit() else 0


def created(thing: Json) -> str:
    """When an object was made, such that later ones sort later."""
    return str(thing["metadata"].get("creationTimestamp", ""))


def images_of(template: Json) -> list[str]:
    """The images of a pod template's containers, without those of helpers that start first."""
    return [str(each.get("image", "")) for each in template["spec"].get("containers") or ()]


def irreversible_of(template: Json) -> list[str]:
    """The stores that this version has changed for good."""
    said = (template.get("metadata") or {}).get("annotations") or {}
    return [each for each in str(said.get(IRREVERSIBLE, "")).split(",") if each]


def undone_of(thing: Json, version: str) -> Undone | None:
    """What was recorded of the undo of that version; None where nothing was, or not of that one."""
    found = recorded_undo(thing)
    return found if found is not None and found.version == version else None


def recorded_undo(thing: Json) -> Undone | None:
    """What was recorded last of an undo, of whichever version; None where nothing was."""
    try:
        return msgspec.json.decode(annotation(thing, UNDONE) or "", type=Undone)
    except msgspec.DecodeError:
        return None


def ran(thing: Json) -> list[RanVersion]:
    """What was written down of the versions that all copies have been of, the latest first."""
    try:
        return msgspec.json.decode(annotation(thing, RAN) or "", type=list[RanVersion])
    except msgspec.DecodeError:
        return []


def moment(said: Any) -> datetime | None:
    """A moment as Kubernetes writes it; None where it says nothing."""
    return None if not said else datetime.fromisoformat(str(said))


def duration(said: Any) -> timedelta | None:
    """The length of a pause: seconds, or as `1h30m`. None where somebody has to end it.

    https://argo-rollouts.readthedocs.io/en/stable/features/canary/#pause-duration"""
    if said is None:
        return None
    if isinstance(said, int) or str(said).isdigit():
        return timedelta(seconds=int(said))
    found = DURATION.fullmatch(str(said))
    if found is None:
        return None
    hours, minutes, seconds = (int(each or 0) for each in found.groups())
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)
