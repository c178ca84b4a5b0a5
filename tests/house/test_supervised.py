"""What tests start doesn't outlive them: not a test that ends, nor one that is killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from pave.local_cloud.process import find, start, stop
from tests import supervised

HOME = Path(__file__).resolve().parents[2]
LONG = [sys.executable, "-c", "import os, time; print(os.getpid(), flush=True); time.sleep(600)"]
STARTS = f"""
import subprocess, time
from tests import supervised
supervised.start({LONG!r}, 1)
time.sleep(600)
"""

LEAVES = """
import os, signal, sys
from tests import supervised
from tests.engine import leaving
supervised.afterwards([sys.executable, "-I", leaving.__file__, sys.argv[1]])
os.kill(os.getpid(), signal.SIGKILL)
"""


def first_pid(process: subprocess.Popen[bytes]) -> psutil.Process:
    """The process of the server that says its id."""
    assert process.stdout is not None
    return psutil.Process(int(process.stdout.readline()))


def test_a_server_ends_with_its_test() -> None:
    process = supervised.start(LONG, subprocess.PIPE)
    server = first_pid(process)
    supervised.end(process)
    assert process.stdout is not None
    process.stdout.close()
    assert not server.is_running()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_server_ends_with_tests_that_were_killed(how: signal.Signals) -> None:
    command = [sys.executable, "-c", STARTS]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=HOME) as tests:
        server = first_pid(tests)
        os.kill(tests.pid, how)
        server.wait(60)
    assert not server.is_running()


def test_a_local_cloud_ends_with_tests_that_were_killed(tmp_path: Path) -> None:
    """It outlives the command that starts it, so what comes afterwards has to find it."""
    mine, others = tmp_path / "mine", tmp_path / "others"
    for folder in (mine / "cloud", others):
        folder.mkdir(parents=True)
        start(folder, 0, 0.0)
    try:
        with subprocess.Popen([sys.executable, "-c", LEAVES, str(mine)], stdout=1, cwd=HOME) as tests:
            tests.wait(60)
        deadline = time.monotonic() + 60
        while find(mine / "cloud") is not None and time.monotonic() < deadline:
            time.sleep(0.05)
        assert find(mine / "cloud") is None
        assert find(others) is not None
    finally:
        stop(others)
        stop(mine / "cloud")


def test_a_server_that_ends_by_itself_is_seen_to(tmp_path: Path) -> None:
    with (tmp_path / "log").open("wb") as log:
        process = supervised.start(["sh", "-c", "echo words; exit 3"], log)
    assert process.wait() == 3
    supervised.end(process)
    assert (tmp_path / "log").read_text() == "words\n"


def test_a_server_has_only_the_environment_that_it_is_given() -> None:
    process = supervised.start(["env"], subprocess.PIPE, env={"ONE": "1"})
    assert process.stdout is not None
    said = process.stdout.read().splitlines()
    process.stdout.close()
    supervised.end(process)
    assert {line.partition(b"=")[0] for line in said} - {b"LC_CTYPE"} == {b"ONE"}  # that one is Python's
