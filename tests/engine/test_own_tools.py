"""The tests' own tools: the program's host goes with its engine, and a missing CLI is never passed over."""

import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.engine import engine
from tests.engine.engine import HOST, require_cli

PARENT = f"""
import subprocess, sys, time
host = subprocess.Popen([sys.executable, {str(HOST)!r}], stdout=subprocess.PIPE)
print(host.pid, int(host.stdout.readline()), flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_when_it_is_told(number: signal.Signals) -> None:
    host = subprocess.Popen([sys.executable, str(HOST)], stdout=subprocess.PIPE, text=True)
    assert host.stdout is not None
    assert int(host.stdout.readline()) > 0
    host.send_signal(number)
    assert host.wait(30) == 0
    host.stdout.close()


def test_it_ends_when_its_engine_is_killed() -> None:
    engine = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)
    assert engine.stdout is not None
    host = psutil.Process(int(engine.stdout.readline().split()[0]))
    engine.kill()
    engine.wait()
    engine.stdout.close()
    host.wait(30)
    assert not host.is_running()


@pytest.mark.parametrize(("ci", "outcome"), [("", pytest.skip.Exception), ("true", pytest.fail.Exception)])
def test_without_the_cli_a_pipeline_fails_and_a_person_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ci: str, outcome: type[BaseException]
) -> None:
    monkeypatch.setattr(engine, "CLI", tmp_path / "pulumi")
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="make tools"):
        require_cli()
