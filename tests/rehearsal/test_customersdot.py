"""CustomersDot moves to high availability, small, on real parts: what the plan promises is kept, and what a
careless step breaks is seen."""

import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import psutil
import pytest

from components.design.migration.model import MigrationPlan, PhasePlan
from pave.exit_code import ExitCode
from pave.migrating.reading import plan_of
from pave.rehearsing import run
from pave.rehearsing.counterpart import Counterpart, Unrehearsed, counterpart_of
from pave.rehearsing.programs import BUILT
from pave.rehearsing.run import RehearsalPace, RehearsalReport, RehearsedPhase, rehearse
from pave.rehearsing.stage import CLUSTER, MACHINE, RehearsalStage
from pave.workspace import HOME
from tests.built import require_built
from tests.migration.ways import catalog_in

pytestmark = pytest.mark.rehearsal

PACE = RehearsalPace(rate=20, soak=0.6)
CAN_BE_TRIED = (
    *("guard-db", "standby-db", "resize-db", "settings-db", "redis-beside", "redis-switch", "let-in"),
    *("workloads-beside", "clocks-switch", "names-5", "names-25", "names-50", "names-100"),
    *("release-machine", "remove-machine"),
)
TOO_LONG = re.compile(r"requests failed; the plan|Requests failed for|Going back took")


@pytest.fixture(scope="module")
def plan() -> MigrationPlan:
    for name in ("postgres", "redis-server", "haproxy"):
        require_built(BUILT / name, "make test-rehearsal")
    return plan_of(HOME / "catalog", "customersdot")


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where stages are built, which every user may pass through, as pytest's own folders are not. No part may
    be left behind."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o711)
        monkeypatch.setenv("TMPDIR", name)
        monkeypatch.setattr(tempfile, "tempdir", name)
        yield Path(name)
        assert parts(Path(name)) == set()


def parts(folder: Path) -> set[int]:
    """The processes of the stages in a folder; others on this machine may rehearse too."""
    found = set()
    for each in psutil.process_iter(["cmdline", "environ"]):
        words, variables = each.info["cmdline"] or [], each.info["environ"] or {}
        is_app = "pave.rehearsing.app" in words and variables.get("TMPDIR") == str(folder)
        if is_app or any(f"{folder}/pave-rehearsal-" in word for word in words):
            found.add(each.pid)
    return found


def rehearsed(plan: MigrationPlan, *ids: str) -> RehearsalReport:
    """A rehearsal of some of the phases."""
    some = [each for each in plan.phases if each.number == 0 or each.id in ids]
    return rehearse(msgspec.structs.replace(plan, phases=some), PACE, (), lambda _: None)


def kept_by(rehearsal: Callable[[], RehearsalReport]) -> RehearsalReport:
    """What a rehearsal comes to; where no more went wrong than that requests or a way back took too long,
    which a machine that is busy for a second brings about too, another. What is lost, missing or double
    counts."""
    report = rehearsal()
    said = [each for phase in report.phases for passage in phase.passages for each in passage.broken]
    return rehearsal() if said and all(map(TOO_LONG.search, said)) else report


def broken_in(report: RehearsalReport) -> tuple[RehearsedPhase, list[str]]:
    """The phase in which a rehearsal stopped, and what it broke."""
    (phase,) = (each for each in report.phases if each.state == "broken")
    return phase, [said for passage in phase.passages for said in passage.broken]


def test_every_phase_and_every_way_back_keeps_the_promise_also_when_parts_are_killed(
    plan: MigrationPlan,
) -> None:
    faults = ("primary", "worker", "app", "vendor", "zone")
    report = kept_by(lambda: rehearse(plan, PACE, faults, lambda _: None))
    assert [each.id for each in report.phases if each.state == "kept"] == list(CAN_BE_TRIED)
    assert {each.state for each in report.phases} == {"kept", "not rehearsed"}
    assert report.exit_code is ExitCode.WAITS  # what wasn't rehearsed hasn't passed
    assert all(each.phase is not None for each in report.faults)
    for phase in report.phases:
        directions = [each.direction for each in phase.passages]
        if phase.id in CAN_BE_TRIED:
            assert directions == (["into"] if phase.no_return else ["into", "back", "again"])
        for passage in phase.passages:
            seen = passage.measured
            assert seen is not None
            assert (seen.lost_writes, seen.lost_jobs, seen.doubled_jobs) == (0, 0, 0)
            assert (seen.missed_ticks, seen.doubled_ticks) == (0, 0)
            assert seen.asked > 0
            if not phase.promised_minutes and "the primary" not in passage.killed:
                assert seen.failed == 0


def test_pave_is_cut_off_in_every_passage_and_goes_on_from_there(plan: MigrationPlan) -> None:
    report = rehearse(plan, PACE, ("pave",), lambda _: None)
    assert [each.id for each in report.phases if each.state == "kept"] == list(CAN_BE_TRIED)
    cut = {phase.id: [each.killed for each in phase.passages] for phase in report.phases if phase.passages}
    # One step of HAProxy's own is all that this is: it is done, or it isn't.
    assert [name for name, killed in cut.items() if not any(killed)] == ["release-machine"]
    assert sum(killed.startswith("pave, after 0") for phase in cut.values() for killed in phase) > 35
    assert sum(" and " in killed for phase in cut.values() for killed in phase) >= 5


def test_users_are_led_as_the_phases_say(plan: MigrationPlan) -> None:
    report = kept_by(lambda: rehearsed(plan, "let-in", "workloads-beside", "names-50", "names-100"))
    half, all_ = (each.passages[-1].measured for each in report.phases[2:])
    assert half is not None
    assert all_ is not None
    assert set(half.served) == {MACHINE, *CLUSTER}
    assert all_.served.get(MACHINE, 0) <= 1  # one may be due in the very moment of the switch


def test_a_database_on_a_machine_moves_by_a_copy_and_back_by_another(
    plan: MigrationPlan, tmp_path: Path
) -> None:
    del plan
    root = catalog_in(tmp_path, "today")
    today = root / "examples" / "customersdot-today.yaml"
    text, found = re.subn(
        r"( - name: db\n +kind: postgres\n)(.*\n)+?( +- name: redis)",
        r"\1      runtime: vm\n      availability: zonal\n\3",
        today.read_text("utf-8"),
    )
    assert found == 1
    today.write_text(text, "utf-8")
    report = kept_by(lambda: rehearsed(plan_of(root, "customersdot"), "db-beside", "db-switch"))
    assert [(each.id, each.state) for each in report.phases] == [("db-beside", "kept"), ("db-switch", "kept")]
    assert [each.direction for each in report.phases[1].passages] == ["into", "back", "again"]
    assert report.exit_code is ExitCode.OK


def test_a_switch_before_the_standby_has_caught_up_loses_orders_and_is_seen(
    plan: MigrationPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_early(stage: RehearsalStage) -> None:
        assert stage.standby is not None
        stage.primary.set(synchronous_standby_names="")
        stage.standby.set(primary_conninfo="")
        time.sleep(1)
        stage.primary.kill()
        stage.fail_over()

    monkeypatch.setattr(RehearsalStage, "switch_over", too_early)
    report = rehearsed(plan, "standby-db", "resize-db")
    phase, said = broken_in(report)
    assert phase.id == "standby-db"
    assert any("acknowledged orders are lost" in each for each in said)
    assert [each.direction for each in phase.passages] == ["into", "returned"]
    assert [each.state for each in report.phases] == ["broken", "not reached"]
    assert report.exit_code is ExitCode.NO


def carelessly(monkeypatch: pytest.MonkeyPatch, id_: str, forward: Callable[[RehearsalStage], None]) -> None:
    """Lets a phase be carried out in another way."""

    def found(phase: PhasePlan) -> Counterpart | Unrehearsed:
        real = counterpart_of(phase)
        if phase.id != id_:
            return real
        assert isinstance(real, Counterpart)
        return real._replace(forward=forward)

    monkeypatch.setattr(run, "counterpart_of", found)


def test_a_redis_that_is_replaced_with_its_queue_in_it_loses_jobs_and_is_seen(
    plan: MigrationPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    def replace(stage: RehearsalStage) -> None:
        stage.end("worker", MACHINE)
        time.sleep(0.5)
        stage.enqueue, stage.take = 1, [1]
        stage.restart("web")
        stage.start("worker", MACHINE)

    carelessly(monkeypatch, "redis-switch", replace)
    phase, said = broken_in(rehearsed(plan, "redis-beside", "redis-switch"))
    assert phase.id == "redis-switch"
    assert any("jobs of acknowledged orders were not done" in each for each in said)


def test_copies_that_no_vendor_lets_in_do_no_job_and_are_seen(
    plan: MigrationPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "JOBS_SECONDS", 3.0)
    carelessly(monkeypatch, "let-in", lambda _: None)
    phase, said = broken_in(rehearsed(plan, "let-in", "workloads-beside"))
    assert phase.id == "workloads-beside"
    assert any("jobs of acknowledged orders were not done" in each for each in said)


def test_a_clock_that_ends_before_the_other_starts_misses_runs_and_is_seen(
    plan: MigrationPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    def end_only(stage: RehearsalStage) -> None:
        stage.end("clock", MACHINE)
        time.sleep(4 * PACE.tick)

    carelessly(monkeypatch, "clocks-switch", end_only)
    phase, said = broken_in(rehearsed(plan, "clocks-switch"))
    assert phase.id == "clocks-switch"
    assert any("runs of the schedule are missing" in each for each in said)


def test_users_are_led_back_by_themselves_when_the_new_copies_are_bad(
    plan: MigrationPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    led = []

    def beside_without_database(stage: RehearsalStage) -> None:
        real, stage.front.database = stage.front.database, 1
        for where in CLUSTER:
            stage.start("web", where)
        stage.front.database = real
        led.append(stage)

    carelessly(monkeypatch, "workloads-beside", beside_without_database)
    report = rehearsed(plan, "let-in", "workloads-beside", "names-50", "names-100")
    phase, said = broken_in(report)
    assert phase.id == "names-50"
    assert any("requests failed; the plan promises that none does" in each for each in said)
    assert phase.passages[-1].direction == "returned"
    assert led[-1].weights == {MACHINE: 100}
    assert [each.state for each in report.phases] == ["kept", "kept", "broken", "not reached"]


@pytest.mark.usefixtures("plan")
def test_no_part_outlives_a_rehearsal_that_is_killed(folder: Path) -> None:
    command = [sys.executable, "-m", "pave", "migrate", "rehearse", "customersdot"]
    rehearsal = subprocess.Popen(command, cwd=HOME, stderr=subprocess.PIPE, text=True)
    assert rehearsal.stderr is not None
    assert rehearsal.stderr.readline() == "guard-db: kept\n"
    assert len(parts(folder)) > 5
    rehearsal.send_signal(signal.SIGKILL)
    rehearsal.communicate()
    for _ in range(100):
        if not parts(folder):
            return
        time.sleep(0.1)
    pytest.fail("parts of a stage run on")
