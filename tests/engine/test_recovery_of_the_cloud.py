"""A local cloud that is killed: what it has done is what its log says, and it is found again."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import grpc
import psutil
import pytest

from pave.local_cloud.process import RunningCloud, find, start, stop
from pave.local_cloud.store import CloudStore, store_file
from tests.engine.cloud_client import Client, Inputs, enable_apis

pytestmark = pytest.mark.slow

ADDRESS = "gcp:compute/address:Address"
REDIS = "gcp:redis/instance:Instance"
CACHE: Inputs = {"name": "redis", "memorySizeGb": 1, "deletionProtection": False}


@pytest.fixture
def state(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    stop(tmp_path)


def kill(running: RunningCloud) -> None:
    os.kill(running.pid, signal.SIGKILL)
    while find_state(running.pid) not in {None, psutil.STATUS_ZOMBIE}:
        time.sleep(0.01)


def find_state(pid: int) -> str | None:
    try:
        return psutil.Process(pid).status()
    except psutil.NoSuchProcess:
        return None


def opened(state: Path) -> CloudStore:
    return CloudStore(store_file(state), lambda: datetime.now(UTC))


def done(store: CloudStore) -> Counter[str]:
    """How often each resource was created, less how often it was deleted, by the log."""
    sign = {"create": 1, "update": 0, "delete": -1}
    found: Counter[str] = Counter()
    for call in store.calls():
        if call.is_done:
            found[call.id] += sign.get(call.operation, 0)
    return +found


def test_whenever_it_is_killed_its_log_says_what_it_has_done(state: Path) -> None:
    made = 0
    for round_ in range(4):
        running = start(state, 0, 0)
        enable_apis(opened(state))
        for metric in ("IN_USE_ADDRESSES", "STATIC_ADDRESSES"):
            opened(state).set("quota", f"acme/{metric}/us-east1", "1000000")
        killer = threading.Timer(0.15 + 0.05 * round_, os.kill, (running.pid, signal.SIGKILL))
        client = Client(running.port)
        client.create(
            ADDRESS, {"name": f"first{round_}", "region": "us-east1"}
        )  # however busy the machine is
        killer.start()
        with suppress(grpc.RpcError):
            for number in range(100_000):
                client.create(ADDRESS, {"name": f"a{round_}-{number}", "region": "us-east1"})
                if number % 3 == 0:
                    client.delete(ADDRESS, f"projects/acme/regions/us-east1/addresses/a{round_}-{number}")
        client.close()
        killer.join()
        store = opened(state)
        there = {held.id for held in store.resources()}
        assert done(store) == Counter(there)
        assert len(there) > made, "it did nothing before it was killed"
        made = len(there)
        store.close()


def test_what_takes_long_goes_on_when_it_is_killed(state: Path) -> None:
    """As in Google's cloud, an instance is there from the moment that it is asked for."""
    running = start(state, 0, 1.0)  # five minutes
    enable_apis(opened(state))
    client = Client(running.port)
    store = opened(state)
    with ThreadPoolExecutor(1) as pool:
        creating = pool.submit(client.create, REDIS, CACHE)
        while not store.resources():
            assert not creating.done(), creating.exception()
            time.sleep(0.01)
        kill(running)
        assert isinstance(creating.exception(60), grpc.RpcError)
    client.close()
    again = start(state, 0, 0.0)
    client = Client(again.port)
    assert client.read(REDIS, "projects/acme/locations/us-east1/instances/redis")[1] == CACHE
    with pytest.raises(grpc.RpcError, match="Error 409"):
        client.create(REDIS, CACHE)
    client.close()
    assert done(store) == Counter(["projects/acme/locations/us-east1/instances/redis"])
    store.close()


@pytest.mark.parametrize(("code", "is_there"), [("crash", True), ("crash-before", False)])
def test_it_can_be_made_to_end_before_or_after_it_does_a_thing(
    state: Path, code: str, is_there: bool
) -> None:
    running = start(state, 0, 0)
    enable_apis(opened(state))
    store = opened(state)
    store.add_fault("*", "create", code, 1)
    client = Client(running.port)
    with pytest.raises(grpc.RpcError):
        client.create(REDIS, CACHE)
    client.close()
    assert bool(store.resources()) is is_there
    assert bool(done(store)) is is_there
    assert [call.operation for call in store.calls()] == ["create"]
    store.close()


def test_after_a_kill_it_answers_where_it_did(state: Path) -> None:
    running = start(state, 0, 0)
    enable_apis(opened(state))
    kill(running)
    end = time.monotonic() + 10
    while find(state) is not None and time.monotonic() < end:
        time.sleep(0.01)  # its threads may end after it
    assert find(state) is None, "one that has ended isn't found, though nobody has asked how"
    again = start(state, 0, 0)
    assert (again.port, again.pid != running.pid) == (running.port, True)


def test_a_port_that_somebody_else_took_meanwhile_is_left_to_them(state: Path, tmp_path: Path) -> None:
    running = start(state, 0, 0)
    enable_apis(opened(state))
    kill(running)
    other = start(tmp_path / "other", running.port, 0)
    try:
        again = start(state, 0, 0)
        assert again.port != other.port
    finally:
        stop(tmp_path / "other")


def test_two_who_start_it_at_once_get_the_same(state: Path) -> None:
    command = (
        "import sys; from pathlib import Path; from pave.local_cloud.process import start;"
        " print(start(Path(sys.argv[1]), 0, 0.0).pid)"
    )
    with ThreadPoolExecutor(2) as pool:
        pids = list(pool.map(lambda _: run(command, state), range(2)))
    assert pids[0] == pids[1]


def run(command: str, state: Path) -> str:
    done_ = subprocess.run(
        [sys.executable, "-c", command, str(state)], capture_output=True, text=True, check=True, timeout=60
    )
    return done_.stdout.strip()
