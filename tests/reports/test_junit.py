"""The JUnit report as GitLab reads it: one test case for each class and name, and of a failure the text."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.yaml.fault import printable
from pave.reports.formats.junit import NOT_XML
from policies.decision import rules_asked
from tests.reports.conftest import REPORTS

HERE = Path(__file__).parent
TYPED_BY_RAILS = {"symbol", "date", "datetime", "integer", "float", "decimal", "boolean", "yaml", "file"}


def cases(made: Any) -> list[ET.Element]:
    root = ET.XML(made.to("junit"))
    assert root.tag == "testsuites"
    assert {suite.tag for suite in root} <= {"testsuite"}
    return list(root.iter("testcase"))


def outcomes(made: Any) -> dict[str, str]:
    return {case.get("name", ""): case[0].tag if len(case) else "passed" for case in cases(made)}


@pytest.mark.parametrize("name", REPORTS)
def test_gitlab_keeps_every_test_case(name: str, request: pytest.FixtureRequest) -> None:
    made = request.getfixturevalue(name)
    found = cases(made)
    assert len({(case.get("classname"), case.get("name")) for case in found}) == len(found) > 0
    for case in found:
        assert case.keys() == ["classname", "name", "file", "time"]
        assert [child.tag for child in case] in (["failure"], ["error"], ["skipped"], [])
        assert all(child.text for child in case), "GitLab shows the text, and not the attribute"
        assert not {child.get("type") for child in case} & TYPED_BY_RAILS


@pytest.mark.parametrize("name", REPORTS)
def test_the_counts_are_those_of_the_cases(name: str, request: pytest.FixtureRequest) -> None:
    root = ET.XML(request.getfixturevalue(name).to("junit"))
    for element in (root, *root):
        found = Counter(case[0].tag if len(case) else "passed" for case in element.iter("testcase"))
        counted = {key: int(element.get(key, "")) for key in ("tests", "failures", "errors", "skipped")}
        assert counted == {
            "tests": found.total(),
            "failures": found["failure"],
            "errors": found["error"],
            "skipped": found["skipped"],
        }


@pytest.mark.parametrize("name", ["sample_report", "broken_report"])
def test_the_cases_of_a_report(
    name: str, request: pytest.FixtureRequest, golden: Callable[[Path, str], None]
) -> None:
    golden(HERE / "golden" / f"{name}.junit.xml", request.getfixturevalue(name).to("junit"))


def test_every_rule_that_was_asked_is_a_case_and_those_that_block_fail(today_report: Any) -> None:
    found, decision = outcomes(today_report), today_report.report.decisions[0]
    assert set(found) == set(rules_asked(today_report.page.rules, ["spec"]))
    blocking = {finding.rule for finding in decision.findings if finding.blocking}
    assert {name for name, outcome in found.items() if outcome == "failure"} == blocking
    assert sum(outcome == "passed" for outcome in found.values()) == decision.counts.passed


def test_what_does_not_block_is_skipped_and_says_why(sample_report: Any) -> None:
    assert outcomes(sample_report) == {
        "reliability/database-is-regional": "failure",
        "reliability/failover-is-rehearsed": "skipped",
        "reliability/no-single-machine": "skipped",
        "reliability/store-is-managed": "skipped",
        "security/machines-have-no-public-address": "failure",
    }
    first = {case.get("name"): (case[0].text or "").split(":")[0] for case in cases(sample_report)}
    assert first["reliability/failover-is-rehearsed"] == "Next step"
    assert first["reliability/no-single-machine"] == "Undecided"
    assert first["reliability/store-is-managed"] == "Waived by redis-moves-in-december"


def test_what_the_baseline_has_does_not_fail(baseline_report: Any) -> None:
    found = outcomes(baseline_report)
    assert found["schema/enum spec.tier"] == "skipped"
    assert found["reliability/database-is-regional"] == "skipped"
    assert found["security/machines-have-no-public-address"] == "failure"
    said = [case.findtext("skipped") or "" for case in cases(baseline_report)]
    assert sum(text.startswith("In the baseline: ") for text in said) == 5


def test_a_file_that_cannot_be_read_is_an_error_and_a_schema_problem_a_failure(broken_report: Any) -> None:
    found = outcomes(broken_report)
    assert found["catalog/unusable"] == "error"
    assert found["schema/enum spec.tier"] == "failure"


@given(st.text())
def test_whatever_an_owner_wrote_the_report_is_xml(sample_report: Any, text: str) -> None:
    decision = sample_report.report.decisions[0]
    said = [msgspec.structs.replace(finding, message=text) for finding in decision.findings]
    changed = msgspec.structs.replace(
        sample_report.report, decisions=[msgspec.structs.replace(decision, findings=said)]
    )
    shown = NOT_XML.sub("\ufffd", " ".join(f": {printable(text)}".split()))
    failed = [case for case in cases(sample_report._replace(report=changed)) if len(case)]
    assert all(f"{shown}\n" in (case[0].text or "") for case in failed)
