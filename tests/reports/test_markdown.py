"""The note for a merge request: short, linked, and nothing of it an owner's own markup."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.markdown import Markdown

from catalog.document import Origin
from pave.reports.model import CheckReport, PlanReport
from pave.reviewing.changes import Action, Property, ResourceChange
from stacks.plan import Plan
from stacks.providers.effects import of_update
from tests.reports.conftest import REPORTS

HERE = Path(__file__).parent
MARKUP = {"html_inline", "image", "strong_open", "em_open", "s_open", "link_open"}


def inline(text: str) -> list[Any]:
    """All that stands in the paragraphs, cells and items of a Markdown text."""
    return [child for token in Markdown(text).parsed for child in token.children or ()]


def planned(decision: Any, differences: list[ResourceChange] | None) -> PlanReport:
    return PlanReport(
        today="2026-11-21",
        revision="0" * 64,
        allowed=decision.allowed,
        stack="service.portal.production",
        counts={"gcp:compute/address:Address": 2, "gcp:sql/databaseInstance:DatabaseInstance": 1},
        protected=["portal-db"],
        plan=Plan("service.portal.production", []),
        decision=decision,
        against=None if differences is None else "origin/main",
        differences=differences,
    )


def change(action: Action, token: str, name: str, pointer: str | None, **fields: Any) -> ResourceChange:
    origin = Origin("services/portal.yaml", pointer, True) if pointer is not None else None
    known: dict[str, Any] = {
        "id": "",
        "stateful": False,
        "protected": False,
        "retained": False,
        "properties": [],
    }
    return ResourceChange(
        action=action, urn=name, type=token, name=name, because=[], origin=origin, **(known | fields)
    )


SQL = "gcp:sql/databaseInstance:DatabaseInstance"
CHANGES = [
    change(
        "update",
        SQL,
        "portal-db",
        "/spec/stores/0",
        stateful=True,
        properties=[
            Property(name, 1, 2) for name in ("settings.tier", "settings.diskSize", "a", "b", "c", "d")
        ],
        consequences=of_update(SQL, {"settings": {"tier": "a"}}, {"settings": {"tier": "b"}}),
    ),
    change("create", "gcp:compute/address:Address", "portal|new", "/spec"),
    change("delete", "gcp:compute/address:Address", "portal-old", None),
]


@pytest.mark.parametrize("name", ["sample_report", "broken_report"])
def test_the_note_on_a_report(
    name: str, request: pytest.FixtureRequest, golden: Callable[[Path, str], None]
) -> None:
    golden(HERE / "golden" / f"{name}.md", request.getfixturevalue(name).to("markdown"))


def test_the_note_on_a_plan_shows_what_is_lost_first(
    sample_report: Any, golden: Callable[[Path, str], None]
) -> None:
    made = sample_report._replace(report=planned(sample_report.report.decisions[0], CHANGES))
    text = made.to("markdown")
    golden(HERE / "golden" / "plan.md", text)
    shown, _, folded = text.partition("<details>")
    assert "portal-old" in shown
    assert "portal-db` **holds data**" in shown
    assert "portal\\|new" not in shown
    assert "portal\\|new" in folded


def test_a_plan_against_nothing_counts_its_resources(sample_report: Any) -> None:
    text = sample_report._replace(report=planned(sample_report.report.decisions[0], None)).to("markdown")
    assert "<summary>3 resources, 1 protected</summary>" in text


@pytest.mark.parametrize("name", REPORTS)
def test_the_first_line_is_the_verdict(name: str, request: pytest.FixtureRequest) -> None:
    made = request.getfixturevalue(name)
    word = {0: "✓ Allowed", 1: "✗ Blocked", 2: "✗ Unusable"}[made.report.exit_code]
    assert made.to("markdown").startswith(f"**{word}**: ")


@pytest.mark.parametrize("name", sorted({*REPORTS} - {"baseline_report"}))  # that is of two catalogs
def test_every_link_leads_to_a_line_of_a_file(name: str, request: pytest.FixtureRequest) -> None:
    made = request.getfixturevalue(name)
    root = made.page.root.parent
    links = [child.attrs["href"] for child in inline(made.to("markdown")) if child.type == "link_open"]
    assert links
    for link in links:
        path, line = re.fullmatch(r"([^#]+)#L(\d+)", link).groups()  # type: ignore[union-attr]
        assert int(line) <= len((root / path).read_text("utf-8").splitlines())


def test_what_blocks_is_a_row_and_the_rest_is_folded(sample_report: Any) -> None:
    shown, *folded = sample_report.to("markdown").split("<details>")
    assert shown.count("\n| [customersdot-today.yaml:") == 2
    assert [part.split("</summary>")[0] for part in folded] == [
        "<summary>1 next step: what does not block yet",
        "<summary>1 undecided: what can't be decided before values are known",
        "<summary>1 waived: what a waiver allows for a while",
    ]


def test_what_the_baseline_has_is_folded_and_a_change_of_the_gate_is_not(
    baseline_report: Any, golden: Callable[[Path, str], None]
) -> None:
    text = baseline_report.to("markdown")
    golden(HERE / "golden" / "baseline_report.md", text)
    shown = text.split("<details>")[0]
    assert "database-is-regional" not in shown
    assert "policies/rules` changes the rules" in shown


def test_the_same_in_two_environments_is_one_row(sample_report: Any) -> None:
    report: CheckReport = sample_report.report
    decision = report.decisions[0]
    both = [decision, msgspec.structs.replace(decision, environment="staging")]
    text = sample_report._replace(report=msgspec.structs.replace(report, decisions=both)).to("markdown")
    assert text.count("\n| [customersdot-today.yaml:") == 2
    assert "<br>customersdot-today · production<br>customersdot-today · staging |" in text


def test_hostile_values_stay_text(broken_report: Any) -> None:
    text = broken_report.to("markdown")
    found = [child for child in inline(text) if child.type in MARKUP - {"link_open"}]
    assert [child.content for child in found if child.type != "html_inline"] == ["", ""][: len(found)]
    assert {child.content for child in found if child.type == "html_inline"} <= {"<br>"}
    assert not any("javascript" in child.attrs["href"] for child in inline(text) if child.type == "link_open")
    assert "\\@all" in text
    assert r"\<img\>" in text


TEXT = st.text(
    st.one_of(st.sampled_from("`*_[]()<>|\\!@#$%^&~:/\"' \n\rhtps.-+{}0"), st.characters(codec="utf-8")),
    max_size=60,
)


@given(TEXT)
def test_whatever_a_finding_says_the_note_keeps_its_form(sample_report: Any, text: str) -> None:
    report = sample_report.report
    decision = report.decisions[0]
    said = [msgspec.structs.replace(f, message=text, remediation=text) for f in decision.findings]
    changed = [msgspec.structs.replace(decision, findings=said)]
    note = sample_report._replace(report=msgspec.structs.replace(report, decisions=changed)).to("markdown")
    plain = [token.type for token in Markdown(sample_report.to("markdown")).parsed]
    assert [token.type for token in Markdown(note).parsed] == plain
    cells = [token for token in Markdown(note).parsed if token.type == "inline" and token.level > 3]
    types = {
        child.type for cell in cells for child in cell.children or () if cell.content not in {"", "What"}
    }
    assert types <= {"text", "code_inline", "link_open", "link_close", "text_special", "softbreak"}
    links = [child.attrs["href"] for child in inline(note) if child.type == "link_open"]
    assert all(link.startswith("catalog/examples/customersdot-today.yaml#L") for link in links)
