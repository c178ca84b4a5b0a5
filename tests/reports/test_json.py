"""The report as JSON: all of it, in a shape with a version."""

import json
from typing import Any

import msgspec
import pytest

from pave.reports.model import CheckReport

REPORTS = ["shipped_report", "today_report", "broken_report", "sample_report", "baseline_report"]


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_is_all_that_was_found(name: str, request: pytest.FixtureRequest) -> None:
    made = request.getfixturevalue(name)
    assert msgspec.json.decode(made.to("json"), type=CheckReport) == made.report


@pytest.mark.parametrize("name", REPORTS)
def test_everything_that_is_said_has_a_fingerprint_of_its_own(
    name: str, request: pytest.FixtureRequest
) -> None:
    found: dict[str, Any] = json.loads(request.getfixturevalue(name).to("json"))
    assert (found["apiVersion"], found["kind"]) == ("pave/v1", "CheckReport")
    said = [finding for decision in found["decisions"] for finding in decision["findings"]]
    prints = [each["fingerprint"] for each in (*said, *found["problems"], *found["unusable"])]
    assert all(prints)
    assert len(prints) == len(set(prints))
