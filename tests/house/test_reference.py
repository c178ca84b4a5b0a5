"""Files that are made from the code hold what the code makes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pave.portal import reference
from pave.portal.reference import FILES, main

HOME = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("path", FILES)
def test_a_made_file_is_current(path: str) -> None:
    assert (HOME / path).read_text("utf-8") == FILES[path](), "python -m pave.portal.reference write"


def test_a_file_that_is_not_current_is_named_and_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    files: dict[str, Callable[[], str]] = {"made/one.md": lambda: "one\n", "two.md": lambda: "two\n"}
    monkeypatch.setattr(reference, "HOME", tmp_path)
    monkeypatch.setattr(reference, "FILES", files)
    (tmp_path / "two.md").write_text("old\n")
    assert main("check") == 1
    assert capsys.readouterr().err.count("run `python -m pave.portal.reference write`") == 2
    assert main("write") == 0
    assert main("check") == 0
    assert (tmp_path / "made" / "one.md").read_text() == "one\n"
