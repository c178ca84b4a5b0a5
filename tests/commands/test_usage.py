"""How commands are called: version, help, completion, what is found from below, and how they end."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pave.exit_code import ExitCode, table
from pave.finding import find_catalog, find_state, repository_of
from tests.command import pave

DAY = ("--today", "2026-11-21")
SPEC = "catalog/services/lunch-menu.yaml"


@pytest.fixture
def copy(home: Path, tmp_path: Path) -> Path:
    """A repository with a catalog in it."""
    (tmp_path / ".git").mkdir()
    shutil.copytree(home / "catalog", tmp_path / "catalog")
    return tmp_path


def edit(root: Path, path: str, old: str, new: str) -> None:
    text = (root / path).read_text("utf-8")
    assert old in text
    (root / path).write_text(text.replace(old, new, 1), "utf-8")


def test_the_version_is_that_of_the_distribution(home: Path) -> None:
    assert pave(home, "--version").output == "pave 0.1.0\n"


def test_help_is_a_command_too(home: Path) -> None:
    for words in ((), ("up",), ("cloud", "fault", "add")):
        assert pave(home, "help", *words).output == pave(home, *words, "--help").output
    unknown = pave(home, "help", "cloud", "statsu")
    assert (unknown.exit_code, "Did you mean `status`?" in unknown.output) == (2, True)
    deeper = pave(home, "help", "check", "this")
    assert (deeper.exit_code, "has no commands of its own" in deeper.output) == (2, True)


@pytest.mark.parametrize("word", ["deploy", "test", "rm", "apply"])
def test_a_word_that_is_like_no_command_is_told_all_of_them(home: Path, word: str) -> None:
    told = pave(home, word)
    assert (told.exit_code, "Did you mean" in told.output) == (2, False)
    assert "Commands: availability, budget, changed, check, " in told.output


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_what_completes_commands_is_printed_for_each_shell(home: Path, shell: str) -> None:
    made = pave(home, "completion", shell)
    assert made.exit_code == 0
    assert f"_PAVE_COMPLETE={shell}_complete" in made.output


@pytest.mark.slow
def test_what_the_shell_asks_is_answered(home: Path) -> None:
    asked = {"COMP_WORDS": "pave avail", "COMP_CWORD": "1", "_PAVE_COMPLETE": "bash_complete"}
    done = subprocess.run(
        [str(Path(sys.executable).with_name("pave"))],
        cwd=home,
        env={"PATH": "/usr/bin:/bin", **asked},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "plain,availability\n"


@pytest.mark.parametrize(
    "words",
    [
        ("check", "nowhere.yaml", "--catalog", "nowhere"),
        ("check", "--today", "tomorrow"),
        ("check", "--nonsense"),
        ("plan", "nobody"),
        ("preview", "nobody"),
        ("drift", "--cloud", "gcp"),
        ("preflight", "nobody"),
        ("availability", "nobody"),
        ("maturity", "nobody"),
        ("changed", "--since", "no-such-revision"),
        ("nonsense",),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("form", [("--format", "json"), ("--format=json",)], ids=["two words", "one word"])
def test_who_asks_for_json_always_gets_it(home: Path, words: tuple[str, ...], form: tuple[str, ...]) -> None:
    done = pave(home, *words, *form)
    report = json.loads(done.stdout)
    assert (done.exit_code, report["kind"], report["exitCode"]) == (2, "ErrorReport", 2)
    assert " ".join(report["message"].split())[:30] in " ".join(done.stderr.split())


def test_a_refusal_without_a_format_is_no_json(home: Path) -> None:
    assert pave(home, "plan", "nobody").stdout == ""


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("tier:", "teir:", ExitCode.NO),
        ("tier: internal", "tier: high", ExitCode.NO),
        ("owner: workplace", "owner: nobody", ExitCode.NO),
        ("tier:", "tier: [", ExitCode.UNUSABLE),
    ],
)
@pytest.mark.parametrize(
    "words",
    [
        ("check", "lunch-menu"),
        ("plan", "lunch-menu"),
        ("plan", "service.lunch-menu.production"),
        ("preview", "lunch-menu"),
        ("up", "lunch-menu"),
        ("preflight", "lunch-menu"),
        ("availability", "lunch-menu"),
        ("maturity", "lunch-menu"),
        ("input", "lunch-menu"),
        ("secrets", "status", "lunch-menu"),
        ("fix", SPEC, "--diff"),
    ],
    ids=" ".join,
)
def test_one_mistake_in_a_spec_ends_every_command_alike(
    copy: Path, words: tuple[str, ...], old: str, new: str, code: int
) -> None:
    edit(copy, SPEC, old, new)
    done = pave(copy, *words)
    assert done.exit_code == code, done.output
    assert f"{SPEC}:" in done.output, "as an editor opens it from here"


def test_the_manual_has_the_table_of_exit_codes(home: Path) -> None:
    manual = (home / "pave" / "README.md").read_text("utf-8")
    assert f"<!-- exit codes -->\n{table()}<!-- /exit codes -->" in manual


def test_no_command_ends_with_a_code_of_its_own(home: Path) -> None:
    for path in (home / "pave" / "commands").glob("*.py"):
        assert "sys.exit(1" not in path.read_text("utf-8")
        assert "sys.exit(2" not in path.read_text("utf-8")


@pytest.mark.parametrize("folder", ["", "catalog", "catalog/services", "docs"])
def test_the_catalog_is_found_from_a_folder_below(copy: Path, folder: str) -> None:
    here = copy / folder
    here.mkdir(exist_ok=True)
    assert (here / find_catalog(here)).resolve() == copy / "catalog"
    assert (here / find_state(here)).resolve() == copy / ".cloud"
    done = pave(here, "check", "lunch-menu", *DAY)
    assert done.exit_code == 0, done.output
    assert "1 decision: 1 allowed, 0 blocked\n" in done.output


def test_nothing_is_looked_for_outside_the_repository(copy: Path) -> None:
    inner = copy / "inner"
    (inner / ".git").mkdir(parents=True)
    assert find_catalog(inner) == Path("catalog")
    (copy / ".cloud").mkdir()
    assert find_state(inner) == Path(".cloud")


def test_standard_input_stands_for_the_file_of_its_name(home: Path) -> None:
    def check(text: str) -> "subprocess.CompletedProcess[str]":
        words = [sys.executable, "-m", "pave", "check", "-", "--format", "json", *DAY]
        return subprocess.run(words, cwd=home, input=text, capture_output=True, text=True, check=False)

    text = (home / SPEC).read_text("utf-8")
    good, bad = check(text), check(text.replace("stage: beta", "stage: betta"))
    assert good.returncode == 0, good.stdout
    (decision,) = json.loads(good.stdout)["decisions"]
    assert (decision["service"], decision["document"]) == ("lunch-menu", "../-")
    assert bad.returncode == 1
    (problem,) = json.loads(bad.stdout)["problems"]
    assert "Did you mean `beta`?" in problem["fix"]
    fixed = pave(home, "fix", "-")
    assert (fixed.exit_code, "standard input is none" in fixed.output) == (2, True)


def test_schemas_are_listed_printed_and_written(home: Path, tmp_path: Path) -> None:
    listed = pave(home, "schema").output
    assert "Service              files of a catalog\n" in listed
    assert "CheckReport          a report, as `--format json` prints it\n" in listed
    service = (home / "catalog" / "schema" / "service.schema.json").read_text("utf-8")
    assert pave(home, "schema", "service").output == service
    assert json.loads(pave(home, "schema", "DriftReport").output)["title"] == "DriftReport"
    assert pave(home, "schema", "servise").exit_code == 2
    assert pave(home, "schema", "--output", str(tmp_path / "s")).exit_code == 0
    assert (tmp_path / "s" / "service.schema.json").read_text("utf-8") == service


def test_a_new_vendor_is_one_that_a_service_may_name(copy: Path) -> None:
    assert pave(copy, "new", "vendor", "twilio").exit_code == 0
    edit(copy, SPEC, "[{name: menu-notes", "[{name: twilio, vendor: twilio, need: soft}, {name: menu-notes")
    checked = pave(copy, "check", "lunch-menu", *DAY)
    assert "There is no vendor" not in checked.output
    again = pave(copy, "new", "vendor", "twilio")
    assert (again.exit_code, "is there already" in again.output) == (2, True)
    edit(copy, SPEC, "vendor: twilio", "vendor: somebody")
    told = pave(copy, "check", "lunch-menu", *DAY, COLUMNS="1000").output
    assert "`pave new vendor NAME` makes one." in told


def test_reports_name_files_from_the_repository_that_is_checked_out(tmp_path: Path) -> None:
    catalog = tmp_path / "specs" / "catalog"
    catalog.mkdir(parents=True)
    assert repository_of(catalog) == tmp_path / "specs"
    (tmp_path / ".git").mkdir()
    assert repository_of(catalog) == tmp_path
    mark = tmp_path / "specs" / ".git"
    mark.write_text("gitdir: ../.git/modules/specs\n", "utf-8")
    assert repository_of(catalog) == tmp_path, "a submodule is a folder of it"
    mark.write_text("gitdir: /elsewhere/.git/worktrees/specs\n", "utf-8")
    assert repository_of(catalog) == tmp_path / "specs", "a worktree is one by itself"
