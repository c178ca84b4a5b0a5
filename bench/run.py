"""`make bench`: pave against conftest on the same rules and the same documents, in one run, as ratios.

Absolute times mean little on a machine that does other things too; each figure is the best of a few runs.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from bench.catalogue import make
from catalog.loader import load
from catalog.model import Service
from catalog.neighbourhood import neighbourhood
from components.design import design
from stacks.policy_input import service_input

HOME = Path(__file__).resolve().parents[1]
TODAY = date(2026, 11, 21)
ENTRY = 'package entry\n\ndeny contains {"msg": finding.rule} if some finding in data.main.findings\n'


def main() -> int:
    """Prints the figures; 2 when conftest has not been built."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--services", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    conftest = HOME / ".tools" / "conftest"
    if not conftest.is_file():
        print("bench: conftest is not there; run `make tools`", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="pave-bench-") as folder:
        _compare(Path(folder), conftest, arguments.services, arguments.runs)
    return 0


def _compare(folder: Path, conftest: Path, services: int, runs: int) -> None:
    catalog = _catalog(folder, services)
    documents, policies = _documents(folder, catalog), _policies(folder)
    home = {"XDG_CACHE_HOME": str(folder / "cache")}
    rival = [str(conftest), "test", "--namespace", "entry", "--policy", str(policies), "--parser", "json"]
    print(f"{services} services of CustomersDot's size, {os.cpu_count()} cores, best of {runs}\n")
    slow = _best([*rival, "--output", "json", str(documents)], runs, {})
    cold = _best([*_check(catalog), "--no-cache"], runs, home)
    _best(_check(catalog), 1, home)
    warm = _best(_check(catalog), runs, home)
    print(f"conftest, same Rego, same documents      {slow:7.2f} s   1.0×")
    print(f"pave check, everything judged            {cold:7.2f} s   {slow / cold:.1f}×   wanted 3×")
    print(f"pave check, nothing changed              {warm:7.2f} s   {slow / warm:.1f}×   wanted 10×")
    print("  pave also reads, validates, completes and designs; conftest is given the finished documents.\n")
    start = _best([*_pave(), "--help"], runs, home)
    single = ["check", "catalog/services/customersdot.yaml", "--no-cache"]
    one = _best([*_pave(), *single], runs, home)
    bare = _best([sys.executable, "-c", "pass"], runs, home)
    print(f"pave --help                              {start:7.3f} s   {start / bare:.1f}× bare Python")
    print(f"pave check of one service                {one:7.3f} s   {one / bare:.1f}× bare Python\n")
    print("growth, everything judged")
    base = 0.0
    for size in (100, services, 3 * services):
        grown = _catalog(folder, size)
        took = _best([*_check(grown), "--no-cache"], max(1, runs - 1), home)
        base = base or took / size
        print(
            f"  {size:5} services  {took:7.2f} s   {1000 * took / size:5.2f} ms each   "
            f"{took / size / base:.2f}×"
        )
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"  peak memory of any of these {peak:.0f} MiB")


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
        service = catalog.service(name, "production")
        assert isinstance(service, Service), service
        around = neighbourhood(catalog, service)
        (place / f"{name}.json").write_bytes(service_input(service, around, design(service, around), TODAY))
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


def _best(command: Sequence[str], runs: int, variables: dict[str, str]) -> float:
    """Seconds of the fastest of some runs. Findings (exit 1) are no failure."""
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        done = subprocess.run(
            command, cwd=HOME, env={**os.environ, **variables}, capture_output=True, check=False
        )
        times.append(time.perf_counter() - began)
        if done.returncode not in (0, 1):
            raise SystemExit(f"{command[0]} failed: {done.stderr.decode(errors='replace')}")
    return min(times)


if __name__ == "__main__":
    sys.exit(main())
