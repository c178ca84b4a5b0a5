"""A check whose rules give no answer has its reports too, so that nobody reads yesterday's."""

import copy
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pave.checking.judge import Unanswered
from pave.commands.check import command
from pave.options import formats
from policies.engines.answer import EngineError
from policies.engines.embedded import EmbeddedEngine
from tests.reports.test_no_verdict import NAMES, SERVICE
from tests.repository import committed

WHY = "rule cost/loops needs more than 5 steps"


@pytest.fixture
def root(tmp_path: Path, shipped: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return Path(shutil.copytree(shipped, tmp_path / "catalog"))


def no_answer(*_: object) -> None:
    raise EngineError(WHY)


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EmbeddedEngine, "evaluate", no_answer)


@pytest.fixture
def checked(root: Path, tmp_path: Path) -> Callable[..., Result]:
    """Runs `pave check` on the copy, with a report in every format."""
    assert sorted(NAMES) == sorted({*formats()} - {"terraform"})
    outputs = [word for name in NAMES.values() for word in ("--output", str(tmp_path / "reports" / name))]
    words = ["--catalog", str(root), "--today", "2026-11-21", *outputs]
    return lambda *more: CliRunner().invoke(command, [*more, *words], catch_exceptions=False)


@pytest.fixture
def written(tmp_path: Path) -> Callable[[], dict[str, str]]:
    return lambda: {name: (tmp_path / "reports" / file).read_text("utf-8") for name, file in NAMES.items()}


@pytest.mark.usefixtures("silent")
def test_every_report_says_that_the_rules_gave_no_answer(
    root: Path, checked: Callable[..., Result], written: Callable[[], dict[str, str]]
) -> None:
    done = checked(str(root / SERVICE))
    assert (done.exit_code, done.stdout, done.stderr) == (2, "", f"pave: {WHY}\n")
    for format_, text in written().items():
        assert WHY in text, format_
        assert SERVICE.rsplit("/", 1)[1] in text, format_
    report = json.loads(written()["json"])
    assert (report["kind"], report["allowed"], report["decisions"]) == ("CheckReport", False, [])
    assert report["failure"]["document"] == SERVICE
    assert json.loads(written()["sarif"])["runs"][0]["invocations"][0]["executionSuccessful"] is False
    assert written()["text"].endswith("\nno verdict\n")
    assert written()["markdown"].startswith("**✗ Unusable**: there is no verdict\n")
    shown = checked(str(root / SERVICE), "--format", "json")
    assert (shown.exit_code, shown.stdout) == (2, written()["json"])


def test_an_answer_that_comes_later_is_asked_for_again(
    root: Path, checked: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(EmbeddedEngine, "evaluate", no_answer)
        assert checked(str(root / SERVICE)).exit_code == 2
    assert checked(str(root / SERVICE)).exit_code == 0


def test_why_there_is_no_answer_comes_out_of_another_process() -> None:
    error = copy.copy(Unanswered(SERVICE, WHY))  # which is how it would be pickled
    assert (error.document, str(error)) == (SERVICE, WHY)


def test_a_server_that_is_away_leaves_a_report(
    checked: Callable[..., Result], written: Callable[[], dict[str, str]]
) -> None:
    away = ("--engine", "opa", "--opa-url", "http://127.0.0.1:9", "--opa-retries", "0")
    done = checked(*away)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert json.loads(written()["json"])["failure"]["message"] in done.stderr


def test_what_is_wrong_with_files_is_said_beside_it(
    root: Path, checked: Callable[..., Result], written: Callable[[], dict[str, str]], silent: None
) -> None:
    del silent
    (root / "teams" / "half.yaml").write_text("kind: [", "utf-8")
    assert checked().exit_code == 2
    report = json.loads(written()["json"])
    assert [each["document"] for each in report["unusable"]] == ["teams/half.yaml"]
    assert report["failure"]["message"] == WHY
    assert written()["text"].endswith("\nno verdict, 1 unusable file\n")


def test_a_baseline_that_can_not_be_judged_excuses_nothing(
    root: Path,
    checked: Callable[..., Result],
    written: Callable[[], dict[str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    committed(root.parent)
    file = str(root / SERVICE)
    assert checked(file, "--baseline", "HEAD").exit_code == 0

    def fail(*_: object) -> None:
        raise Unanswered(SERVICE, WHY)

    monkeypatch.setattr("pave.checking.check._judged_at", fail)
    assert checked(file, "--baseline", "HEAD").exit_code == 2
    assert json.loads(written()["json"])["failure"]["message"] == WHY
