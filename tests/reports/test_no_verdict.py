"""A stack that can't be planned or judged has its reports too, so that nobody reads yesterday's."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pulumi
import pytest
from click.testing import CliRunner, Result

from pave.commands.plan import command
from pave.options import formats
from policies.engines.answer import EngineError
from policies.engines.embedded import EmbeddedEngine
from stacks.recording.model import RecordingError
from tests.repository import committed

NAMES = {
    "codequality": "gl-code-quality-report.json",
    "json": "plan.json",
    "junit": "plan.junit.xml",
    "markdown": "plan.md",
    "sarif": "plan.sarif",
    "text": "plan.txt",
}
SERVICE = "services/lunch-menu.yaml"


@pytest.fixture
def root(tmp_path: Path, shipped: Path) -> Path:
    return Path(shutil.copytree(shipped, tmp_path / "catalog"))


@pytest.fixture
def planned(root: Path, tmp_path: Path) -> Callable[..., Result]:
    """Runs `pave plan` on the copy, with a report in every format that has words."""
    assert sorted(NAMES) == sorted({*formats()} - {"terraform"}), "what there is to say, and not to count"
    outputs = [word for name in NAMES.values() for word in ("--output", str(tmp_path / "reports" / name))]
    words = ["--catalog", str(root), "--today", "2026-11-21", *outputs]
    return lambda *more: CliRunner().invoke(command, [*more, *words], catch_exceptions=False)


@pytest.fixture
def written(tmp_path: Path) -> Callable[[], dict[str, str]]:
    return lambda: {name: (tmp_path / "reports" / file).read_text("utf-8") for name, file in NAMES.items()}


def edit(root: Path, path: str, old: str, new: str) -> None:
    text = (root / path).read_text()
    assert old in text
    (root / path).write_text(text.replace(old, new, 1))


@pytest.mark.parametrize(
    ("path", "old", "new", "said"),
    [
        (SERVICE, "  tier:", "  teir:", "Unknown field `teir`."),
        (SERVICE, "apiVersion:", "apiVersion: [", "cannot stand here in the brackets"),
        (SERVICE, "workplace", "nobody", "There is no team `nobody` in the catalog."),
        (
            "environments/production.yaml",
            "apiVersion:",
            "apiVersion: [",
            "cannot stand here in the brackets",
        ),
    ],
)
@pytest.mark.parametrize("name", ["lunch-menu", "service.lunch-menu.production"])
def test_every_report_says_what_is_wrong_with_the_files(
    root: Path,
    planned: Callable[..., Result],
    written: Callable[[], dict[str, str]],
    name: str,
    path: str,
    old: str,
    new: str,
    said: str,
) -> None:
    edit(root, path, old, new)
    done = planned(name)
    assert done.exit_code == (2 if "brackets" in said else 1), "as a check of them"
    assert done.stderr == ""
    assert done.stdout == written()["text"]
    for format_, text in written().items():
        place = path if format_ != "markdown" else path.rsplit("/", 1)[1]
        assert said.lower() in text.lower().replace("\\", ""), format_
        assert place in text, format_
    report = json.loads(written()["json"])
    assert (report["kind"], report["allowed"], report["plan"], report["decision"]) == (
        "PlanReport",
        False,
        None,
        None,
    )
    assert "has no plan and no verdict" in written()["markdown"]


@pytest.mark.parametrize("failure", [RecordingError, pulumi.RunError, EngineError])
def test_every_report_says_that_a_stack_could_not_be_recorded_or_judged(
    planned: Callable[..., Result],
    written: Callable[[], dict[str, str]],
    failure: type[Exception],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object) -> None:
        raise failure("It can't be done.")

    if failure is EngineError:
        monkeypatch.setattr(EmbeddedEngine, "evaluate", fail)
    else:
        monkeypatch.setattr("stacks.plan.program", lambda *_: fail)
    done = planned("lunch-menu")
    assert (done.exit_code, done.stdout, done.stderr) == (2, "", "pave: It can't be done.\n")
    for format_, text in written().items():
        assert "It can't be done." in text, format_
        assert SERVICE.rsplit("/", 1)[1] in text, format_
    shown = planned("lunch-menu", "--format", "sarif")
    assert (shown.exit_code, shown.stdout) == (2, written()["sarif"])


def test_what_there_is_no_stack_of_has_no_report(planned: Callable[..., Result], tmp_path: Path) -> None:
    for name in ("lunch-men", "service.lunch-menu.prod", "foundation.prod"):
        done = planned(name)
        assert done.exit_code == 2
        assert "There is no " in done.stderr
    assert not (tmp_path / "reports").exists()


def test_a_plan_is_shown_though_the_revision_to_compare_with_has_none(
    root: Path, planned: Callable[..., Result], written: Callable[[], dict[str, str]]
) -> None:
    good = (root / SERVICE).read_text()
    edit(root, SERVICE, "  tier:", "  teir:")
    committed(root.parent)
    (root / SERVICE).write_text(good)
    done = planned("lunch-menu", "--against", "HEAD")
    assert done.exit_code == 0
    for format_ in ("text", "markdown", "json"):
        assert "Unknown field `teir`." in " ".join(written()[format_].split()), format_
    assert json.loads(written()["json"])["differences"] is None
