"""`pave preview` and `pave up` judge by the rules that the gate asks: those that the project names, too."""

import shutil
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from pave.commands.preview import command as preview
from pave.commands.up import command as up
from stacks.gate.own_rules import named_by_project
from tests.policies.scratch import firing_if, text_of, write

STACK = "foundation.staging"
RULE = "cost/foundations-are-dear"
FIRES = firing_if("input.spec.environment").replace('["service"]', '["environment"]')


@pytest.fixture
def project(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The shipped `Pulumi.yaml`, in a folder where it can be edited."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("stacks.gate.own_rules.home", lambda: tmp_path)
    shutil.copy(home / "Pulumi.yaml", tmp_path)
    return tmp_path / "Pulumi.yaml"


def say(project: Path, text: str) -> None:
    with project.open("a", encoding="utf-8") as file:
        file.write(text)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", None),
        ("  pave:policies: own\n", "own"),
        ("  pave:policies:\n    value: own\n", "own"),
        ("  policies: {type: string, default: own}\n", "own"),
        ("  pave:policies: ''\n", ""),
        ("  pave:catalog: own\n", None),
    ],
)
def test_the_setting_is_read_as_pulumi_reads_it(project: Path, text: str, named: str | None) -> None:
    say(project, text)
    assert named_by_project() == named


@pytest.mark.opa
@pytest.mark.usefixtures("opa")
@pytest.mark.parametrize("command", [preview, up], ids=["preview", "up"])
def test_the_finding_of_an_own_rule_is_on_the_screen(
    project: Path, tmp_path: Path, shipped: Path, command: click.Command
) -> None:
    write(tmp_path / "own", RULE, text_of(RULE, FIRES).replace("level: 2", "level: 1"))
    say(project, "  pave:policies:\n    value: own\n")
    words = [STACK, "--catalog", str(shipped), "--state", str(tmp_path / "cloud"), "--today", "2026-11-21"]
    done = CliRunner().invoke(command, words)
    assert done.exit_code == 1, done.output
    assert f"✗ {RULE}" in done.output
    assert not (tmp_path / "cloud").exists(), "a blocked stack starts nothing"


def test_rules_that_are_not_there_and_a_project_that_can_not_be_read_are_no_pass(
    project: Path, tmp_path: Path, shipped: Path
) -> None:
    words = [STACK, "--catalog", str(shipped), "--state", str(tmp_path / "cloud"), "--today", "2026-11-21"]
    say(project, "  pave:policies: gone\n")
    done = CliRunner().invoke(preview, words)
    assert (done.exit_code, done.output.partition(".")[0]) == (2, f"pave: There is no folder {tmp_path}/gone")
    say(project, "  pave:policies: gone\n")
    done = CliRunner().invoke(preview, words)
    assert done.exit_code == 2
    assert done.output.startswith("pave: Pulumi.yaml:")
