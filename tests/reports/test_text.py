"""The report for people: every place is one that an editor opens, the tally comes last."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

REPORTS = ["shipped_report", "today_report", "broken_report", "sample_report"]
HERE = Path(__file__).parent


@pytest.mark.parametrize("name", REPORTS)
def test_every_place_can_be_opened(name: str, request: pytest.FixtureRequest) -> None:
    made = request.getfixturevalue(name)
    places = re.findall(r"(/\S+\.yaml):(\d+):\d+", made.to("text"))
    assert places
    for path, line in places:
        assert 1 <= int(line) <= len(Path(path).read_text("utf-8").splitlines())


def test_what_is_wrong_with_documents_comes_first_and_the_tally_last(
    broken_report: Any, golden: Callable[[Path, str], None]
) -> None:
    text = broken_report.to("text").replace(f"{broken_report.page.root.parent}/", "")
    golden(HERE / "golden" / "broken_report.txt", text)
    assert text.startswith("UNUSABLE\n  catalog/services/half-written.yaml:4:1\n")
    assert text.endswith("\n0 decisions: 0 allowed, 0 blocked, 7 schema problems, 1 unusable file\n")


def test_what_the_baseline_has_is_marked(baseline_report: Any) -> None:
    text = baseline_report.to("text")
    assert "✗ schema/additional-properties\n" in text
    assert "✗ schema/enum  (in the baseline)\n" in text


def test_a_spec_that_lies_elsewhere_is_quoted_too(
    judged: Callable[..., Any], shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "customersdot-today.yaml"
    file.write_bytes((shipped / "examples" / "customersdot-today.yaml").read_bytes())
    monkeypatch.chdir(tmp_path)
    text = judged(shipped, file).to("text")
    assert "\n  customersdot-today.yaml:56:21\n" in text
    assert "\n  56 |       availability: zonal\n" in text
