"""What a rollout is said to be, by what real API servers said of it, and what a person's word makes of it."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from components.workloads.annotations import HELD, HOLDS, IRREVERSIBLE, RAN, UNDONE
from pave.rollouts import deciding
from pave.rollouts.deciding import ImageAnswer, PersonsWord, RolloutDecision
from pave.rollouts.history import history
from pave.rollouts.report import RolloutHistoryReport, RolloutReport
from pave.rollouts.starting import NewImage, start
from pave.rollouts.waiting import is_over
from pave.rollouts.way_back import WayBack
from pave.rollouts.wording import ENDS, history_lines, status_lines, worst
from pave.terminal import styled
from policies.wording import fitted
from stacks.budgets.known import KnownBudget
from stacks.rollouts.changing import ObjectChange, remembering
from stacks.rollouts.objects import HASH, RolloutObjects, version_of
from stacks.rollouts.reading import workloads
from tests.rollouts.recordings import NAMES, at, recorded, web

GOLDEN = Path(__file__).with_name("golden")
WORD = PersonsWord("jane@acme.example", "2026-11-21T10:00:00Z", "orders are lost")
OPEN = WayBack([], True, {})
FORCED = WORD._replace(forced=True)
OLD, NEW, MENDED = (f"registry.acme.example/app@sha256:{digit * 64}" for digit in "123")
STATUS = "/apis/argoproj.io/v1alpha1/namespaces/{}/rollouts/web/status"


def report(name: str) -> RolloutReport:
    objects = recorded(name)
    found = workloads(objects, at(objects))
    waivers = ["portal-promise"] if any(each.undone for each in found) else []
    return RolloutReport(
        service="portal",
        environment="production",
        cluster="https://a-cluster",
        workloads=found,
        absent=[],
        waivers=waivers,
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_person_reads_where_it_is_and_what_became_of_the_versions_before(
    name: str, golden: Callable[[Path, str], None]
) -> None:
    now = report(name)
    past = RolloutHistoryReport(
        service="portal",
        environment="production",
        cluster="https://a-cluster",
        versions=history(recorded(name), now.workloads),
    )
    lines = [*status_lines(now, 100), *history_lines(past)]
    golden(GOLDEN / f"{name}.txt", styled(fitted(lines, 100), colour=False))


@pytest.mark.parametrize(
    ("name", "state", "code", "over"),
    [
        ("at-a-step", "under way", 0, False),
        ("paused", "paused", 3, True),
        ("crashing", "under way", 0, False),
        ("undone-by-itself", "undone", 1, True),
        ("lifted", "undone", 1, True),
        ("after-it", "under way", 0, False),
        ("one-way", "under way", 0, False),
        ("undone-by-force", "undone", 1, True),
        ("inconclusive", "held", 3, True),
        ("failed", "undone", 1, True),
    ],
)
def test_a_state_says_how_a_command_ends_and_whether_to_wait(
    name: str, state: str, code: int, over: bool
) -> None:
    found = report(name)
    assert worst(found) == state
    assert ENDS[found.workloads[0].state] == code
    assert is_over(found) == over


@pytest.mark.parametrize(
    ("name", "frozen"),
    [
        ("undone-by-itself", True),
        ("failed", True),
        ("lifted", False),
        ("undone-by-force", False),
        ("after-it", False),
    ],
)
def test_what_took_itself_back_is_frozen_until_somebody_lifts_it(name: str, frozen: bool) -> None:
    assert (web(name).frozen is not None) == frozen


def test_going_back_in_the_spec_and_forward_again_is_not_looking() -> None:
    objects = recorded("failed")
    (rollout,) = copy.deepcopy(objects.rollouts)
    rollout["status"] |= {"abort": False, "currentPodHash": rollout["status"]["stableRS"], "phase": "Healthy"}
    (back,) = workloads(objects._replace(rollouts=[rollout]), at(objects))
    assert (back.state, back.undone) == ("steady", None)
    assert back.frozen is not None
    assert back.frozen.signal == "errors"
    (lifted,) = deciding.lift(back, rollout, WORD).changes
    rollout["metadata"]["annotations"] |= lifted.body["metadata"]["annotations"]
    (seen,) = workloads(objects._replace(rollouts=[rollout]), at(objects))
    assert seen.frozen is None


def test_a_younger_version_that_is_everywhere_ends_it() -> None:
    objects = recorded("failed")
    (rollout,), sets = copy.deepcopy(objects.rollouts), copy.deepcopy(objects.replica_sets)
    rollout["status"] |= {"abort": False, "currentPodHash": rollout["status"]["stableRS"], "phase": "Healthy"}
    for each in sets:
        each["metadata"]["creationTimestamp"] = "2027-01-01T00:00:00Z"
    (later,) = workloads(objects._replace(rollouts=[rollout], replica_sets=sets), at(objects))
    assert later.frozen is None


def done(decided: RolloutDecision) -> list[ObjectChange]:
    assert decided.refused is None
    return list(decided.changes)


def said_in(change: ObjectChange, annotation: str) -> Any:
    return json.loads(change.body["metadata"]["annotations"][annotation])


def applied(name: str, *changes: ObjectChange, **status: Any) -> RolloutObjects:
    """What the server has of a recording after annotations were changed, and what its status says."""
    objects = recorded(name)
    (rollout,) = copy.deepcopy(objects.rollouts)
    for change in changes:
        rollout["metadata"].setdefault("annotations", {}).update(change.body["metadata"]["annotations"])
    rollout["status"] |= status
    return objects._replace(rollouts=[rollout])


BACK_IN_THE_SPEC = {"abort": False, "phase": "Healthy", "message": ""}


def test_an_undo_after_a_deadline_is_still_known_when_the_spec_went_back_and_events_are_gone() -> None:
    """No analysis failed, and Argo Rollouts keeps nothing of it but its words."""
    name = "undone-by-itself"
    (rollout,) = recorded(name).rollouts
    back = BACK_IN_THE_SPEC | {"currentPodHash": rollout["status"]["stableRS"]}
    forgotten = applied(name, **back)._replace(events=[])
    assert workloads(forgotten, at(forgotten))[0].frozen is None, "so somebody has to write it down before"
    written = remembering(rollout, web(name))
    kept = applied(name, *written, **back)._replace(events=[])
    (now,) = workloads(kept, at(kept))
    assert (now.state, now.undone) == ("steady", None)
    assert now.frozen is not None
    assert (now.frozen.signal, now.frozen.by) == ("progress-deadline", None)
    assert not remembering(kept.rollouts[0], now), "it stands there"
    stable = kept.rollouts[0]["status"]["stableRS"]
    gone = kept._replace(replica_sets=[each for each in kept.replica_sets if version_of(each) == stable])
    assert workloads(gone, at(gone))[0].frozen == now.frozen


def test_a_version_that_is_tried_again_and_fails_again_is_frozen_again() -> None:
    tried, _ = done(begin("lifted", NEW))
    again = applied("lifted", tried, abortedAt="2026-12-01T00:00:00Z")
    (now,) = workloads(again, at(again))
    assert now.undone is not None
    assert (now.undone.lifted, now.undone.at) == (None, "2026-12-01T00:00:00Z")
    assert now.frozen == now.undone
    under_way = applied("lifted", tried, abort=False, phase="Progressing")
    assert workloads(under_way, at(under_way))[0].frozen is None


def status_of(name: str, patch: Any) -> ObjectChange:
    (rollout,) = recorded(name).rollouts
    return ObjectChange(STATUS.format(rollout["metadata"]["namespace"]), {"status": patch})


def decide(how: Callable[..., RolloutDecision], name: str, *words: Any, **more: Any) -> RolloutDecision:
    (rollout,) = recorded(name).rollouts
    return how(web(name), rollout, *words, **more)


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


def test_what_ran_is_known_from_events_where_nobody_wrote_it_down() -> None:
    objects = recorded("lifted")
    (rollout,) = objects.rollouts
    first = next(each for each in objects.replica_sets if version_of(each) == rollout["status"]["stableRS"])
    third = copy.deepcopy(first)
    third["metadata"]["labels"][HASH] = "third"
    third["spec"]["template"]["spec"]["containers"][0]["image"] = MENDED
    later = copy.deepcopy(rollout)
    later["status"] |= {"stableRS": "third", "currentPodHash": "third", "abort": False}
    (now,) = workloads(
        objects._replace(rollouts=[later], replica_sets=[*objects.replica_sets, third]), at(objects)
    )
    assert now.has_run([OLD])
    assert not now.has_run([NEW])


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


def test_what_is_steady_or_paused_is_not_paused_again() -> None:
    assert not decide(deciding.pause, "paused").changes
    (change,) = done(decide(deciding.pause, "at-a-step"))
    assert change.body == {"spec": {"paused": True}}
    assert decide(deciding.pause, "failed").refused
