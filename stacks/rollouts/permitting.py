"""Whether a new version may come to what runs step by step: not while one that was taken back by itself waits
for somebody to look, nor where there would be no way back to what all copies are of."""

from collections.abc import Sequence
from typing import NamedTuple

from catalog.document import Json
from components.workloads.annotations import IRREVERSIBLE
from stacks.rollouts.model import WorkloadRollout
from stacks.rollouts.objects import images_of


class NewVersion(NamedTuple):
    """What an update would bring to a workload: `what`, a clause; `why` it may not come, None where it may,
    and how to `fix` that. `brings`: copies would be replaced."""

    what: str
    brings: bool
    why: str | None = None
    fix: str = ""


def new_version(
    template: Json, now: WorkloadRollout, service: str, *, is_rollback: bool = False
) -> NewVersion:
    """What pods by that template would be to a workload as it is `now`, of a service as commands name it.

    A freeze stops no rollback: to what all copies are of, to what they have been of, or one that the caller
    knows for one."""
    images = images_of(template)
    asked_for = now.new or now.stable
    if asked_for is not None and asked_for.images == images:
        return NewVersion("brings no new image", brings=False)
    if now.stable is not None and now.stable.images == images:
        return NewVersion("goes back to what all copies are of", brings=True)
    goes_back = is_rollback or now.has_run(images)
    if now.frozen is not None and not goes_back:
        why = f"gets nothing new since version {now.frozen.version} was taken back: {now.frozen.why}"
        return NewVersion("", True, why, f"pave rollout lift {service} --reason WHY")
    if crossed := [store for image in images for store in crossed_by(now, image)]:
        why = f"would run what is older than what was done to {', '.join(crossed)}, which can't be undone"
        return NewVersion("", True, why, "Roll forward: name a mended image in the spec.")
    said = ((template.get("metadata") or {}).get("annotations") or {}).get(IRREVERSIBLE, "")
    if forgotten := [store for store in now.irreversible if store not in said.split(",")]:
        stores = ", ".join(forgotten)
        why = f"could be taken back across what was done to {stores}, and that can't be undone"
        fix = f"Keep `irreversible: true` in the migration of {stores} until one after it runs everywhere."
        return NewVersion("", True, why, fix)
    return NewVersion("goes back to what ran before" if goes_back else "may get a new version", brings=True)


def crossed_by(now: WorkloadRollout, image: str) -> Sequence[str]:
    """The stores that a version later than the one of that image has changed for good."""
    of = [each.revision for each in now.versions if image in each.images]
    if not of:
        return []
    later = [each for each in now.versions if each.revision > max(of)]
    return sorted({store for each in later for store in each.irreversible})
