"""`pave up` on the local cloud: what is shown is done, and nothing else."""

import json
import signal
import subprocess
import time
from pathlib import Path

import pytest

from pave.local_cloud.process import find, start
from stacks.backend import locks
from tests.engine.engine import HOME
from tests.engine.road import Road, flat, lines

pytestmark = pytest.mark.engine
SERVICE = "invoice-archive"
STACK = "service.invoice-archive.production"
SPEC = "services/invoice-archive.yaml"
PRODUCTION = "environments/production.yaml"
CRON = "kubernetes:batch/v1:CronJob"
STORE = "name: index, kind: postgres"
JOB = "kubernetes:batch/v1:Job"
TOO_MUCH = "  stage: beta\n  availability: {target: 99.99}\n"
SQL = "gcp:sql/databaseInstance:DatabaseInstance"


def test_a_second_update_has_nothing_to_do(road: Road) -> None:
    before = road.last_call()
    for stack in ("foundation.production", SERVICE):
        done = road.up(stack)
        assert done.code == 0, done.text
        assert done.text.endswith("Nothing to do.\n")
    assert road.calls(before) == []


def test_a_change_is_shown_with_its_line_and_made(road: Road) -> None:
    schedule = road.reschedule()
    before = road.last_call()
    done = road.up(SERVICE)
    assert done.code == 0, done.text
    road.keep()
    assert lines(done.text, "~ update kubernetes CronJob invoice-archive-copy")
    assert lines(done.text, "spec.schedule: ", f'→ "{schedule}"')
    place = str(road.catalog / SPEC)
    number = 1 + (road.catalog / SPEC).read_text("utf-8").splitlines().index("    - name: copy")
    assert lines(done.text, f"{place}:{number}:7")
    assert lines(done.text, "1 to update, ", " unchanged")
    assert lines(done.text, "✓ updated kubernetes CronJob invoice-archive-copy", " s")
    assert lines(done.text, f"DONE  {STACK}: 1 done, 0 failed, 0 not done")
    assert road.calls(before) == [("update", CRON, "ok")]


def test_nobody_there_to_say_yes_is_a_rehearsal(road: Road) -> None:
    schedule = road.reschedule()
    before = road.last_call()
    done = road.pave("up", SERVICE)
    assert done.code == 2
    assert lines(done.text, "spec.schedule: ", f'→ "{schedule}"')
    assert f"nothing was changed. Not to be asked: pave up {STACK}" in done.text
    assert road.calls(before) == []


def test_a_blocked_stack_is_not_even_opened(road: Road) -> None:
    road.edit(SPEC, STORE, STORE.replace("postgres", "postgres, backup: {pointInTime: false}"))
    before = road.last_call()
    done = road.up(SERVICE)
    assert done.code == 1
    assert lines(done.text, "✗ reliability/point-in-time-recovery-is-on")
    assert lines(done.text, "BLOCKED  invoice-archive · production")
    assert road.last_call() == before


def test_a_store_is_neither_replaced_nor_taken_away_whatever_is_said(road: Road) -> None:
    before = road.last_call()
    road.edit(SPEC, STORE, STORE.replace("index", "ledger"))
    taken = road.up(SERVICE, "--allow-changes", "100")
    assert taken.code == 1
    assert f"invoice-archive-index-g1 ({SQL}) would be deleted." in flat(taken.text)
    assert "Leave the store in the spec for as long as anybody may need what it holds" in flat(taken.text)
    assert lines(taken.text, "Nothing was changed.")
    road.restore()
    road.edit(PRODUCTION, "      diskGb: 50\n", "      diskGb: 40\n")
    shrunk = road.up(SERVICE, "--allow-changes", "100")
    assert shrunk.code == 0, shrunk.text
    assert lines(shrunk.text, "Nothing changes in the cloud"), "a disk that grows by itself keeps its size"
    assert road.calls(before) == []


def test_so_many_changes_need_the_word_that_the_message_names(road: Road) -> None:
    road.edit(SPEC, "owner: fulfillment-platform", "owner: platform")
    before = road.last_call()
    done = road.up(SERVICE)
    assert done.code == 1
    (fix,) = lines(done.text, "--allow-changes")
    number = fix.split()[-1]
    assert road.calls(before) == []
    meant = road.up(SERVICE, "--allow-changes", number)
    assert meant.code == 0, meant.text
    road.keep()
    told = [call for call in road.calls(before) if call[:2] != ("delete", JOB)]
    assert len(told) == int(number), "a job that is replaced is one change"


def test_an_incident_lets_pass_what_can_be_waived_and_leaves_a_trace(road: Road) -> None:
    road.edit(SPEC, "  stage: beta\n", TOO_MUCH)
    blocked = road.up(SERVICE)
    assert blocked.code == 1
    assert lines(blocked.text, "✗ reliability/availability-target-is-reachable")
    assert lines(blocked.text, "In an incident: pave up", "--break-glass incident=…")
    no_reason = road.up(SERVICE, "--break-glass", "incident=4711")
    assert no_reason.code == 2
    assert "--break-glass passes nothing" in no_reason.text
    glass = {"incident": "4711", "reason": "the vendor is away", "person": "ada", "expires": "2026-11-22"}
    words = [word for name, value in glass.items() for word in ("--break-glass", f"{name}={value}")]
    road.reschedule()
    road.store.add_fault(CRON, "update", "quota", 9)
    assert road.up(SERVICE, *words).code == 1
    half = road.pave("drift", STACK)
    assert half.code == 1, half.text
    assert lines(half.text, f"BROKEN GLASS  {STACK}: ", "for 4711, by ada, to 2026-11-22")
    assert lines(half.text, "What it passed isn't known: the update failed")
    road.store.clear_faults()
    road.restore()
    settled = road.up(SERVICE)
    assert settled.code == 0, settled.text
    assert road.pave("drift", STACK).code == 0, "with nothing else to do, an update without a glass ends it"
    road.edit(SPEC, "  stage: beta\n", TOO_MUCH)
    road.reschedule()
    passed = road.up(SERVICE, *words)
    assert passed.code == 0, passed.text
    assert lines(passed.text, "BROKEN GLASS for 4711 by ada, to 2026-11-22")
    state = next((road.state / "pulumi" / "backend").rglob(f"stacks/pave/{STACK}.json"))
    assert '"breakGlass"' in state.read_text("utf-8")
    broken = road.pave("drift", STACK)
    assert broken.code == 1, broken.text
    assert lines(broken.text, f"AS LEFT  {STACK}")
    assert lines(broken.text, f"BROKEN GLASS  {STACK}: ", "for 4711, by ada, to 2026-11-22")
    assert lines(broken.text, "  the vendor is away")
    assert lines(broken.text, "✗ reliability/availability-target-is-reachable")
    assert lines(broken.text, "next: mend what it passed, and update without a glass: pave up " + STACK)
    assert lines(broken.text, "1 stack: 1 as left; 1 with a broken glass")
    report = json.loads(road.pave("drift", "--format", "json").out)
    glasses = {stack["stack"]: stack["brokenGlass"] for stack in report["stacks"]}
    rules = ["reliability/availability-target-is-reachable"]
    assert glasses == {"foundation.production": None, STACK: {**glass, "passed": rules}}
    road.restore()
    mended = road.up(SERVICE)
    assert mended.code == 0, mended.text
    assert "BROKEN GLASS" not in mended.text
    assert '"breakGlass"' not in state.read_text("utf-8")
    assert road.pave("drift", STACK).code == 0


def test_failures_that_pass_are_not_even_seen(road: Road) -> None:
    road.reschedule()
    for code in ("429", "503"):
        road.store.add_fault("*:CronJob", "update", code, 1)
    before = road.last_call()
    done = road.up(SERVICE)
    assert done.code == 0, done.text
    road.keep()
    assert [outcome == "ok" for *_, outcome in road.calls(before)] == [False, False, True]


@pytest.mark.parametrize("code", ["quota", "409", "timeout", "crash"])
def test_a_failure_is_explained_and_the_same_command_goes_on(road: Road, code: str) -> None:
    policy = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
    road.delete_behind(road.held(policy, "/default-deny"))
    road.store.add_fault(policy, "create", code, 1)
    before = road.last_call()
    failed = road.up(SERVICE, "--refresh")
    assert failed.code == 1
    assert lines(failed.text, "✗ create of kubernetes NetworkPolicy")
    assert lines(failed.text, "  fix ")
    (ended,) = lines(failed.text, f"FAILED  {STACK}: 0 done, ", " failed, 0 not done")
    # A provider that crashes takes with it whatever else was being asked of it.
    assert code == "crash" or " 1 failed, " in ended
    assert lines(failed.text, f"To go on: pave up {STACK}")
    again = road.up(SERVICE)
    assert again.code == 0, again.text
    assert find(road.state) is not None
    made = [
        outcome
        for operation, token, outcome in road.calls(before)
        if (operation, token) == ("create", policy)
    ]
    assert made.count("ok") + (code in {"timeout", "crash"}) == 1, "made once, heard of or not"
    road.held(policy, "/default-deny")


def test_after_ctrl_c_nothing_new_is_begun_and_nothing_is_locked(tmp_path: Path) -> None:
    road = Road(tmp_path)
    try:
        start(road.state, 0, 0.05)  # 30 s for a database
        up = subprocess.Popen(
            road.command("up", "foundation.staging", "--yes"),
            cwd=HOME,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        while not road.calls():
            assert up.poll() is None
            time.sleep(0.05)
        up.send_signal(signal.SIGINT)
        said, _ = up.communicate(timeout=120)
        assert up.returncode == 1, said
        assert lines(said, "Stopping: nothing new is begun.")
        assert lines(said, "STOPPED  foundation.staging: ", " not done")
        assert lines(said, "To go on: pave up foundation.staging")
        assert "Traceback" not in said
        assert len({token for _, token, _ in road.calls()}) < 10
        assert locks(road.state / "pulumi" / "backend", "foundation.staging") == []
    finally:
        road.close()
