"""Which tests are passed when: all but some by mark, and the fast ones are of every room."""

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parents[2]
TESTS = HOME / "tests"
ELSEWHERE = {"engine", "kubernetes", "prometheus", "rehearsal", "rollouts"}
"""Folders of tests that need more than Python."""


def selected(*words: str) -> tuple[str, str]:
    """The marks and the profile of laws with which `make` calls pytest."""
    # What a make around these tests was called with must not reach this one.
    alone = {
        name: value for name, value in os.environ.items() if name not in {"LAWS", "MAKEFLAGS", "MAKELEVEL"}
    }
    done = subprocess.run(
        ["make", "-n", *words], cwd=HOME, env=alone, capture_output=True, text=True, check=True
    )
    line = re.search(r'pytest --hypothesis-profile=(\w+) .*-m "(.*)"', done.stdout)
    assert line is not None, done.stdout
    return line[2], line[1]


def test_the_fast_tests_are_the_others_without_the_slow_ones() -> None:
    marks = tomllib.loads((HOME / "pyproject.toml").read_text("utf-8"))["tool"]["pytest"]["ini_options"]
    names = {mark.split(":")[0] for mark in marks["markers"]}
    needing = "engine or opa or kubernetes or prometheus or rollouts or edge or rehearsal"
    assert names == {"slow", *needing.split(" or ")}
    assert selected("test") == (f"not ({needing})", "everyday")
    assert selected("test-fast") == (f"not ({needing} or slow)", "everyday")


@pytest.mark.parametrize("file", [".ci/run", ".gitlab-ci.yml"])
@pytest.mark.parametrize("target", ["test", "test-engine"])
def test_a_pipeline_is_thorough(file: str, target: str) -> None:
    called = re.findall(rf"\bmake {target}\b(?!-)(.*)", (HOME / file).read_text("utf-8"))
    assert called
    assert all(words.startswith(" LAWS=thorough") for words in called)
    assert selected(target, "LAWS=thorough")[1] == "thorough"


def test_some_tests_of_every_room_are_fast() -> None:
    folders = {path.parent for path in TESTS.rglob("test_*.py")} - {TESTS}
    fast = {path.parent for path in TESTS.rglob("test_*.py") if not is_slow(path)}
    slow = {folder.relative_to(TESTS).as_posix() for folder in folders - fast}
    assert slow - ELSEWHERE == set()


@pytest.mark.parametrize(
    "name", ["house/test_imports.py", "house/test_layout.py", "golden/test_golden_services.py"]
)
def test_what_catches_most_mistakes_is_fast(name: str) -> None:
    assert not is_slow(TESTS / name)


def is_slow(path: Path) -> bool:
    """Whether all tests of a module have one of the marks that `make test-fast` leaves out."""
    mark = (
        r"^pytestmark = (?:.+\n)*?.*\bmark\.(slow|engine|opa|kubernetes|prometheus|rollouts|edge|rehearsal)\b"
    )
    return re.search(mark, path.read_text("utf-8"), re.MULTILINE) is not None
