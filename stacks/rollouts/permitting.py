"""Whether a new version may come to what runs step by step: not while one that was taken back by itself waits
for somebody to look, nor where there would be no way back to what all copies are of."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from catalog.document import Json
from components.workloads.annotations import IRREVERSIBLE
from stacks.rollouts.model import WorkloadRollout
from stacks.rollouts.objects import images_of

Barrier = Literal["freeze", "for good"]
"""What bars an image: a freeze, until somebody lifts it; or what was done to a store for good."""


class Barred(NamedTuple):
    """What bars an image, and `why`: a clause about the workload."""

    by: Barrier
    why: str


class NewVersion(NamedTuple):
    """What an update would bring to a workload: `what`, a clause; `why` it may not come, None where it may,
    and how to `fix` that. `brings`: copies would be replaced by others than all are of."""

    what: str
    brings: bool
    why: str | None = None
    fix: str = ""


def barred(now: WorkloadRollout, images: list[str], *, is_rollback: bool = False) -> Barred | None:
    """What bars a version with just these images from a workload as it is `now`; None where nothing does.

    A freeze stops no rollback: to what all copies are of, to what they have been of, or one that the caller
    knows for one. What was done for good stops that, too, but where it was taken back all the same."""
    is_stable = _is_stable(now, images)
    if now.frozen is not None and not (is_rollback or is_stable or now.has_run(images)):
        why = f"gets nothing new since version {now.frozen.version} was taken back: {now.frozen.why}"
        return Barred("freeze", why)
    stores = sorted({store for image in images for store in _crossed_by(now, image)})
    if stores and not (is_stable and now.undone is not None):
        why = f"would run what is older than what was done to {', '.join(stores)}, which can't be undone"
        return Barred("for good", why)
    return None


def new_version(
    template: Json, now: WorkloadRollout, service: str, *, is_rollback: bool = False
) -> NewVersion:
    """What pods by that template would be to a workload as it is `now`, of a service as commands name it.
    `is_rollback` is as for `barred`."""
    images = images_of(template)
    asked_for = now.new or now.stable
    if asked_for is not None and asked_for.images == images:
        return NewVersion("brings no new image", brings=False)
    bar = barred(now, images, is_rollback=is_rollback)
    if bar is not None:
        lift = f"pave rollout lift {service} --reason WHY"
        forward = "Roll forward: name a mended image in the spec."
        return NewVersion("", True, bar.why, lift if bar.by == "freeze" else forward)
    if _is_stable(now, images):
        return NewVersion("goes back to what all copies are of", brings=False)
    said = ((template.get("metadata") or {}).get("annotations") or {}).get(IRREVERSIBLE, "")
    if forgotten := [store for store in now.irreversible if store not in said.split(",")]:
        stores = ", ".join(forgotten)
        why = f"could be taken back across what was done to {stores}, and that can't be undone"
        fix = f"Keep `irreversible: true` in the migration of {stores} until one after it runs everywhere."
        return NewVersion("", True, why, fix)
    goes_back = is_rollback or now.has_run(images)
    return NewVersion("goes back to what ran before" if goes_back else "may get a new version", brings=True)


def _is_stable(now: WorkloadRollout, images: list[str]) -> bool:
    """Whether all copies are of just these images, or were before a new version began to come."""
    return now.stable is not None and now.stable.images == images


def _crossed_by(now: WorkloadRollout, image: str) -> Sequence[str]:
    """The stores that a version later than the one of that image has changed for good."""
    of = [each.revision for each in now.versions if image in each.images]
    if not of:
        return []
    later = [each for each in now.versions if each.revision > max(of)]
    return [store for each in later for store in each.irreversible]
