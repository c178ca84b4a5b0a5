"""The published schemas of reports: what commands print meets them."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from pave.delivery.reports import DriftReport, StackDrift
from pave.delivery.reports import render as rendered
from pave.delivery.unfinished import Unfinished
from pave.preflight.model import PreflightFinding, PreflightReport
from pave.reports.schemas import published, report_modules
from tests.command import pave

DAY = ("--today", "2026-11-21")


def valid(text: str) -> str:
    """The kind of a report that meets the schema of its kind."""
    report = json.loads(text)
    schema = json.loads(published(report["kind"]).read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(report)
    return str(report["kind"])


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (("check", "catalog/examples/customersdot-today.yaml", *DAY), "CheckReport"),
        (("check", "lunch-menu", "--baseline", "HEAD", *DAY), "CheckReport"),
        (("plan", "lunch-menu", *DAY), "PlanReport"),
        (("availability", "customersdot"), "AvailabilityReport"),
        (("maturity",), "MaturityReport"),
        (("changed", "--since", "HEAD"), "ChangeReport"),
        (("plan", "nobody"), "ErrorReport"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else value,
)
def test_what_a_command_prints_meets_its_schema(home: Path, words: tuple[str, ...], kind: str) -> None:
    assert valid(pave(home, *words, "--format", "json").stdout) == kind


def test_reports_on_stacks_meet_theirs() -> None:
    open_ = Unfinished("waits", "its last update left something out", "up", ["key"])
    stacks = [StackDrift("service.a.production", unfinished=open_), StackDrift("b", error="no")]
    drift = DriftReport(cloud="local", stacks=stacks, absent=[], unlisted=["c"])
    assert valid(rendered("json", drift)) == "DriftReport"


def test_every_report_has_a_schema() -> None:
    kinds = set(report_modules())
    assert {"CheckReport", "PlanReport", "PreviewReport", "DriftReport", "ErrorReport"} <= kinds
    assert {PreflightReport.__name__, PreflightFinding.__name__} - kinds == {"PreflightFinding"}
    for kind in kinds:
        assert json.loads(published(kind).read_text("utf-8"))["title"] == kind
