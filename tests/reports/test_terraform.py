"""The report for GitLab's widget: three numbers, or none where they aren't known."""

import json
from typing import Any

import msgspec
import pytest

from pave.reports.model import PlanReport
from pave.reports.output import outputs
from pave.reviewing.changes import ResourceChange
from tests.reports.conftest import Made


def plan(made: Made, **fields: Any) -> Made:
    """A report on a plan that has these fields."""
    report = made.report
    assert isinstance(report, PlanReport)
    return made._replace(report=msgspec.structs.replace(report, **fields))


def difference(action: Any) -> ResourceChange:
    token = "gcp:dns/recordSet:RecordSet"
    return ResourceChange(action, "urn", token, "record", "", False, False, False, [], [], None)


def counts(made: Made) -> Any:
    return json.loads(made.to("terraform"))


@pytest.fixture
def planned(unplanned_report: Made) -> Made:
    """As if there were a plan; what is in it, the report doesn't look at."""
    return plan(unplanned_report, plan=object(), counts={"one": 3, "two": 4})


def test_differences_are_counted(planned: Made) -> None:
    found = [difference(action) for action in ("create", "create", "update", "delete", "delete", "delete")]
    assert counts(plan(planned, differences=found)) == {"create": 2, "update": 1, "delete": 3}
    anew = [difference("replace"), difference("update")]
    assert counts(plan(planned, differences=anew)) == {"create": 1, "update": 1, "delete": 1}
    assert counts(plan(planned, differences=[])) == {"create": 0, "update": 0, "delete": 0}


def test_a_plan_that_is_compared_with_nothing_creates_all_it_has(planned: Made) -> None:
    assert counts(planned) == {"create": 7, "update": 0, "delete": 0}


def test_what_is_not_known_is_not_counted(unplanned_report: Made, planned: Made) -> None:
    assert counts(unplanned_report) == {}
    assert counts(plan(planned, against="main", incomparable="The program was another one.")) == {}


def test_a_check_changes_nothing(shipped_report: Made) -> None:
    assert counts(shipped_report) == {"create": 0, "update": 0, "delete": 0}


def test_its_files_are_known_by_their_names() -> None:
    names = ["tfplan.json", "plan/service.portal.production.tfplan.json"]
    assert [output.format for output in outputs(names)] == ["terraform", "terraform"]
