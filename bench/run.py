"""`make bench`: pave against conftest and OPA on the same rules and the same documents, as ratios.

Absolute times mean little on a machine that does other things too: the rivals take turns, and each figure is
the best of a few runs.
"""

import argparse
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

import psutil

from bench.catalogue import make, make_chain, make_large
from bench.engine import compare_gate, compare_plan
from catalog.kinds.service import Service, service_at
from catalog.loader import load
from stacks.policy_input import input_on

HOME = Path(__file__).resolve().parents[1]
TODAY = date(2026, 11, 21)
TOOLS = ("conftest", "opa")
ENTRY = 'package entry\n\ndeny contains {"msg": finding.rule} if some finding in data.main.findings\n'


def main() -> int:
    """Prints the figures; 2 when a tool to compare with has not been built."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--services", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    for tool in TOOLS:
        if not (HOME / ".tools" / tool).is_file():
            print(f"bench: {tool} is not there; run `make tools`", file=sys.stderr)
            return 2
    with tempfile.TemporaryDirectory(prefix="pave-bench-") as folder:
        os.environ["XDG_CACHE_HOME"] = str(Path(folder) / "cache")
        cores = len(os.sched_getaffinity(0))
        print(f"Services of CustomersDot's size, {cores} cores, best of {arguments.runs}.\n")
        _compare(Path(folder), arguments.services, arguments.runs)
        _start(Path(folder), arguments.runs)
        _grow(Path(folder), arguments.services)
        _chain(Path(folder), arguments.services)
        _largest(Path(folder))
        print()
        compare_plan(arguments.runs)
        compare_gate(Path(folder), arguments.runs)
    return 0


def _compare(folder: Path, services: int, runs: int) -> None:
    root = _catalog(folder, services)
    policies, documents = str(_policies(folder)), str(_documents(folder, root))
    conftest, opa = (str(HOME / ".tools" / tool) for tool in TOOLS)
    edited = root / "services" / f"service-{services // 2:04d}.yaml"
    numbers = itertools.count()
    ways: dict[str, Callable[[], Sequence[str]]] = {
        "conftest, same rules, finished documents": lambda: [
            *(conftest, "test", "--namespace", "entry", "--policy", policies),
            *("--parser", "json", "--output", "json", documents),
        ],
        "opa exec, same rules, finished documents": lambda: [
            *(opa, "exec", "--bundle", policies, "--decision", "main/findings", documents)
        ],
        "pave check, all judged": lambda: [*_check(root), "--no-cache"],
        "pave check, one edited": lambda: _after_edit(root, edited, next(numbers)),
        "pave check, none edited": lambda: _check(root),
    }
    _seconds(_check(root))
    times = _in_turns(ways, runs)
    print(f"{services} services{'':42} conftest  opa exec")
    slow, native = itertools.islice(times.values(), 2)
    for way, took in times.items():
        print(f"  {way:42} {took:7.2f} s {slow / took:8.1f}× {native / took:8.1f}×")
    print("  pave reads, validates, completes and designs before it judges; it is wanted to take a third of")
    print("  conftest's time when all is judged, and a tenth when nothing was edited.\n")


def _after_edit(root: Path, file: Path, number: int) -> list[str]:
    """A check of a catalog in which one file has been edited, in another way each time."""
    file.write_text(file.read_text("utf-8") + f"# edited {number}\n", "utf-8")
    return _check(root)


def _start(folder: Path, runs: int) -> None:
    """What one command on the shipped catalog takes."""
    document = str(next((folder / "documents").iterdir()))
    one = ["check", "catalog/services/customersdot.yaml", "--no-cache"]
    evaluate = [str(HOME / ".tools" / "opa"), "eval", "--bundle", str(folder / "policies")]
    ways: dict[str, Callable[[], Sequence[str]]] = {
        "python -c pass": lambda: [sys.executable, "-c", "pass"],
        "pave --help": lambda: [*_pave(), "--help"],
        "pave check of one service": lambda: [*_pave(), *one],
        "opa eval, same rules, one finished document": lambda: [
            *(*evaluate, "--input", document, "data.main.findings")
        ],
    }
    _seconds([*_pave(), *one])
    times = _in_turns(ways, runs)
    print(f"One service{'':40} bare Python  opa eval")
    bare, *_, native = times.values()
    for way, took in times.items():
        print(f"  {way:42} {took:7.3f} s {took / bare:8.1f}× {native / took:8.1f}×")
    print()


def _grow(folder: Path, services: int) -> None:
    """How time and memory grow with the catalog."""
    print("Growth, all judged                   each  against the least    memory of all processes")
    least = 0.0
    for size in (services // 10, services, 3 * services):
        root = _catalog(folder, size)
        took, peak = _measured([*_check(root), "--no-cache"])
        least = least or took / size
        print(
            f"  {size:5} services  {took:7.2f} s {1000 * took / size:7.2f} ms {took / size / least:12.2f}×"
            f" {peak >> 20:15} MiB"
        )


def _chain(folder: Path, services: int) -> None:
    """What it costs that each service needs another."""
    spent = []
    for is_linked in (False, True):
        root = folder / f"chain-{is_linked}"
        root.mkdir()
        make_chain(root, services, is_linked=is_linked)
        before = os.times()
        _seconds([*_check(root), "--no-cache"])
        after = os.times()
        spent.append(sum(after[2:4]) - sum(before[2:4]))
    apart, chained = spent
    print(f"\n{services} services in a chain{'':16} {chained:7.2f} s of processor time")
    print(f"  as many that need vendors{'':17} {apart:7.2f} s {chained / apart:8.1f}×, wanted is 2×")


def _largest(folder: Path) -> None:
    """What the largest service takes that the schema does."""
    root = folder / "largest"
    root.mkdir()
    make_large(root, 500, 200, 100)
    words = ["--catalog", str(root), "--today", TODAY.isoformat()]
    print("\n500 endpoints, 200 workloads, 100 stores            memory of all processes")
    for what, command, wanted in (
        ("pave check", ["check", *words, "--no-cache"], "2 s"),
        ("pave plan", ["plan", "large", *words], "20 s and 600 MiB"),
    ):
        took, peak = _measured([*_pave(), *command])
        print(f"  {what:42} {took:7.2f} s {peak >> 20:8} MiB, wanted are {wanted}")


def _pave() -> list[str]:
    return [sys.executable, "-m", "pave"]


def _check(root: Path) -> list[str]:
    return [*_pave(), "check", "--catalog", str(root), "--format", "json", "--today", TODAY.isoformat()]


def _catalog(folder: Path, services: int) -> Path:
    root = folder / f"catalog-{services}"
    if not root.exists():
        root.mkdir()
        make(root, services)
    return root


def _documents(folder: Path, root: Path) -> Path:
    """The rule input of every service, as files for conftest."""
    place = folder / "documents"
    place.mkdir()
    catalog = load(root)
    for name in catalog.documents["Service"]:
        service = service_at(catalog, name, "production")
        assert isinstance(service, Service), service
        (place / f"{name}.json").write_bytes(input_on(catalog, service, TODAY))
    return place


def _policies(folder: Path) -> Path:
    """The same Rego, with an entry in the form that conftest asks for."""
    place = folder / "policies"
    ignored = shutil.ignore_patterns("*_test.rego", "*.yaml", "*.py", "__pycache__", "bundle", "schema")
    shutil.copytree(HOME / "policies", place, ignore=ignored)
    for path in place.rglob("*.json"):
        path.unlink()
    (place / "entry.rego").write_text(ENTRY, "utf-8")
    return place


def _in_turns(ways: Mapping[str, Callable[[], Sequence[str]]], runs: int) -> dict[str, float]:
    """Seconds of the fastest of some runs of each command. They take turns, so that what else the machine
    does is nobody's handicap."""
    times: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(runs):
        for way, command in ways.items():
            times[way].append(_seconds(command()))
    return {way: min(taken) for way, taken in times.items()}


def _seconds(command: Sequence[str]) -> float:
    """Seconds that a command takes. Findings (exit 1) are no failure."""
    began = time.perf_counter()
    done = subprocess.run(command, cwd=HOME, capture_output=True, check=False)
    took = time.perf_counter() - began
    if done.returncode not in (0, 1):
        raise SystemExit(f"{command[0]} failed: {done.stderr.decode(errors='replace')}")
    return took


def _measured(command: Sequence[str]) -> tuple[float, int]:
    """Seconds that a command takes, and the most bytes of memory that all of its processes had together;
    what they share is counted once (https://docs.kernel.org/filesystems/proc.html, PSS)."""
    took = _seconds(command)
    peak = 0
    process = psutil.Popen(command, cwd=HOME, stdout=subprocess.DEVNULL)
    while process.poll() is None:
        peak = max(peak, sum(map(_memory, [process, *process.children(recursive=True)])))
        time.sleep(0.05)
    return took, peak


def _memory(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except psutil.Error:  # it has ended since
        return 0


if __name__ == "__main__":
    sys.exit(main())
