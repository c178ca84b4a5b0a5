"""Whether a new image may come to a workload, and what that changes, by what real API servers said of it."""

import copy
from typing import Any

from components.workloads.annotations import HELD, HOLDS, IRREVERSIBLE, RAN, UNDONE
from pave.rollouts.deciding import ImageAnswer, PersonsWord, RolloutDecision
from pave.rollouts.history import history
from pave.rollouts.starting import NewImage, start
from pave.rollouts.way_back import WayBack
from stacks.budgets.known import KnownBudget
from stacks.rollouts.reading import workloads
from tests.rollouts.recordings import at, recorded
from tests.rollouts.words import (
    FORCED,
    MENDED,
    NEW,
    OLD,
    OPEN,
    WORD,
    applied,
    decide,
    done,
    said_in,
    status_of,
)


def begin(
    name: str,
    image: str,
    word: PersonsWord = WORD,
    *,
    is_there: ImageAnswer = "undecided",
    budget: KnownBudget | None = None,
    way: WayBack = OPEN,
) -> RolloutDecision:
    return decide(start, name, NewImage(image, is_there), way, word, budget)


def test_a_new_image_is_refused_while_frozen_and_where_it_is_not_there() -> None:
    assert begin("failed", MENDED).instead == "lift"
    assert begin("at-a-step", MENDED, is_there="no").refused
    remembered, change = done(begin("lifted", MENDED))
    assert [each["images"] for each in said_in(remembered, RAN)] == [[OLD]]
    assert change.body[1] == {
        "op": "replace",
        "path": "/spec/template/spec/containers/0/image",
        "value": MENDED,
    }


def test_the_version_that_was_taken_back_is_tried_again_once_that_is_lifted() -> None:
    tried, again = done(begin("lifted", NEW))
    assert again == status_of("lifted", {"abort": False})
    assert said_in(tried, UNDONE)["tried"]["by"] == WORD.by


def test_a_version_that_is_tried_again_and_fails_again_is_frozen_again() -> None:
    tried, _ = done(begin("lifted", NEW))
    again = applied("lifted", tried, abortedAt="2026-12-01T00:00:00Z")
    (now,) = workloads(again, at(again))
    assert now.undone is not None
    assert (now.undone.lifted, now.undone.at) == (None, "2026-12-01T00:00:00Z")
    assert now.frozen == now.undone
    under_way = applied("lifted", tried, abort=False, phase="Progressing")
    assert workloads(under_way, at(under_way))[0].frozen is None


def test_a_freeze_stops_no_rollback_and_stays_after_it() -> None:
    assert begin("undone-by-itself", MENDED).instead == "lift"
    remembered, change = done(begin("undone-by-itself", OLD))
    assert change.body[1]["value"] == OLD
    assert said_in(remembered, UNDONE)["signal"] == "progress-deadline"


def test_what_ran_is_known_when_events_are_gone() -> None:
    remembered, _ = done(begin("lifted", MENDED))
    objects = applied("lifted", remembered)._replace(events=[])
    (now,) = workloads(objects, at(objects))
    assert now.has_run([OLD])
    assert not now.has_run([NEW])
    ended = {each.images[0]: each.ended for each in history(objects, [now])}
    assert ended[OLD] == "completed"


def test_bringing_the_old_one_again_after_a_forced_undo_takes_no_more_force_and_brings_just_that() -> None:
    objects = recorded("undone-by-force")
    (rollout,) = copy.deepcopy(objects.rollouts)
    rollout["spec"]["template"]["metadata"]["annotations"][IRREVERSIBLE] = "db"
    rollout["metadata"].setdefault("annotations", {})[HELD] = HOLDS
    (now,) = workloads(objects._replace(rollouts=[rollout]), at(objects))
    assert now.irreversible == ["db"]
    decided = start(now, rollout, NewImage(OLD, "ok"), OPEN, WORD, None)
    assert not decided.refused
    own, pods = told(decided)
    assert own[HELD] is None
    assert pods[ONE_WAY] is None
    assert not any("doesn't go back by itself" in each for each in decided.says)


ONE_WAY = "/spec/template/metadata/annotations/pave.dev~1irreversible"


def told(decided: RolloutDecision) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a rollout is told of itself, and by path of its pods."""
    own: dict[str, Any] = {}
    for change in decided.changes:
        if isinstance(change.body, dict):
            own |= change.body.get("spec", {}) | change.body.get("metadata", {}).get("annotations", {})
    parts = [each for change in decided.changes if isinstance(change.body, list) for each in change.body]
    return own, {each["path"]: each.get("value") for each in parts}


def test_a_release_that_changes_tables_for_good_says_so_on_its_pods_and_is_held() -> None:
    decided = begin("lifted", MENDED, way=WayBack(["db"], True, {}))
    own, pods = told(decided)
    assert pods[ONE_WAY] == "db"
    assert (own[HELD], own["progressDeadlineAbort"]) == (HOLDS, False)
    assert isinstance(decided.changes[-1].body, list), "it is held before it comes"
    assert any("what is done to db can't be undone" in each for each in decided.says)


def test_the_next_release_that_has_a_way_back_goes_back_by_itself_again() -> None:
    objects = recorded("lifted")
    (rollout,) = copy.deepcopy(objects.rollouts)
    rollout["metadata"].setdefault("annotations", {})[HELD] = HOLDS
    rollout["spec"]["progressDeadlineAbort"] = False
    rollout["spec"]["template"]["metadata"].setdefault("annotations", {})[IRREVERSIBLE] = "db"
    (now,) = workloads(objects._replace(rollouts=[rollout]), at(objects))
    decided = start(now, rollout, NewImage(MENDED, "ok"), OPEN, WORD, None)
    own, pods = told(decided)
    assert (own[HELD], own["progressDeadlineAbort"]) == (None, True)
    assert pods[ONE_WAY] is None
    assert isinstance(decided.changes[-1].body, dict), "it is held until then"


def test_what_would_go_back_to_an_image_that_is_gone_is_held_instead() -> None:
    decided = begin("lifted", MENDED, way=WayBack([], True, {OLD: "no"}))
    own, pods = told(decided)
    assert own["progressDeadlineAbort"] is False
    assert ONE_WAY not in pods
    assert any(OLD in each and "isn't there any more" in each for each in decided.says)
    own, _ = told(begin("lifted", MENDED, way=WayBack([], True, {OLD: "ok"})))
    assert "progressDeadlineAbort" not in own


def test_an_image_from_before_what_cannot_be_undone_takes_force() -> None:
    assert begin("one-way", OLD).instead == "forward"
    assert done(begin("one-way", OLD, FORCED))


UNSEEN = NEW[:-1] + "9"
SPENT = KnownBudget("exhausted", "30.00 of 20.16 minutes are spent for portal-availability")


def test_a_spent_budget_lets_only_what_ran_before_and_what_is_for_reliability_come() -> None:
    refused = begin("undone-by-a-person", UNSEEN, budget=SPENT)
    assert (refused.instead, list(refused.changes)) == ("reliability", [])
    assert done(begin("undone-by-a-person", OLD, budget=SPENT))
    assert done(begin("undone-by-a-person", UNSEEN, FORCED, budget=SPENT))
    nobody = KnownBudget("unknown", "nobody can say what is left")
    says = begin("undone-by-a-person", UNSEEN, budget=nobody).says
    assert "web: nobody can say what is left." in says
