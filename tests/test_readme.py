"""The manuals can't lie: their commands run, their links lead somewhere, their examples are valid, and the
README's screen is what the command prints."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import Result

from catalog.loader import load
from pave.cli import pave
from stacks.gate import own_rules
from tests.command import pave as run_here
from tests.project import copied

HOME = Path(__file__).resolve().parents[1]
README = HOME / "README.md"
MANUALS = [README, *sorted(path for path in HOME.glob("[a-z]*/README.md"))]
LONGEST_README = 8_000
"""In bytes: what a reviewer of a merge request reads in a minute or two. What is longer has a manual."""

SCREEN = re.compile(r"<!-- screen: (.*?) -->\n(.*?)<!-- /screen -->", re.DOTALL)
BLOCKED = {
    "pave check catalog/examples/customersdot-today.yaml": 1,
    "pave fix catalog/examples/customersdot-today.yaml --diff": 1,
}
WRITING = ("pave new", "pave policies new", "pave policies docs")


def shown(manual: Path) -> str:
    return manual.relative_to(HOME).as_posix()


def blocks(language: str) -> list[tuple[Path, str]]:
    """Every block of code in that language: the manual that has it, and its text."""
    fence = re.compile(rf"^```{language}\n(.*?)^```", re.DOTALL | re.MULTILINE)
    return [(manual, text) for manual in MANUALS for text in fence.findall(manual.read_text("utf-8"))]


def console() -> dict[str, Path]:
    """Every command of a console → the first manual that has it: one is run once, whoever shows it."""
    found: dict[str, Path] = {}
    for manual, text in blocks("console"):
        for line in text.splitlines():
            if line.startswith("$ "):
                found.setdefault(line[2:].split("  #")[0].strip(), manual)
    return found


def examples(folder: str) -> list[tuple[Path, str, str]]:
    """The examples of files in a folder: the manual, the path that the first line says, and the text."""
    return [
        (manual, path[1], text)
        for manual, text in blocks("yaml")
        if (path := re.match(rf"# ({re.escape(folder)}\S+)\n", text))
    ]


def commands(program: str) -> list[object]:
    """The commands of one program, as parameters of a test that are named after their manuals."""
    return [
        pytest.param(command, id=f"{shown(manual)}: {command}")
        for command, manual in console().items()
        if command.startswith(f"{program} ")
    ]


def run_in(copy: Path, command: str) -> subprocess.CompletedProcess[str]:
    """What the command does in a copy of the project, with that one's code."""
    environment = {**os.environ, "PYTHONPATH": str(copy), "NO_COLOR": "1"}
    words = [sys.executable, "-m", *shlex.split(command)]
    return subprocess.run(words, cwd=copy, env=environment, capture_output=True, text=True, check=False)


def run(command: str) -> Result:
    """What the command does here."""
    _, *words = shlex.split(command)
    return run_here(HOME, *words, NO_COLOR="1")


def test_the_readme_is_short() -> None:
    assert README.stat().st_size < LONGEST_README


def test_every_manual_is_linked_from_the_readme() -> None:
    assert len(MANUALS) > 5
    linked = {(HOME / target).resolve() for target, _ in links(README)}
    assert [shown(manual) for manual in MANUALS if manual != README and manual not in linked] == []


def test_every_console_line_is_a_pave_or_a_make_command() -> None:
    assert len(commands("pave")) + len(commands("make")) == len(console())
    assert len(commands("pave")) > 15


@pytest.mark.slow
@pytest.mark.parametrize("command", commands("pave"))
def test_a_pave_command_does_what_the_manual_says(command: str, tmp_path: Path) -> None:
    if command.startswith(WRITING):
        made = run_in(copied(tmp_path), command)
        code, said, told = made.returncode, made.stdout, made.stderr
    else:
        done = run(command)
        code, said, told = done.exit_code, done.stdout, done.stderr
    assert code == BLOCKED.get(command, 0), said + told
    assert said


@pytest.mark.parametrize("command", commands("make"))
def test_a_make_command_has_its_target(command: str) -> None:
    targets = command.split()[1:]
    dry = subprocess.run(["make", "-n", *targets], cwd=HOME, capture_output=True, text=True, check=False)
    assert dry.returncode == 0, dry.stderr


def test_a_shell_line_names_commands_and_options_that_pave_has() -> None:
    """What needs an engine or a server is run elsewhere, or not at all; its options are looked at here."""
    lines = [line for _, text in blocks("sh") for line in re.findall(r"\bpave ([a-z][^#)\n]*)", text)]
    assert len(lines) > 8
    assert {line: missing for line in lines if (missing := unknown_in(shlex.split(line)))} == {}


def unknown_in(words: list[str]) -> list[str]:
    """The words of a command line that pave doesn't know: commands, and options."""
    found: click.Command = pave
    while isinstance(found, click.Group) and words:
        name, *words = words
        inner = found.get_command(click.Context(found), name)
        if inner is None:
            return [name]
        found = inner
    known = {option for parameter in found.params for option in parameter.opts}
    return [word for word in words if word.startswith("--") and word.partition("=")[0] not in known]


def links(manual: Path) -> list[tuple[str, str]]:
    """(path, heading) of every link to a file: the path as written, the heading empty where there is none."""
    found = re.findall(r"\]\(([^)#:]*)(?:#([^)]*))?\)", manual.read_text("utf-8"))
    assert all(path or heading for path, heading in found)
    return found


def headings(manual: Path) -> set[str]:
    """The anchors of a manual, as GitLab makes them of its headings
    (https://docs.gitlab.com/user/markdown/#heading-ids-and-links)."""
    text = re.sub(r"^```.*?^```", "", manual.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")
        for heading in re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    }


@pytest.mark.parametrize("manual", MANUALS, ids=shown)
def test_every_link_leads_to_a_file_and_to_a_heading_of_it(manual: Path) -> None:
    dead = []
    for path, heading in links(manual):
        target = manual.parent / path if path else manual
        if not target.exists() or (heading and heading not in headings(target)):
            dead.append((path, heading))
    assert dead == []


@pytest.mark.parametrize("manual", MANUALS, ids=shown)
def test_a_manual_names_every_room_of_its_package(manual: Path) -> None:
    """The code beside a manual lies in folders, and a stranger looks there what each of them is for."""
    rooms = [path.parent.name for path in manual.parent.glob("*/__init__.py")]
    text = manual.read_text("utf-8")
    assert [room for room in rooms if f"{room}/" not in text] == []


def test_every_yaml_example_says_which_file_it_is() -> None:
    known = {
        text
        for folder in ("catalog/services/", "catalog/waivers/", "Pulumi.")
        for *_, text in examples(folder)
    }
    assert [(shown(manual), text) for manual, text in blocks("yaml") if text not in known] == []


def test_an_example_of_a_spec_is_valid(tmp_path: Path) -> None:
    found = examples("catalog/services/")
    assert found
    for number, (_, file, text) in enumerate(found):
        name = f"readme-example-{number}"  # the catalog may have one of the same name
        path = tmp_path / f"{name}.yaml"
        path.write_text(text.replace(Path(file).stem, name).split("\n", 1)[1], "utf-8")
        done = run(f"pave check {path}")
        assert done.exit_code == 0, done.stdout + done.stderr


def test_an_example_of_a_waiver_is_one() -> None:
    found = examples("catalog/waivers/")
    assert found
    for _, file, text in found:
        path = file.removeprefix("catalog/")
        catalog = load(HOME / "catalog").with_text(path, text.encode())
        assert catalog.problems == []
        assert catalog.dangling(catalog.file(path)) == []


def test_an_example_of_the_projects_settings_is_understood(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [(_, file, text)] = examples("Pulumi.")
    (tmp_path / file).write_text(text, "utf-8")
    monkeypatch.setattr(own_rules, "home", lambda: tmp_path)
    assert own_rules.named_by_project() == "our-policies"


@pytest.mark.slow
def test_the_screen_is_what_the_command_prints(golden: Callable[[Path, str], None]) -> None:
    def filled(match: re.Match[str]) -> str:
        return f"<!-- screen: {match[1]} -->\n```text\n{run(match[1]).stdout}```\n<!-- /screen -->"

    text = README.read_text("utf-8")
    assert SCREEN.search(text)
    golden(README, SCREEN.sub(filled, text))
