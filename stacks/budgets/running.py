"""What of a stack is risky to change, as fingerprints: which images run, how many copies, where traffic goes,
what keeps data. Each update writes them into the stack's output, and the next one compares."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any, Literal, NamedTuple

import msgspec

from stacks.plan import Plan, PlannedResource
from stacks.providers.table import holds_data

Aspect = Literal["image", "copies", "traffic", "data"]

ASPECTS: Mapping[Aspect, tuple[str, str]] = {
    "image": ("workloads", "what runs"),
    "copies": ("workloads", "how many copies run"),
    "traffic": ("edge", "where traffic goes"),
    "data": ("stores", "what keeps data"),
}
"""What of a service is risky to change → the field of the spec that it follows from, and in words. Most
outages begin with a change of a live system: https://sre.google/sre-book/introduction/, "Change
Management"."""

TRAFFIC = frozenset(
    {
        "gcp:compute/backendService:BackendService",
        "gcp:compute/globalForwardingRule:GlobalForwardingRule",
        "gcp:compute/uRLMap:URLMap",
        "gcp:dns/recordSet:RecordSet",
        "kubernetes:core/v1:Service",
    }
)
CLUSTER = "kubernetes:"
MACHINES = "gcp:compute/instance"
SCALERS = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"

KEPT = 5
"""Earlier states of a stack that a rollback may go back to."""

DIGITS = 10


class Running(msgspec.Struct, frozen=True):
    """What an update brought: a fingerprint by aspect in `now`, and in `earlier` those that it had before,
    the latest first."""

    now: dict[str, str]
    earlier: list[dict[str, str]] = []


NOTHING = Running({})
"""Of a stack that was never updated: all that it gets is new, and none of it is a change."""


class Change(NamedTuple):
    """The aspects that differ from what runs; and whether each of them goes back to what it was before."""

    aspects: tuple[Aspect, ...]
    is_rollback: bool


def fingerprints(plan: Plan) -> dict[str, str]:
    """A fingerprint of each aspect of a plan. The same plan always gives the same, before and after what only
    an update knows is known: it has to be the recorded one."""
    found: dict[str, dict[str, Any]] = {aspect: {} for aspect in ASPECTS}
    for resource in plan.resources:
        for aspect, said in _risky(resource):
            found[aspect][f"{resource.type} {resource.name}"] = said
    return {aspect: _digest(said) for aspect, said in found.items()}


def change(before: Running, now: Mapping[str, str]) -> Change:
    """What an update would change of what runs. A stack that was never updated is not changed."""
    return Change(_differing(before, now), is_rollback=_back_to(before, now) is not None)


def following(before: Running, now: dict[str, str]) -> Running:
    """What is to be remembered after an update to `now`. What was rolled back is forgotten: to bring it again
    is no rollback."""
    back = _back_to(before, now)
    if back is not None:
        return Running(now, before.earlier[back + 1 :])
    if not _differing(before, now):
        return Running(now, before.earlier)
    return Running(now, [before.now, *before.earlier][:KEPT])


def _differing(before: Running, now: Mapping[str, str]) -> tuple[Aspect, ...]:
    return tuple(aspect for aspect in ASPECTS if before.now and before.now.get(aspect) != now[aspect])


def _back_to(before: Running, now: Mapping[str, str]) -> int | None:
    """Which of the earlier ones has all that differs as it is to be now."""
    aspects = _differing(before, now)
    same = (
        index
        for index, one in enumerate(before.earlier)
        if aspects and all(one.get(aspect) == now[aspect] for aspect in aspects)
    )
    return next(same, None)


def read_running(output: Any) -> Running | None:
    """What the value of the stack's output `pave` says; None where that says nothing of it: an earlier
    version of pave wrote it. NOTHING for a stack that has no such output."""
    if output is None:
        return NOTHING
    try:
        return msgspec.convert(output.get("running"), Running)
    except (AttributeError, msgspec.ValidationError):
        return None


def _risky(resource: PlannedResource) -> Iterator[tuple[Aspect, Any]]:
    type_, inputs = resource.type, resource.inputs
    spec = inputs.get("spec")
    if type_.startswith(CLUSTER) and (images := sorted(_images(inputs))):  # whatever kind runs them
        yield "image", images
    if type_.startswith(MACHINES):
        yield "image", inputs
    if type_.startswith(CLUSTER) and isinstance(spec, dict) and "replicas" in spec:
        yield "copies", spec["replicas"]
    if type_ == SCALERS:
        yield "copies", spec
    if type_ in TRAFFIC:
        yield "traffic", inputs
    if holds_data(type_):
        yield "data", inputs


def _images(value: Any) -> Iterator[str]:
    """All images in the inputs of pods, wherever they stand."""
    if isinstance(value, dict):
        for name, item in value.items():
            if name == "image" and isinstance(item, str):
                yield item
            else:
                yield from _images(item)
    elif isinstance(value, list):
        for item in value:
            yield from _images(item)


def _digest(said: Any) -> str:
    return sha256(msgspec.json.encode(said, order="deterministic")).hexdigest()[:DIGITS]
