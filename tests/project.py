"""Copies of this project, for tests that change it."""

import shutil
from pathlib import Path

HOME = Path(__file__).resolve().parents[1]
PACKAGES = ("catalog", "components", "pave", "policies", "stacks")


def copied(place: Path) -> Path:
    """The packages of the project, copied to `place`, which is made. They bring along what Python and
    wasmtime have compiled of them: none of these tests is about a first start, which costs seconds. What
    another test is just writing is left out."""
    unfinished = shutil.ignore_patterns(".*", "*.pyc.*", "*.new.cwasm")
    for package in PACKAGES:
        shutil.copytree(HOME / package, place / package, ignore=unfinished)
    return place
