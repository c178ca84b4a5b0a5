"""The README can't lie: its commands run, its links lead somewhere, its screen is what the command prints."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from catalog.loader import load

HOME = Path(__file__).resolve().parents[1]
README = (HOME / "README.md").read_text("utf-8")
CONSOLE = [
    line[2:].split("  #")[0].strip()
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL)
    for line in block.splitlines()
    if line.startswith("$ ")
]
PAVE = [command for command in CONSOLE if command.startswith("pave ")]
MAKE = [command for command in CONSOLE if command.startswith("make ")]
SCREEN = re.compile(r"<!-- screen: (.*?) -->\n(.*?)<!-- /screen -->", re.DOTALL)
BLOCKED = {
    "pave check catalog/examples/customersdot-today.yaml": 1,
    "pave fix catalog/examples/customersdot-today.yaml --diff": 1,
}
WRITING = ("pave new", "pave policies new", "pave policies docs")


def run(command: str, cwd: Path = HOME) -> subprocess.CompletedProcess[str]:
    words = shlex.split(command)
    return subprocess.run(
        [sys.executable, "-m", *words],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(cwd), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_every_console_line_is_a_pave_or_a_make_command() -> None:
    assert sorted(PAVE + MAKE) == sorted(CONSOLE)
    assert len(PAVE) > 5


@pytest.mark.parametrize("command", PAVE)
def test_a_pave_command_does_what_the_readme_says(command: str, tmp_path: Path) -> None:
    done = run(command, copy_to(tmp_path) if command.startswith(WRITING) else HOME)
    assert done.returncode == BLOCKED.get(command, 0), done.stdout + done.stderr
    assert done.stdout


def copy_to(place: Path) -> Path:
    """The project, for a command that changes it."""
    for package in ("catalog", "components", "pave", "policies", "stacks"):
        shutil.copytree(HOME / package, place / package, ignore=shutil.ignore_patterns("__pycache__"))
    return place


@pytest.mark.parametrize("command", MAKE)
def test_a_make_command_has_its_target(command: str) -> None:
    targets = command.split()[1:]
    dry = subprocess.run(["make", "-n", *targets], cwd=HOME, capture_output=True, text=True, check=False)
    assert dry.returncode == 0, dry.stderr


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)#:]+)\)", README))
def test_a_link_leads_to_a_file(target: str) -> None:
    assert (HOME / target).exists()


def test_the_example_spec_is_valid(tmp_path: Path) -> None:
    spec = re.search(r"```yaml\n(.*?)```", README, re.DOTALL)
    assert spec is not None
    path = tmp_path / "lunch-menu.yaml"
    path.write_text(spec[1].replace("lunch-menu", "readme-example").split("\n", 1)[1], "utf-8")
    path = path.rename(tmp_path / "readme-example.yaml")
    done = run(f"pave check {path}")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_screen_is_what_the_command_prints(golden: Callable[[Path, str], None]) -> None:
    def filled(match: re.Match[str]) -> str:
        return f"<!-- screen: {match[1]} -->\n```text\n{run(match[1]).stdout}```\n<!-- /screen -->"

    assert SCREEN.search(README)
    golden(HOME / "README.md", SCREEN.sub(filled, README))


def test_the_readmes_waiver_is_one() -> None:
    [text] = re.findall(r"```yaml\n(# catalog/waivers/.*?)```", README, re.DOTALL)
    path = re.match(r"# catalog/(\S+)", text)
    assert path is not None
    catalog = load(HOME / "catalog").with_text(path[1], text.encode())
    assert catalog.problems == []
    assert catalog.dangling(catalog.file(path[1])) == []
