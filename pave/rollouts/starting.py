"""Whether a new image may come to a workload whose image the pipeline owns, and what that changes."""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from catalog.document import Json
from pave.rollouts.deciding import ImageAnswer, PersonsWord, RolloutDecision, no
from stacks.budgets.known import KnownBudget
from stacks.rollouts.changing import PATCH, ObjectChange, path_of, recording, remembering
from stacks.rollouts.model import Lifted, WorkloadRollout
from stacks.rollouts.objects import images_of
from stacks.rollouts.permitting import crossed_by


class NewImage(NamedTuple):
    """An image by its reference, whether it `is_there`, and whether it `has_run` in all copies of a workload:
    to bring it again is a rollback."""

    reference: str
    is_there: ImageAnswer
    has_run: bool


def start(
    now: WorkloadRollout, thing: Json, image: NewImage, word: PersonsWord, budget: KnownBudget | None
) -> RolloutDecision:
    """The step by step that a workload's rollout says begins, with a new image for its copies. While a
    `budget` is spent only a rollback may come, or what somebody says is for reliability; it is None where
    nobody states any."""
    refused = _refused(now, image, word, budget)
    if refused is not None:
        return refused
    said, reference = f"{now.workload}: ", image.reference
    template = thing["spec"]["template"]
    at = _container(template, now.workload)
    runs = images_of(template)[at]
    if runs == reference and now.undone is None:
        return RolloutDecision(says=[f"{said}{reference} is what it is asked for already."])
    says = [f"{said}{runs} → {reference}", *(said + each for each in _unsure(now, image, budget))]
    if runs == reference:
        again = {"status": {"abort": False}}
        changes = [*_tried(now, thing, word), ObjectChange(path_of(thing, now.kind, "status"), again)]
        return RolloutDecision(changes, [*says, f"{said}the version that was taken back is tried again."])
    where = f"/spec/template/spec/containers/{at}"
    name = template["spec"]["containers"][at]["name"]
    body = [
        {"op": "test", "path": f"{where}/name", "value": name},
        {"op": "replace", "path": f"{where}/image", "value": reference},
    ]
    steps = f"in {now.steps} steps" if now.steps > 1 else "at once: it has no steps"
    changes = [*remembering(thing, now), ObjectChange(path_of(thing, now.kind), body, PATCH)]
    return RolloutDecision(changes, [*says, f"{said}{steps}."])


def _tried(now: WorkloadRollout, thing: Json, word: PersonsWord) -> Iterator[ObjectChange]:
    """What was taken back before is no answer to how it ends this time."""
    if now.undone is not None:
        again = Lifted(word.at, word.by, word.why)
        yield recording(thing, msgspec.structs.replace(now.undone, tried=again))


def _refused(
    now: WorkloadRollout, image: NewImage, word: PersonsWord, budget: KnownBudget | None
) -> RolloutDecision | None:
    said, forced = f"{now.workload}: ", word.forced and word.why
    if now.frozen is not None and not image.has_run:
        why = f"{said}frozen since version {now.frozen.version} was taken back: {now.frozen.why}."
        return no(why, "lift")
    if image.is_there == "no":
        return no(f"{said}{image.reference} isn't there: no copy of it would start.")
    crossed = crossed_by(now, image.reference)
    if crossed and not forced:
        why = f"{said}{image.reference} is older than what was done to {', '.join(crossed)}"
        return no(f"{why}, which can't be undone. Roll forward: bring a mended version.", "forward")
    is_spent = budget is not None and budget.state == "exhausted"
    if budget is not None and is_spent and not (image.has_run or forced):
        why = f"{said}its error budget is spent: {budget.said}. What makes it reliable comes first."
        return no(why, "reliability")
    return None


def _unsure(now: WorkloadRollout, image: NewImage, budget: KnownBudget | None) -> Iterator[str]:
    if now.state in {"under way", "paused", "held"} and now.new is not None:
        yield f"it takes the place of version {now.new.version}, which isn't everywhere."
    if image.is_there == "undecided":
        yield "nobody could say whether that image is there."
    if budget is not None and budget.state == "unknown":
        yield f"{budget.said}."


def _container(template: Json, workload: str) -> int:
    names = [str(each.get("name")) for each in template["spec"]["containers"]]
    return names.index(workload) if workload in names else 0
