"""`--format` and `--output`: which formats there are, what a file's name says, and how files are written."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pave.commands.check import command
from pave.options import formats
from pave.refused import Refused
from pave.reports.output import Output, outputs, write_file

TODAY = "catalog/examples/customersdot-today.yaml"
TELLING = [name for name in formats() if name != "terraform"]
"""Formats that say what was found; the other one holds numbers only."""


@pytest.fixture
def check(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs `pave check` on the example of today, in the project's folder."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(home)
    return lambda *words: CliRunner().invoke(command, [TODAY, "--today", "2026-11-21", *words])


def test_every_module_is_a_format_and_has_its_test(home: Path) -> None:
    modules = {path.stem for path in (home / "pave" / "reports" / "formats").glob("[!_]*.py")}
    assert modules >= {"codequality", "json", "junit", "markdown", "sarif", "text"}
    assert formats()[0] == "text"
    assert set(formats()) == modules
    assert [
        name for name in sorted(modules) if not (home / "tests" / "reports" / f"test_{name}.py").exists()
    ] == []


@pytest.mark.parametrize(
    ("word", "format_", "path"),
    [
        ("pave.sarif", "sarif", "pave.sarif"),
        ("a/b/check.junit.xml", "junit", "a/b/check.junit.xml"),
        ("check.codequality.json", "codequality", "check.codequality.json"),
        ("reports/gl-code-quality-report.json", "codequality", "reports/gl-code-quality-report.json"),
        ("code-quality-report.json", "json", "code-quality-report.json"),
        ("note.md", "markdown", "note.md"),
        ("NOTE.MD", "markdown", "NOTE.MD"),
        ("check.json", "json", "check.json"),
        ("junit=TEST-pave.xml", "junit", "TEST-pave.xml"),
        ("json=a=b.sarif", "json", "a=b.sarif"),
        ("./a=b.sarif", "sarif", "./a=b.sarif"),
    ],
)
def test_a_name_says_its_format_or_the_word_before_it_does(word: str, format_: str, path: str) -> None:
    assert outputs([word]) == [Output(format_, Path(path))]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["report.xml"], "does not say in which format"),
        (["sariff=pave.sarif"], "is not FORMAT=FILE; the formats are text, "),
        (["sarif="], "is not FORMAT=FILE"),
        (["a.json", "json=a.json"], "Two reports can't both be written to a.json"),
    ],
)
def test_what_is_not_understood_is_refused_before_anything_is_judged(
    words: list[str], message: str, check: Callable[..., Result]
) -> None:
    with pytest.raises(Refused, match=message):
        outputs(words)
    done = check(*(part for word in words for part in ("--output", word)))
    assert done.exit_code == 2
    assert done.stdout == ""


@pytest.mark.usefixtures("check")
@pytest.mark.parametrize("format_", TELLING)
def test_a_file_whose_name_is_no_text_is_reported_like_any(format_: str, tmp_path: Path) -> None:
    (tmp_path / "services").mkdir()
    (tmp_path / "services" / os.fsdecode(b"\xff.yaml")).write_text("a: [")
    done = CliRunner().invoke(command, ["--catalog", str(tmp_path), "--format", format_])
    assert done.exit_code == 2
    assert "xff.yaml" in done.stdout.replace("%5C", "\\")


def test_one_run_prints_one_format_and_writes_the_others(
    check: Callable[..., Result], tmp_path: Path
) -> None:
    names = [
        "check.json",
        "new/folder/pave.sarif",
        "new/pave.junit.xml",
        "gl-code-quality-report.json",
        "note.md",
    ]
    done = check(*(part for name in names for part in ("--output", str(tmp_path / name))))
    assert done.exit_code == 1
    assert done.stdout.startswith("BLOCKED  customersdot-today · production")
    written = {name: (tmp_path / name).read_text("utf-8") for name in names}
    for name, text in written.items():
        (output,) = outputs([name])
        assert check("--format", output.format).stdout == text
    assert json.loads(written["check.json"])["kind"] == "CheckReport"
    assert list(tmp_path.rglob(".*")) == [], "nothing unfinished is left"


@pytest.mark.parametrize("name", ["file/note.md", "folder.md", "circle.md"])
def test_a_file_that_cannot_be_written_is_named(
    name: str, check: Callable[..., Result], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "folder.md").mkdir()
    (tmp_path / "circle.md").symlink_to("circle.md")
    done = check("--output", str(tmp_path / name))
    assert done.exit_code == 2
    assert f"{name} can't be written: " in done.stderr


def test_a_reader_of_the_old_file_keeps_it_and_the_new_one_is_everybodys(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text("old")
    with path.open() as reader:
        write_file(path, "new")
        assert reader.read() == "old"
    assert path.read_text() == "new"
    mask = os.umask(0)
    os.umask(mask)
    assert path.stat().st_mode & 0o777 == 0o666 & ~mask


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        write_file(path, "new \udc80")
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("report.json", "old")]


def test_a_link_is_followed_and_a_pipe_is_written_to(tmp_path: Path) -> None:
    (tmp_path / "real.json").write_text("old")
    (tmp_path / "link.json").symlink_to("real.json")
    write_file(tmp_path / "link.json", "new")
    assert (tmp_path / "link.json").is_symlink()
    assert (tmp_path / "real.json").read_text() == "new"
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    write_file(tmp_path / "pipe", "through")
    assert os.read(reader, 99) == b"through"
    os.close(reader)


@pytest.mark.parametrize("format_", TELLING)
def test_a_plan_has_every_format_too(format_: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pave.commands.plan import command as plan

    monkeypatch.chdir(home)
    done: Any = CliRunner().invoke(plan, ["lunch-menu", "--today", "2026-11-21", "--format", format_])
    assert done.exit_code == 0, done.output
    assert ("lunch-menu" in done.stdout) or format_ == "codequality"
