"""A glass that is still in a stack's settings fails the check, wherever the reader stands."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pave.commands.check import command

STACK = "service.customersdot.production"
GLASS = """\
config:
  pave:breakGlass:
    incident: "4711"
    reason: us-east1 is down
    person: jane@acme.example
    expires: "2026-11-22"
"""
Check = Callable[..., tuple[int, list[dict[str, Any]]]]


@pytest.fixture
def project(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with the shipped catalog and the shipped Pulumi project."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    shutil.copytree(
        home / "catalog", tmp_path / "catalog", ignore=shutil.ignore_patterns("*.py", "__pycache__")
    )
    shutil.copy(home / "Pulumi.yaml", tmp_path)
    (tmp_path / "stacks" / "config").mkdir(parents=True)
    return tmp_path


@pytest.fixture
def check(project: Path) -> Check:
    def run(*words: str) -> tuple[int, list[dict[str, Any]]]:
        arguments = [
            "--catalog",
            str(project / "catalog"),
            "--today",
            "2026-11-21",
            "--format",
            "json",
        ]
        done = CliRunner().invoke(command, [*arguments, *words])
        report = json.loads(done.stdout)
        assert report["allowed"] is (done.exit_code == 0)
        return done.exit_code, report["problems"]

    return run


def settings(project: Path, text: str, stack: str = STACK) -> Path:
    path = project / "stacks" / "config" / f"Pulumi.{stack}.yaml"
    path.write_text(text, "utf-8")
    return path


def test_a_glass_that_is_committed_fails_the_check_until_it_is_removed(project: Path, check: Check) -> None:
    path = settings(project, GLASS)
    code, problems = check()
    assert code == 1
    (problem,) = problems
    assert problem["rule"] == "break-glass/removed"
    assert problem["document"] == f"../stacks/config/Pulumi.{STACK}.yaml"
    assert (problem["line"], problem["column"]) == (2, 3)
    assert problem["message"] == f"The gate of {STACK} is broken (4711, by jane@acme.example)."
    assert f"pulumi config rm --stack {STACK} pave:breakGlass" in problem["fix"]
    assert problem["fingerprint"]
    path.write_text("config:\n  pave:catalog: catalog\n", "utf-8")
    assert check() == (0, [])


def test_a_verdict_from_the_cache_sees_a_glass_that_was_broken_since(project: Path, check: Check) -> None:
    assert check()[0] == 0
    settings(project, GLASS)
    assert check()[0] == 1


def test_a_check_of_one_file_names_the_glass_of_its_stacks_only(project: Path, check: Check) -> None:
    settings(project, GLASS)
    services = project / "catalog" / "services"
    assert check(str(services / "lunch-menu.yaml")) == (0, [])
    assert check(str(services / "customersdot.yaml"))[0] == 1


@pytest.mark.parametrize(
    "text",
    [
        "config:\n  breakGlass: {incident: 1}\n",
        "config:\n  pave:breakGlass:\n    secure: v1:abc\n",
        "config:\n  pave:breakGlass: &x {incident: 1}\n  other: *x\n",
        "config:\n  pave:breakGlass: {}\n",
    ],
    ids=["without its namespace", "encrypted", "in YAML that we refuse", "empty"],
)
def test_no_way_to_write_a_glass_hides_it(project: Path, check: Check, text: str) -> None:
    settings(project, text)
    assert check()[0] == 1


def test_a_glass_for_every_stack_is_found(project: Path, check: Check) -> None:
    with (project / "Pulumi.yaml").open("a") as file:
        file.write("  pave:breakGlass:\n    value: {incident: 4711}\n")
    code, (problem,) = check(str(project / "catalog" / "services" / "lunch-menu.yaml"))
    assert code == 1
    assert "of every stack" in problem["message"]


def test_settings_without_a_glass_and_catalogs_without_a_project_pass(project: Path, check: Check) -> None:
    settings(project, "encryptionsalt: v1:abc\n")
    settings(project, "config: []\n", "foundation.production")
    assert check()[0] == 0
    (project / "Pulumi.yaml").unlink()
    assert check()[0] == 0


def test_a_broken_glass_is_called_one_in_every_report(project: Path) -> None:
    settings(project, GLASS)
    words = ["--catalog", str(project / "catalog"), "--today", "2026-11-21"]
    said = {
        name: CliRunner().invoke(command, [*words, "--format", name]).stdout
        for name in ("text", "markdown", "sarif", "junit")
    }
    assert said["text"].endswith(" blocked, 1 broken glass\n")
    assert said["markdown"].startswith("**✗ Blocked**: 1 broken glass; ")
    for name in ("sarif", "junit"):
        assert "No glass stays broken" in said[name], name
    assert not [name for name, text in said.items() if "schema problem" in text]
    settings(project, GLASS, "foundation.production")
    assert CliRunner().invoke(command, words).stdout.endswith(" blocked, 2 broken glasses\n")
