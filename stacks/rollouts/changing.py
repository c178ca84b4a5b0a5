"""Changes of the objects of rollouts, as an API server takes them."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from catalog.document import Json
from components.workloads.annotations import RAN, UNDONE
from stacks.rollouts.model import Undone, WorkloadRollout
from stacks.rollouts.objects import ran, undone_of

MERGE, PATCH = "application/merge-patch+json", "application/json-patch+json"
ROOTS = {"Rollout": "/apis/argoproj.io/v1alpha1", "Deployment": "/apis/apps/v1"}

KEPT = 5
"""Versions that are remembered to have run: as many as can be gone back to in a moment."""


class ObjectChange(NamedTuple):
    """A change of one object, by its path in the API."""

    path: str
    body: Any
    content_type: str = MERGE


def path_of(thing: Json, kind: str, part: str = "") -> str:
    """The path of an object, or of a part of it, such as its status."""
    metadata = thing["metadata"]
    whole = f"{ROOTS[kind]}/namespaces/{metadata['namespace']}/{kind.lower()}s/{metadata['name']}"
    return f"{whole}/{part}" if part else whole


def recording(rollout: Json, undone: Undone) -> ObjectChange:
    """Writes on a rollout how a version was taken back, so that it is known when nothing else tells it any
    more."""
    return ObjectChange(path_of(rollout, "Rollout"), _annotated({UNDONE: undone}))


def remembering(thing: Json, now: WorkloadRollout) -> list[ObjectChange]:
    """What is written on a workload before its next version comes, since nothing else tells it from then on:
    what all copies have been of, and how a version was taken back by itself. None where it stands there."""
    said: dict[str, Any] = {}
    last = now.ran[:KEPT]
    if last and last != ran(thing):
        said[RAN] = last
    if now.undone is not None and undone_of(thing, now.undone.version) != now.undone:
        said[UNDONE] = now.undone
    return [ObjectChange(path_of(thing, now.kind), _annotated(said))] if said else []


def _annotated(values: Mapping[str, Any]) -> Json:
    said = {name: msgspec.json.encode(value, order="sorted").decode() for name, value in values.items()}
    return {"metadata": {"annotations": said}}
