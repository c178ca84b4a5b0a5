"""A plan that was reviewed: exactly it is applied, or nothing."""

import json
from pathlib import Path

import pytest

from tests.engine.road import Road, lines

pytestmark = pytest.mark.engine
SERVICE = "invoice-archive"
SPEC = "services/invoice-archive.yaml"
CRON = "kubernetes:batch/v1:CronJob"


@pytest.fixture
def plan(road: Road, tmp_path: Path) -> Path:
    """A plan of one update."""
    road.reschedule()
    file = tmp_path / "the.plan"
    done = road.pave("preview", SERVICE, "--save", str(file), "--output", f"terraform={tmp_path / 'tf.json'}")
    assert done.code == 0, done.text
    assert json.loads((tmp_path / "tf.json").read_text()) == {"create": 0, "update": 1, "delete": 0}
    assert json.loads(file.read_text())["digest"] in done.text
    return file


def test_it_is_applied_without_a_question_and_only_once(road: Road, plan: Path) -> None:
    before = road.last_call()
    done = road.pave("up", SERVICE, "--plan", str(plan))
    assert done.code == 0, done.text
    assert road.calls(before) == [("update", CRON, "ok")]
    again = road.pave("up", SERVICE, "--plan", str(plan))
    assert again.code == 1
    assert "The stack was updated since." in again.text
    assert len(road.calls(before)) == 1
    road.keep()


def test_what_drifts_after_the_review_is_not_applied(road: Road, plan: Path) -> None:
    before = road.last_call()
    old = road.pave("up", SERVICE, "--plan", str(plan), "--max-age", "0.0000001")
    assert old.code == 1
    assert lines(old.text, "It was made", "--max-age")
    road.reschedule()
    other = road.pave("up", SERVICE, "--plan", str(plan))
    assert other.code == 1
    assert "The catalog asks for something else now." in other.text
    assert lines(other.text, "Make a new one: pave preview", "--save FILE")
    plan.write_text(plan.read_text().replace('"update"', '"create"', 1))
    forged = road.pave("up", SERVICE, "--plan", str(plan))
    assert forged.code == 2
    assert "was changed after it was made" in forged.text
    assert road.calls(before) == []


def test_the_gate_and_the_guards_hold_for_it_too(road: Road, plan: Path, tmp_path: Path) -> None:
    before = road.last_call()
    file = tmp_path / "lost.plan"
    road.edit(SPEC, "name: index, kind", "name: ledger, kind")
    refused = road.pave("preview", SERVICE, "--save", str(file))
    assert refused.code == 1
    assert lines(refused.text, "✗ keeps-data")
    assert lines(refused.text, "was not written: nothing could apply this plan.")
    assert not file.exists()
    road.edit(SPEC, "kind: postgres, ", "kind: postgres, backup: {pointInTime: false}, ")
    blocked = road.pave("up", SERVICE, "--plan", str(plan))
    assert blocked.code == 1
    assert lines(blocked.text, "BLOCKED  invoice-archive · production")
    assert road.calls(before) == []


def test_a_preview_says_the_same_to_programs_and_changes_nothing(road: Road) -> None:
    before = road.last_call()
    done = road.pave("preview", "foundation.staging", "--format", "json")
    assert done.code == 0, done.text
    found = json.loads(done.text)
    assert (found["kind"], found["allowed"], found["unchanged"]) == ("PreviewReport", True, 0)
    assert {change["action"] for change in found["changes"]} == {"create"}
    assert all(change["origin"]["document"] == "environments/staging.yaml" for change in found["changes"])
    assert road.calls(before) == []


def test_a_service_before_its_foundation_says_what_to_do(road: Road) -> None:
    done = road.pave("preview", "usage-api", "--env", "staging")
    assert done.code == 1
    assert "pave up foundation.staging" in " ".join(done.text.split())


def test_a_plan_is_read_again_as_it_was_made(road: Road, plan: Path) -> None:
    done = road.pave("up", SERVICE, "--plan", str(plan), "--refresh")
    assert done.code == 2
    assert "pave preview --refresh" in done.text
