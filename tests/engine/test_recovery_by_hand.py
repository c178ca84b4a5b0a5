"""Who types `pulumi up` after a kill: what it says, and that the command it prints helps."""

import os
import shlex
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest

from pave.delivery.recovery.lock import read_lock
from pave.local_cloud.server import serve
from stacks.backend import cut_off, locks, state
from tests.engine.engine import CLI, HOME, NOW, Engine

pytestmark = pytest.mark.engine
STACK = "foundation.staging"
CLUSTER = "gcp:container/cluster:Cluster"


@pytest.fixture
def slow(fresh: Engine) -> Engine:
    """An engine on a cloud in which a cluster takes four seconds."""
    fresh.cloud.stop()
    fresh.cloud = serve(fresh.folder / "cloud", lambda: NOW, speed=0.01)
    fresh.ports = str(fresh.cloud.port)
    fresh.new(STACK)
    return fresh


def made(engine: Engine) -> Counter[tuple[str, str]]:
    """How often each was created, by its type and id."""
    created = [call for call in engine.cloud.store.calls() if call.operation == "create" and call.is_done]
    return Counter((call.type, call.id) for call in created)


def test_a_bare_update_after_a_kill_is_refused_with_the_command_that_helps(slow: Engine) -> None:
    backend = slow.folder / "backend"
    words = [str(CLI), "--non-interactive", "up", "--yes", "--skip-preview", "--stack", STACK]
    with subprocess.Popen(words, cwd=slow.project, env=slow.environment(), stdout=subprocess.PIPE) as update:
        while CLUSTER not in {held.type for held in slow.cloud.store.resources()}:
            assert update.poll() is None, update.communicate()[0]
            time.sleep(0.1)
        (lock,) = locks(backend, STACK)
        os.kill(read_lock(lock).pid, signal.SIGKILL)
        update.communicate()
    begun = {each.urn.rpartition("::")[2] for each in cut_off(state(backend, STACK) or {})}
    assert "staging-cluster" in begun
    calls = slow.last_call()

    locked = slow.up(STACK)
    assert locked.code != 0
    assert "locked by 1 lock(s)" in locked.text
    assert slow.pulumi("cancel", "--yes", "--stack", STACK).code == 0
    refused = slow.up(STACK)
    assert refused.code != 0
    assert f"An earlier update of {STACK} was cut off:" in refused.text
    assert "Traceback" not in refused.text
    assert slow.calls(calls) == []

    given = shlex.split([line for line in refused.text.splitlines() if "pave recover" in line][-1])
    assert given[2:4] == ["pave", "recover"]
    environment = slow.environment() | dict(word.split("=", 1) for word in given[:2])
    pave = subprocess.run(
        [sys.executable, "-m", *given[2:], "--state", str(slow.folder / "pave")],
        cwd=HOME,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert pave.returncode == 0, pave.stderr
    assert "had been created, and is adopted" in pave.stdout
    done = slow.up(STACK)
    assert done.code == 0, done.text
    assert set(made(slow).values()) == {1}
