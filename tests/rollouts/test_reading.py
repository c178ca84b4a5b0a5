"""What a rollout is said to be, by what real API servers said of it, and what a person's word makes of it."""

import copy
from collections.abc import Callable
from pathlib import Path

import pytest

from pave.rollouts import deciding
from pave.rollouts.history import history
from pave.rollouts.report import RolloutHistoryReport, RolloutReport
from pave.rollouts.waiting import is_over
from pave.rollouts.wording import ENDS, history_lines, status_lines, worst
from pave.terminal import styled
from policies.wording import fitted
from stacks.rollouts.changing import remembering
from stacks.rollouts.objects import HASH, version_of
from stacks.rollouts.reading import workloads
from tests.rollouts.recordings import NAMES, at, recorded, web
from tests.rollouts.words import MENDED, NEW, OLD, WORD, applied

GOLDEN = Path(__file__).with_name("golden")


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
