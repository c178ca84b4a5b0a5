"""Brings a new image to what runs, with all that is asked about it before."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from catalog.document import Json
from catalog.pattern_rules import IMAGE_BY_DIGEST
from pave.refused import Refused
from pave.rollouts.asked import AskedRollouts, act, of_the_pipeline
from pave.rollouts.deciding import ImageAnswer, PersonsWord, RolloutDecision
from pave.rollouts.starting import NewImage, start
from pave.rollouts.way_back import way_back
from stacks.budgets.asking import asked_for
from stacks.budgets.known import known_budget
from stacks.rollouts.model import WorkloadRollout

ImagesThere = Callable[[Sequence[str], Mapping[str, str]], Mapping[str, ImageAnswer]]
"""Whether images are in their registry, asked in an environment."""


class Release(NamedTuple):
    """An `image`, the databases that it changes for good, whose `word` it is, and where the service's error
    budget is asked for, as `--budget` says it."""

    image: str
    stores: Sequence[str]
    word: PersonsWord
    budget: str | None


def bring(
    asked: AskedRollouts,
    names: Sequence[str],
    release: Release,
    images_there: ImagesThere,
    environ: Mapping[str, str],
    *,
    yes: bool,
) -> dict[str, RolloutDecision]:
    """Decides for each workload of these names, or each whose image the pipeline owns, and does it where none
    is refused and `yes` is said. Raises Refused, and NoCluster."""
    image = release.image
    if re.fullmatch(IMAGE_BY_DIGEST, image) is None:
        what = f"{image} is no image by its digest, and what a tag means changes."
        raise Refused(
            f"{what} Write NAME@sha256:DIGEST, with a name in lower case and 64 digits from 0 to f."
        )
    of = asked.of(of_the_pipeline(asked.service, names))
    before = [each for now in of if now.stable is not None for each in now.stable.images]
    there = images_there([image, *before], environ)
    ways = {each.workload: way_back(asked.service, each.workload, release.stores, there) for each in of}
    said = asked_for(asked.catalog, asked.service, release.budget, environ)
    today = datetime.now(UTC).date()
    left = None if said is None else known_budget(asked.catalog, asked.service, said, today)

    def decided(now: WorkloadRollout, thing: Json) -> RolloutDecision:
        return start(now, thing, NewImage(image, there[image]), ways[now.workload], release.word, left)

    return act(asked, of, decided, yes=yes)
