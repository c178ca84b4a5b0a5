"""The Code Quality report as GitLab imports it: silently, and only up to the first entry it does not like."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator

from pave.reports.formats.codequality import SEVERITIES
from pave.reports.model import CheckReport, Weight
from policies.decision import Finding
from tests.reports.conftest import REPORTS

HERE = Path(__file__).parent

TEXT = {"type": "string", "minLength": 1}
ENTRY = {
    "type": "object",
    "required": ["description", "check_name", "fingerprint", "severity", "location"],
    "properties": {
        "description": TEXT,
        "check_name": TEXT,
        "fingerprint": TEXT,
        "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
        "location": {
            "type": "object",
            "required": ["path", "lines"],
            "properties": {
                "path": {"type": "string", "pattern": r"^[^./][^\\]*$"},
                "lines": {
                    "type": "object",
                    "required": ["begin"],
                    "properties": {"begin": {"type": "integer", "minimum": 1}},
                },
            },
        },
    },
}
"""Required fields and values of an entry: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format"""


def imported(text: str) -> dict[str, Any]:
    """What GitLab keeps of a report: entries up to the first invalid one, the last of each fingerprint."""
    found: dict[str, Any] = {}
    for entry in json.loads(text):
        if not Draft202012Validator(ENTRY).is_valid(entry):
            break
        found[entry["fingerprint"]] = entry
    return found


@pytest.mark.parametrize("name", REPORTS)
def test_gitlab_imports_every_entry(name: str, request: pytest.FixtureRequest) -> None:
    made = request.getfixturevalue(name)
    text = made.to("codequality")
    assert text.startswith("[")
    said = sum(len(decision.findings) for decision in made.report.decisions)
    said += len(made.report.problems) + len(made.report.unusable) + (made.report.failure is not None)
    assert len(imported(text)) == len(json.loads(text)) == said > 0


def test_a_test_of_the_import_would_notice_a_lost_entry(today_report: Any) -> None:
    entries = json.loads(today_report.to("codequality"))
    twice = [*entries, entries[0]]
    assert len(imported(json.dumps(twice))) == len(entries)
    cut = [entries[0], {**entries[1], "severity": "error"}, *entries[2:]]
    assert len(imported(json.dumps(cut))) == 1


@pytest.mark.parametrize("name", ["sample_report", "broken_report"])
def test_the_entries_of_a_report(
    name: str, request: pytest.FixtureRequest, golden: Callable[[Path, str], None]
) -> None:
    golden(HERE / "golden" / f"{name}.codequality.json", request.getfixturevalue(name).to("codequality"))


@pytest.mark.parametrize(
    ("changes", "weight", "severity"),
    [
        ({"blocking": True}, "blocking", "blocker"),
        ({"blocking": False, "severity": "error"}, "error", "major"),
        ({"blocking": False, "severity": "warning"}, "warning", "minor"),
        ({"blocking": False, "severity": "info"}, "info", "info"),
        ({"blocking": False, "status": "undecided"}, "undecided", "info"),
        ({"blocking": False, "is_known": True}, "known", "major"),
        ({"blocking": False, "waiver": "for-a-while"}, "waived", "info"),
    ],
)
def test_what_blocks_is_a_blocker_and_nothing_else_is(
    changes: dict[str, Any], weight: Weight, severity: str, sample_report: Any
) -> None:
    report: CheckReport = sample_report.report
    decision = report.decisions[0]
    plain: Finding = msgspec.structs.replace(decision.findings[0], **changes)
    only = msgspec.structs.replace(decision, findings=[plain])
    changed = sample_report._replace(report=msgspec.structs.replace(report, decisions=[only]))
    assert [entry["severity"] for entry in json.loads(changed.to("codequality"))] == [severity]
    assert SEVERITIES[weight] == severity


def test_paths_start_at_the_root_of_the_repository(
    judged: Callable[..., Any], shipped: Path, tmp_path: Path
) -> None:
    root = tmp_path / "repository" / "infra" / "catalog"
    shutil.copytree(shipped, root)
    file = shutil.copy(
        root / "examples" / "customersdot-today.yaml", tmp_path / "repository" / "customersdot-today.yaml"
    )
    (tmp_path / "repository" / ".git").mkdir()
    inside = json.loads(judged(root, root / "services" / "lunch-menu.yaml").to("codequality"))
    beside = json.loads(judged(root, Path(file)).to("codequality"))
    assert {entry["location"]["path"] for entry in inside} == {"infra/catalog/services/lunch-menu.yaml"}
    assert {entry["location"]["path"] for entry in beside} == {"customersdot-today.yaml"}
