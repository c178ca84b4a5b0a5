"""Whether a new image may come to a workload whose image the pipeline owns, and what that changes."""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from catalog.document import Json
from pave.rollouts.deciding import ImageAnswer, PersonsWord, RolloutDecision, no
from pave.rollouts.way_back import WayBack, of_the_pods, of_the_rollout
from stacks.budgets.known import KnownBudget
from stacks.rollouts.changing import PATCH, ObjectChange, path_of, recording, remembering
from stacks.rollouts.model import Lifted, WorkloadRollout
from stacks.rollouts.objects import images_of
from stacks.rollouts.permitting import barred


class NewImage(NamedTuple):
    """An image by its reference, and whether it `is_there`."""

    reference: str
    is_there: ImageAnswer


def start(
    now: WorkloadRollout,
    thing: Json,
    image: NewImage,
    way: WayBack,
    word: PersonsWord,
    budget: KnownBudget | None,
) -> RolloutDecision:
    """The step by step that a workload's rollout says begins, with a new image for its copies. While a
    `budget` is spent only a rollback may come, or what somebody says is for reliability; it is None where
    nobody states any. Where no `way` leads back, it is held for a person instead of going back by itself."""
    said, reference = f"{now.workload}: ", image.reference
    template = thing["spec"]["template"]
    at = _container(template, now.workload)
    images = images_of(template)
    runs, images[at] = images[at], reference
    refused = _refused(now, images, image, word, budget)
    if refused is not None:
        return refused
    way = way.for_images(images, now)
    of_pods = [*_image(template, at, reference), *of_the_pods(thing, now, way)]
    if not of_pods and now.undone is None:
        return RolloutDecision(says=[f"{said}{reference} is what it is asked for already."])
    says = [f"{said}{runs} → {reference}", *(said + each for each in _unsure(now, image, budget))]
    if now.kind == "Rollout" and (why := way.barred(now)) is not None:
        says.append(f"{said}it doesn't go back by itself, since {why}: a bad one is held for a person.")
    if not of_pods:
        change = ObjectChange(path_of(thing, now.kind, "status"), {"status": {"abort": False}})
        says.append(f"{said}the version that was taken back is tried again.")
        return RolloutDecision([*_tried(now, thing, word), *_told(thing, now, way, change)], says)
    change = ObjectChange(path_of(thing, now.kind), of_pods, PATCH)
    steps = f"in {now.steps} steps" if now.steps > 1 else "at once: it has no steps"
    changes = [*remembering(thing, now), *_told(thing, now, way, change)]
    return RolloutDecision(changes, [*says, f"{said}{steps}."])


def _told(thing: Json, now: WorkloadRollout, way: WayBack, change: ObjectChange) -> list[ObjectChange]:
    """The rollout is told before that it must not go back by itself, and after that it may again: in between
    it is held."""
    whole = of_the_rollout(thing, now, way)
    return [*whole, change] if way.barred(now) is not None else [change, *whole]


def _image(template: Json, at: int, reference: str) -> Iterator[Json]:
    """What changes of the container at that index: parts of a JSON patch."""
    container, where = template["spec"]["containers"][at], f"/spec/template/spec/containers/{at}"
    if container.get("image") != reference:
        yield {"op": "test", "path": f"{where}/name", "value": container["name"]}
        yield {"op": "replace", "path": f"{where}/image", "value": reference}


def _tried(now: WorkloadRollout, thing: Json, word: PersonsWord) -> Iterator[ObjectChange]:
    """What was taken back before is no answer to how it ends this time."""
    if now.undone is not None:
        again = Lifted(word.at, word.by, word.why)
        yield recording(thing, msgspec.structs.replace(now.undone, tried=again))


def _refused(
    now: WorkloadRollout, images: list[str], image: NewImage, word: PersonsWord, budget: KnownBudget | None
) -> RolloutDecision | None:
    """Why the workload may not get `images`, of which `image` is the new one."""
    said, forced = f"{now.workload}: ", word.forced and word.why
    bar = barred(now, images)
    if bar is not None and bar.by == "freeze":
        return no(f"{said}{bar.why}.", "lift")
    if image.is_there == "no":
        return no(f"{said}{image.reference} isn't there: no copy of it would start.")
    if bar is not None and not forced:
        return no(f"{said}{bar.why}. Roll forward: bring a mended version.", "forward")
    is_spent = budget is not None and budget.state == "exhausted"
    if budget is not None and is_spent and not (now.has_run(images) or forced):
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
