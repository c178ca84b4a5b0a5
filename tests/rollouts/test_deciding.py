"""What a person's word makes of a rollout, by what real API servers said of it."""

import copy
import json

import pytest

from components.workloads.annotations import UNDONE
from pave.rollouts import deciding
from pave.rollouts.deciding import ImageAnswer
from stacks.rollouts.reading import workloads
from tests.rollouts.recordings import at, recorded
from tests.rollouts.words import FORCED, OLD, WORD, decide, done, status_of


def test_a_promotion_goes_past_the_pause_or_the_analysis_that_it_is_at() -> None:
    past = {"pauseConditions": None, "controllerPause": False}
    for name, index in (("at-a-step", 2), ("inconclusive", 3)):
        found = done(decide(deciding.promote, name, full=False))
        assert found == [status_of(name, {**past, "currentStepIndex": index})]
    resumed, *rest = done(decide(deciding.promote, "paused", full=False))
    assert resumed.body == {"spec": {"paused": False}}
    assert rest == [status_of("paused", {**past, "currentStepIndex": 2})]


def test_a_promotion_of_what_is_paused_while_its_copies_come_up_skips_nothing() -> None:
    objects = recorded("paused")
    (rollout,) = copy.deepcopy(objects.rollouts)
    rollout["status"] |= {"currentStepIndex": 0, "pauseConditions": None}
    (now,) = workloads(objects._replace(rollouts=[rollout]), at(recorded("paused")))
    decided = deciding.promote(now, rollout, full=False)
    assert [each.body for each in done(decided)] == [{"spec": {"paused": False}}]
    assert decided.says == ["web: on at step 1 of 4 (5 %)."]


def test_a_promotion_to_everybody_says_what_it_skips() -> None:
    decided = decide(deciding.promote, "at-a-step", full=True)
    assert done(decided) == [status_of("at-a-step", {"promoteFull": True})]
    (said,) = decided.says
    assert said.endswith(
        "Skipped: a soak of 600 s, 25 % of copies, a soak of 600 s, 50 % of copies, a soak of 600 s."
    )


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("name", ["failed", "undone-by-itself", "undone-by-force"])
def test_nothing_is_promoted_against_a_verdict_or_after_an_undo(name: str, full: bool) -> None:
    assert decide(deciding.promote, name, full=full).refused


def test_a_version_that_is_coming_up_has_nothing_to_skip() -> None:
    assert "coming up" in str(decide(deciding.promote, "crashing", full=False).refused)


def test_what_somebody_gave_another_strategy_has_no_step_to_skip() -> None:
    objects = recorded("at-a-step")
    (rollout,) = copy.deepcopy(objects.rollouts)
    rollout["spec"]["strategy"] = {"blueGreen": {"activeService": "web"}}
    rollout["status"]["pauseConditions"] = []
    (now,) = workloads(objects._replace(rollouts=[rollout]), at(objects))
    assert "nothing to skip" in str(deciding.promote(now, rollout, full=False).refused)
    assert deciding.promote(now, rollout, full=True).refused is None


def test_an_undo_is_recorded_before_it_begins() -> None:
    recorded_, aborted = done(decide(deciding.abort, "at-a-step", WORD, {OLD: "ok"}))
    assert aborted == status_of("at-a-step", {"abort": True})
    said = recorded_.body["metadata"]["annotations"][UNDONE]
    assert json.loads(said)["by"] == "jane@acme.example"
    assert json.loads(said)["why"] == "orders are lost"


@pytest.mark.parametrize("name", ["one-way", "one-way-mended"])
def test_an_undo_across_what_cannot_be_undone_takes_force_and_a_reason(name: str) -> None:
    refused = decide(deciding.abort, name, WORD, {})
    assert (refused.instead, list(refused.changes)) == ("forward", [])
    assert decide(deciding.abort, name, FORCED._replace(why=""), {}).refused
    (undone, _) = done(decide(deciding.abort, name, FORCED, {}))
    assert json.loads(undone.body["metadata"]["annotations"][UNDONE])["forced"] is True


@pytest.mark.parametrize(
    ("answer", "refused", "said"), [("no", True, False), ("ok", False, False), ("undecided", False, True)]
)
def test_an_undo_needs_an_image_that_is_still_there(answer: ImageAnswer, refused: bool, said: bool) -> None:
    decided = decide(deciding.abort, "at-a-step", WORD, {OLD: answer})
    assert (decided.refused is not None) == refused
    assert any("nobody could say" in each for each in decided.says) == said


def test_a_lift_keeps_why_it_was_frozen_and_who_lifted_it() -> None:
    (change,) = done(decide(deciding.lift, "failed", WORD))
    said = json.loads(change.body["metadata"]["annotations"][UNDONE])
    assert said["signal"] == "errors"
    assert said["lifted"] == {"at": WORD.at, "by": WORD.by, "why": WORD.why}
    assert not decide(deciding.lift, "at-a-step", WORD).changes


def test_what_is_steady_or_paused_is_not_paused_again() -> None:
    assert not decide(deciding.pause, "paused").changes
    (change,) = done(decide(deciding.pause, "at-a-step"))
    assert change.body == {"spec": {"paused": True}}
    assert decide(deciding.pause, "failed").refused
