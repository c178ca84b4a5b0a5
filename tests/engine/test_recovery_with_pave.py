"""`pave up` on a shipped stack, killed in the middle: typed again, it goes on."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pave.delivery.recovery.lock import read_lock
from pave.local_cloud.process import find, start, stop
from pave.local_cloud.store import CloudStore, store_file
from stacks.backend import cut_off, locks, state
from tests.engine.engine import HOME, require_cli

pytestmark = pytest.mark.engine
STACK = "foundation.staging"
CLUSTER = "gcp:container/cluster:Cluster"
PAVE = [sys.executable, "-m", "pave"]
UP = [*PAVE, "up", STACK, "--yes", "--today", "2026-11-21"]

Victim = Callable[["subprocess.Popen[str]", Path], int]


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[Path]:
    """The folder of a cloud in which a cluster takes four seconds."""
    require_cli()
    folder = tmp_path / "cloud"
    start(folder, 0, 0.01)
    yield folder
    stop(folder)


def engine(_pave: "subprocess.Popen[str]", folder: Path) -> int:
    (lock,) = locks(folder / "pulumi" / "backend", STACK)
    return read_lock(lock).pid


def server(_pave: "subprocess.Popen[str]", folder: Path) -> int:
    running = find(folder)
    assert running is not None
    return running.pid


def pave(up: "subprocess.Popen[str]", _folder: Path) -> int:
    return up.pid


@pytest.mark.parametrize("victim", [engine, server, pave])
def test_pave_up_goes_on(cloud: Path, victim: Victim) -> None:
    words = [*UP, "--state", str(cloud)]
    store = CloudStore(store_file(cloud), lambda: datetime.now(UTC))
    with subprocess.Popen(words, cwd=HOME, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as up:
        while CLUSTER not in {held.type for held in store.resources()}:
            assert up.poll() is None, up.communicate()[0]
            time.sleep(0.05)
        os.kill(victim(up, cloud), signal.SIGKILL)
        said = up.communicate(timeout=120)[0]
    assert "Traceback" not in said
    preview = [*PAVE, "preview", STACK, "--today", "2026-11-21", "--state", str(cloud)]
    seen = subprocess.run(preview, cwd=HOME, capture_output=True, text=True, check=False, timeout=300)
    assert (seen.returncode, seen.stdout) == (2, "")
    assert f"`pave recover {STACK} --state {cloud}`" in seen.stderr
    again = subprocess.run(words, cwd=HOME, capture_output=True, text=True, check=False, timeout=300)
    assert again.returncode == 0, again.stdout + again.stderr
    assert "staging-cluster (Cluster) had been created, and is adopted" in again.stdout
    created = [call for call in store.calls() if call.operation == "create" and call.is_done]
    made = Counter((call.type, call.id) for call in created)
    assert set(made.values()) == {1}
    known = state(cloud / "pulumi" / "backend", STACK)
    assert known is not None
    assert cut_off(known) == []
    kept = {
        (resource["type"], resource["id"])
        for resource in known["resources"]
        if resource["type"].startswith(("gcp:", "kubernetes:"))
    }
    assert kept == {(held.type, held.id) for held in store.resources()} == set(made)
    text = json.dumps(known)
    assert not [word for word in ("PRIVATE KEY", "password") if word in text]
    store.close()
