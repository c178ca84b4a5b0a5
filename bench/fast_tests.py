"""`python -m bench.fast_tests`: passes what `make test-fast` does, and fails when a test in it is slow.

A test's time is what its process and the processes that it waited for have had of a processor, as other work
on the machine doesn't change that much. Its fixtures aren't counted: others use them too.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from importlib import import_module
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parents[1]
LONGEST = 1.5
"""Seconds. What takes one on an idle core gets the mark `slow`; a busy machine needs half as much again."""
WHOLE = 60.0
"""Seconds that all may take together on two cores that do nothing else."""
PLACE = "PAVE_BENCH_TIMES"


def pytest_sessionstart() -> None:
    """Called by pytest: imports what the first of the tests would otherwise have to wait for."""
    for name in ("components.foundation", "components.highly_available_service"):
        import_module(name)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Called by pytest around each test: adds a line with its seconds and its name."""
    before = _processor_time()
    try:
        return (yield)
    finally:
        with Path(os.environ[PLACE]).open("a", encoding="utf-8") as times:
            times.write(f"{_processor_time() - before:.3f} {item.nodeid}\n")


def main() -> int:
    """Prints the figures; 1 when a test fails, or is slow and not marked."""
    with tempfile.TemporaryDirectory(prefix="pave-bench-") as folder:
        place = Path(folder) / "times"
        environment = {**os.environ, PLACE: str(place), "PYTEST_ADDOPTS": "-q -p bench.fast_tests"}
        began = time.perf_counter()
        done = subprocess.run(["make", "test-fast"], cwd=HOME, env=environment, check=False)
        took = time.perf_counter() - began
        lines = [line.split(" ", 1) for line in place.read_text("utf-8").splitlines()]
    times = sorted(((float(seconds), name) for seconds, name in lines), reverse=True)
    print(f"make test-fast: {took:.0f} s for {len(times)} tests, wanted are {WHOLE:.0f} s on two idle cores")
    slow = [(seconds, name) for seconds, name in times if seconds > LONGEST]
    for seconds, name in slow:
        print(f"  {seconds:6.1f} s  {name}: mark it `slow`, or make it faster")
    return 1 if done.returncode or slow else 0


def _processor_time() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


if __name__ == "__main__":
    sys.exit(main())
