"""Locks: taken over only when their owner is certainly gone, and nothing else is removed."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pave.delivery.engine.alive import Engines, began, engines, holding, record_of
from pave.delivery.recovery.lock import (
    Lock,
    RunningProcess,
    is_dead,
    lock_message,
    locks_in,
    read_lock,
    running_process,
    take_over,
)
from pave.refused import Refused

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
STACK = "service.tiny.test"
HERE = "here"

times = st.timedeltas(timedelta(days=-900), timedelta(days=900)).map(NOW.__add__)


@pytest.fixture
def lock(tmp_path: Path) -> Callable[..., Path]:
    """Writes a lock as the engine does: https://github.com/pulumi/pulumi/blob/master/pkg/backend/diy/lock.go"""

    def write(name: str = "1", stack: str = STACK, **changes: object) -> Path:
        said = {
            "pid": 7,
            "username": "alice",
            "hostname": HERE,
            "timestamp": "2026-11-21T11:00:00.123456789Z",
        }
        path = tmp_path / ".pulumi" / "locks" / "organization" / "pave" / stack / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(said | changes))
        path.with_name(f"{path.name}.attrs").write_text("{}")
        return path

    return write


def take(folder: Path, running: dict[int, RunningProcess]) -> list[Lock]:
    return take_over(
        folder.as_uri(),
        STACK,
        lambda _: None,
        host=HERE,
        process_of=running.get,
        now=lambda: NOW,
        patience=0.0,
    )


def test_the_lock_of_a_dead_process_is_taken_over(tmp_path: Path, lock: Callable[..., Path]) -> None:
    path = lock()
    (taken,) = take(tmp_path, {})
    assert (taken.pid, taken.user, taken.host, taken.since) == (
        7,
        "alice",
        HERE,
        datetime(2026, 11, 21, 11, 0, 0, 123456, tzinfo=UTC),
    )
    assert list(path.parent.iterdir()) == []
    assert take(tmp_path, {}) == []


def test_exactly_that_lock_is_removed(tmp_path: Path, lock: Callable[..., Path]) -> None:
    other = lock(stack="service.other.test")
    alive = lock("2", pid=8)
    dead = lock("1")
    with pytest.raises(Refused, match="process 8"):
        take(tmp_path, {8: RunningProcess("pulumi", NOW - timedelta(hours=2))})
    assert not dead.exists()
    assert alive.exists()
    assert other.exists()


def test_the_lock_of_a_living_process_is_left_and_said_whose_it_is(
    tmp_path: Path, lock: Callable[..., Path]
) -> None:
    path = lock()
    with pytest.raises(Refused) as error:
        take(tmp_path, {7: RunningProcess("pulumi", NOW - timedelta(hours=2))})
    assert "alice on here, process 7, since 2026-11-21 11:00 UTC (59 min)" in str(error.value)
    assert "ps -fp 7" in str(error.value)
    assert "rm " not in str(error.value)
    assert path.exists()


def test_the_lock_of_another_machine_is_left_with_how_to_be_sure(
    tmp_path: Path, lock: Callable[..., Path]
) -> None:
    path = lock(hostname="there")
    with pytest.raises(Refused) as error:
        take(tmp_path, {})
    assert path.exists()
    assert "alice on there, process 7" in str(error.value)
    assert f"rm {path}" in str(error.value)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"pid": "x"}', '{"pid": 7, "username": "a", "hostname": "here"}', "\xff"]
)
def test_a_lock_that_says_nothing_is_left(tmp_path: Path, lock: Callable[..., Path], text: str) -> None:
    path = lock()
    path.write_text(text, "latin-1")
    with pytest.raises(Refused, match="can't be read") as error:
        take(tmp_path, {})
    assert f"rm {path}" in str(error.value)
    assert path.exists()


def test_an_owner_that_ends_meanwhile_is_waited_for(tmp_path: Path, lock: Callable[..., Path]) -> None:
    path = lock()
    said: list[str] = []
    answers = iter([RunningProcess("pulumi", NOW - timedelta(hours=2))])
    taken = take_over(
        tmp_path.as_uri(),
        STACK,
        said.append,
        host=HERE,
        process_of=lambda _: next(answers, None),
        now=lambda: NOW,
        patience=60.0,
    )
    assert [each.pid for each in taken] == [7]
    assert said == [f"{STACK} is locked by process 7: waiting for it to end."]
    assert not path.exists()


@pytest.mark.parametrize("backend", ["gs://acme-state", "s3://acme", "https://api.pulumi.com"])
def test_a_back_end_that_others_use_is_never_judged(backend: str) -> None:
    def never(_pid: int) -> RunningProcess:
        raise AssertionError

    assert take_over(backend, STACK, print, host=HERE, process_of=never, now=lambda: NOW) == []


@given(host=st.sampled_from([HERE, "there"]), since=times, started=times, name=st.text(max_size=8))
def test_a_process_that_may_be_the_owner_is_never_called_dead(
    host: str, since: datetime, started: datetime, name: str
) -> None:
    lock = Lock(None, 7, "alice", host, since)
    assert is_dead(lock, HERE, None) is (host == HERE)
    if is_dead(lock, HERE, RunningProcess(name, started)):
        assert host == HERE
        assert started > since
    assert not is_dead(lock, HERE, RunningProcess("pulumi", started))


def test_a_pid_that_was_given_again_holds_nothing() -> None:
    lock = Lock(None, 7, "alice", HERE, NOW - timedelta(hours=1))
    assert is_dead(lock, HERE, RunningProcess("bash", NOW))
    assert not is_dead(lock, HERE, RunningProcess("bash", NOW - timedelta(hours=2)))


def test_a_living_engine_keeps_its_lock_whatever_its_pid_is_here(
    tmp_path: Path, lock: Callable[..., Path]
) -> None:
    """In another container its pid is nobody's, or somebody else's."""
    path = lock()
    record = record_of(tmp_path, STACK)
    with holding(record) as file:
        began(file, 7)
        assert engines(record) == Engines(True, frozenset({7}))
        with pytest.raises(Refused):
            take(tmp_path, {})
    assert engines(record) == Engines(False, frozenset({7}))
    assert path.exists()
    (taken,) = take(tmp_path, {7: RunningProcess("pulumi", NOW - timedelta(hours=2))})
    assert taken.pid == 7


def test_the_kernel_gives_a_killed_engine_up_and_the_next_begins_anew(tmp_path: Path) -> None:
    record = record_of(tmp_path, STACK)
    with holding(record) as file:
        process = subprocess.Popen(["sleep", "60"], pass_fds=[file.fileno()])
        began(file, process.pid)
    assert engines(record).is_alive, "it outlives whoever started it"
    process.kill()
    process.wait()
    assert engines(record) == Engines(False, frozenset({process.pid}))
    with holding(record):
        assert engines(record).pids == frozenset()


def test_of_an_engine_that_pave_did_not_start_nothing_is_known_where_not_all_is_seen() -> None:
    lock = Lock(None, 7, "alice", HERE, NOW)
    assert is_dead(lock, HERE, None, Engines(False, frozenset({8})))
    assert not is_dead(lock, HERE, None, Engines(False, frozenset({8})), sees_all=False)
    assert is_dead(lock, HERE, None, Engines(False, frozenset({7})), sees_all=False)


def test_a_process_is_looked_at_as_it_is() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        running = running_process(process.pid)
        assert running is not None
        assert abs((running.started - datetime.now(UTC)).total_seconds()) < 3600
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert running_process(process.pid) is None, "it has ended, though nobody has asked how"
    assert running_process(process.pid) is None


def test_the_engines_own_words_on_a_lock_are_understood() -> None:
    text = (
        "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or"
        " delete the lock file with `pulumi cancel`.\n  gs://acme/.pulumi/locks/organization/pave/x/1.json:"
        " created by alice@runner-4 (pid 42) at 2026-11-21T11:30:00Z"
    )
    found = locks_in(text)
    assert found == [Lock(None, 42, "alice", "runner-4", datetime(2026, 11, 21, 11, 30, tzinfo=UTC))]
    words = lock_message("service.x.production", found, HERE, "gs://acme", NOW)
    assert words.splitlines() == [
        "service.x.production is locked, so somebody may be changing it:",
        "  alice on runner-4, process 42, since 2026-11-21 11:30 UTC (30 min)",
        "Whether it still works can only be seen there. Ask who it is, or look on runner-4 (a pipeline's",
        "job: whether it has ended). Only when it is certainly gone, give the lock up and try again:",
        "  export PULUMI_BACKEND_URL=gs://acme",
        "  pulumi cancel --yes --stack organization/pave/service.x.production",
    ]


def test_a_lock_that_goes_while_it_is_read_is_no_lock(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_lock(tmp_path / "gone.json")
