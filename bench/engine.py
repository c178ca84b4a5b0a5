"""What the gate adds to an update by the real engine, and what a recorded plan takes beside its imports.

The local cloud answers at once, so the gate's share is the largest there can be: a real one takes minutes.
Each update is a process of its own, as `pulumi up` makes one: it imports the SDK and loads the rules.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from statistics import median
from typing import TypeVar

from pave.delivery.engine.cli import find_cli
from pave.delivery.engine.stack import OpenedStack, open_stack
from pave.delivery.engine.target import local_target
from pave.local_cloud.process import stop
from pave.refused import Refused
from pave.workspace import Workspace
from stacks.stack import Stack, foundation_stack, program

HOME = Path(__file__).resolve().parents[1]
TODAY = date(2026, 11, 21)
FOUNDATION = foundation_stack("production")
SERVICE = Stack("service", "customersdot", "production")
PLAN = ["plan", SERVICE.service or "", "--today", TODAY.isoformat()]
IMPORTED = """
import sys
from datetime import date
from pathlib import Path
from pave.planning.decide import decide_plan
from pave.workspace import Workspace
from stacks.stack import parse_stack
work = Workspace(Path("catalog"), date.fromisoformat(sys.argv[2]))
decide_plan(work, parse_stack(sys.argv[1], work.catalog))
print("\\n".join(name for name in sys.modules if name.partition(".")[0].startswith("pulumi")))
"""
"""Prints the modules of Pulumi that a plan imports, in their order."""
UPDATE = """
import sys
from pathlib import Path
from bench.engine import update
print(*update(Path(sys.argv[1]), gated=sys.argv[2] == "gated"))
"""
IMPORT = "import sys, importlib; [importlib.import_module(name) for name in sys.argv[1:]]"
T = TypeVar("T")


def main() -> int:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args().runs
    compare_plan(runs)
    with tempfile.TemporaryDirectory(prefix="pave-bench-") as folder:
        compare_gate(Path(folder), runs)
    return 0


def compare_plan(runs: int) -> None:
    """A plan against importing the modules of the SDK that it uses, and nothing else."""
    printed = _run("-c", IMPORTED, str(SERVICE), TODAY.isoformat())
    modules = printed.split()
    ways = {
        "the SDK's modules imported, bare": lambda: _timed(lambda: _run("-c", IMPORT, *modules)),
        "pave plan of one service": lambda: _timed(lambda: _run("-m", "pave", *PLAN)),
    }
    bare, planned = (min(times) for times in _in_turns(ways, runs).values())
    print(f"A plan, recorded and judged                bare import, {len(modules)} modules")
    for way, took in zip(ways, (bare, planned), strict=True):
        print(f"  {way:42} {took:7.2f} s {took / bare:8.1f}×")
    print()


def compare_gate(folder: Path, runs: int) -> None:
    """An update with the gate against the same without it: one that makes all, and one that has nothing
    to do. `folder` is empty."""
    try:
        find_cli()
    except Refused as error:
        print(f"The gate's share of `pulumi up` was not measured. {error.message}")
        return
    work = Workspace(HOME / "catalog", TODAY)
    base = folder / "foundation"
    try:
        _open(work, base, FOUNDATION).engine.up()
    finally:
        stop(base)
    ways = {
        "without the gate": lambda: _updates(base, folder / "cloud", "bare"),
        "with the gate": lambda: _updates(base, folder / "cloud", "gated"),
    }
    found = _in_turns(ways, runs)
    print(f"`pulumi up` of {SERVICE}, median of {runs}  the gate's share")
    for number, what in enumerate(("makes all", "has nothing to do")):
        bare, gated = ([updates[number] for updates in taken] for taken in found.values())
        for which, measured in enumerate(("", ", processor time")):
            without, with_ = (median(each[which] for each in way) for way in (bare, gated))
            print(f"  {what + ', without the gate' + measured:52} {without:7.2f} s")
            share = 100 * (with_ - without) / with_
            print(f"  {what + ', with the gate' + measured:52} {with_:7.2f} s {share:8.1f} %")
    print("  Of the time, it is wanted to be under 10 %.")


def _updates(base: Path, place: Path, way: str) -> list[tuple[float, float]]:
    """What a first and a second update of the service take on a copy of the cloud `base`: see `update`."""
    shutil.copytree(base, place)
    try:
        printed = [_run("-c", UPDATE, str(place), way).split() for _ in range(2)]
        return [(float(seconds), float(busy)) for seconds, busy in printed]
    finally:
        stop(place)
        shutil.rmtree(place)


def update(place: Path, *, gated: bool) -> tuple[float, float]:
    """Seconds of one update of the service on the cloud at `place`, with the imports that it needs, and
    seconds of processor time that it takes, the engine's too."""
    work = Workspace(HOME / "catalog", TODAY)
    opened = _open(work, place, SERVICE)

    def bare() -> None:
        program(work.catalog, SERVICE)()

    if not gated:
        opened.engine.workspace.program = bare
    before = os.times()
    seconds = _timed(opened.engine.up)
    return seconds, sum(os.times()[:4]) - sum(before[:4])


def _open(work: Workspace, state: Path, stack: Stack) -> OpenedStack:
    return open_stack(local_target(state, os.environ), work.catalog, work.root, stack, work.today)


def _in_turns(ways: Mapping[str, Callable[[], T]], runs: int) -> dict[str, list[T]]:
    """What some runs of each give. They take turns, so that what else the machine does handicaps none."""
    found: dict[str, list[T]] = {way: [] for way in ways}
    for _ in range(runs):
        for way, run in ways.items():
            found[way].append(run())
    return found


def _timed(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def _run(*words: str) -> str:
    done = subprocess.run([sys.executable, *words], cwd=HOME, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{words[0]} failed: {done.stderr}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
