"""What a person's word makes of a rollout: the changes of its objects, or why it must not be.

As Argo Rollouts' own command does it, in `promote` and beside that:
https://github.com/argoproj/argo-rollouts/blob/v1.9.0/pkg/kubectl-argo-rollouts/cmd/promote/promote.go."""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

import msgspec

from catalog.document import Json
from stacks.rollouts.changing import ObjectChange, path_of, recording
from stacks.rollouts.model import Lifted, Undone, WorkloadRollout
from stacks.rollouts.steps import steps_of

ImageAnswer = Literal["ok", "no", "undecided"]
"""Whether an image is where it says; `undecided`: nobody could be asked."""


class RolloutDecision(NamedTuple):
    """What is done, in order, and `says` so in words; nothing is where `refused` says why not, and `instead`
    what leads on."""

    changes: Sequence[ObjectChange] = ()
    says: Sequence[str] = ()
    refused: str | None = None
    instead: str = ""


class PersonsWord(NamedTuple):
    """Who says something, when (ISO 8601), why, and whether in spite of what speaks against it."""

    by: str
    at: str
    why: str
    forced: bool = False


def promote(now: WorkloadRollout, rollout: Json, *, full: bool) -> RolloutDecision:
    """On to the next step, or to everybody; also where it is paused, or an analysis knows nothing."""
    said = f"{now.workload}: "
    if now.failing is not None:
        why = now.failing.why or "its analysis has failed"
        return no(f"{said}the verdict speaks against it: {why}.", "abort")
    if now.undone is not None:
        return no(f"{said}it was taken back: {now.undone.why}.", "start")
    if now.step is None:
        return no(f"{said}no new version is on its way.")
    if now.unready and not full and now.state == "unready":
        return no(f"{said}its copies don't come up: {now.unready[0].why}.", "abort")
    if full:
        changes = [ObjectChange(path_of(rollout, "Rollout", "status"), {"status": {"promoteFull": True}})]
        says = [f"{said}to everybody at once. Skipped: {', '.join(now.skipped) or 'nothing'}."]
    else:
        changes = _past_this_step(rollout)
        goes = "on from" if changes else "on at"
        says = [f"{said}{goes} step {now.step} of {now.steps} ({now.share} %)."]
    if rollout["spec"].get("paused"):
        changes.insert(0, ObjectChange(path_of(rollout, "Rollout"), {"spec": {"paused": False}}))
    if not changes:
        return no(f"{said}its copies are still coming up: there is nothing to skip.")
    return RolloutDecision(changes, says)


def _past_this_step(rollout: Json) -> list[ObjectChange]:
    """Over a pause or an analysis. The index says so whatever the controller has seen by then: it forgets
    a pause that is only cleared while a person's pause ends."""
    steps = steps_of(rollout["spec"])
    status = rollout.get("status") or {}
    index = int(status.get("currentStepIndex", 0))
    waits = index < len(steps) and ("pause" in steps[index] or "analysis" in steps[index])
    if not (waits or status.get("pauseConditions")):
        return []
    patch: Json = {"pauseConditions": None, "controllerPause": False}
    if waits:
        patch["currentStepIndex"] = index + 1
    return [ObjectChange(path_of(rollout, "Rollout", "status"), {"status": patch})]


def pause(now: WorkloadRollout, rollout: Json) -> RolloutDecision:
    """Stays as it is until somebody promotes it."""
    if now.step is None or now.undone is not None:
        return no(f"{now.workload}: no new version is on its way.")
    if now.state == "paused":
        return RolloutDecision(says=[f"{now.workload}: it is paused already."])
    change = ObjectChange(path_of(rollout, "Rollout"), {"spec": {"paused": True}})
    return RolloutDecision([change], [f"{now.workload}: stays at {now.share} % until it is promoted."])


def abort(
    now: WorkloadRollout, rollout: Json, word: PersonsWord, images: Mapping[str, ImageAnswer]
) -> RolloutDecision:
    """Back to the stable version, which has to be there, and able to work with the data as they are now."""
    said = f"{now.workload}: "
    if now.undone is not None:
        return RolloutDecision(says=[f"{said}it is taken back already: {now.undone.why}."])
    if now.step is None or now.new is None:
        return no(f"{said}no new version is on its way.")
    if now.stable is None:
        return no(f"{said}there is none to go back to: this is the first.", "start")
    if now.irreversible and not (word.forced and word.why):
        stores = ", ".join(now.irreversible)
        why = f"{said}version {now.stable.version} may not get along with what was done to {stores}"
        why += ", and that can't be undone. Roll forward: bring a mended version."
        return no(why, "forward")
    gone = [each for each in now.stable.images if images.get(each) == "no"]
    if gone and not word.forced:
        why = f"{said}{gone[0]} isn't there any more: its copies would not start."
        return no(why, "forward")
    why = word.why or "a person decided so"
    undone = Undone(now.new.version, word.at, word.by, why, forced=word.forced)
    changes = [
        recording(rollout, undone),
        ObjectChange(path_of(rollout, "Rollout", "status"), {"status": {"abort": True}}),
    ]
    says = [f"{said}back to version {now.stable.version} ({', '.join(now.stable.images)})."]
    if any(images.get(each, "undecided") == "undecided" for each in now.stable.images):
        says.append(f"{said}nobody could say whether that image is there; {now.stable.ready} copies run it.")
    return RolloutDecision(changes, says)


def lift(now: WorkloadRollout, rollout: Json, word: PersonsWord) -> RolloutDecision:
    """New versions may come again after one was taken back."""
    if now.frozen is None:
        return RolloutDecision(says=[f"{now.workload}: nothing is frozen."])
    undone = msgspec.structs.replace(now.frozen, lifted=Lifted(word.at, word.by, word.why))
    change = recording(rollout, undone)
    return RolloutDecision([change], [f"{now.workload}: new versions may come after: {now.frozen.why}."])


def no(why: str, instead: str = "") -> RolloutDecision:
    """Nothing is done, and why; `instead` is a word for what leads on."""
    return RolloutDecision(refused=why, instead=instead)
