"""What is known of a service besides its spec and its plan."""

import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from catalog.kinds.service import Service, service_at
from catalog.loader import Catalog, load
from components.design.monitoring.monitored import monitored
from stacks.budgets.asking import asked_for
from stacks.budgets.known import BudgetAnswer, known, known_budget
from stacks.budgets.running import Running

NAME = "lunch-menu"


@pytest.fixture(scope="module")
def catalog(shipped: Path) -> Catalog:
    return load(shipped)


@pytest.fixture(scope="module")
def service(catalog: Catalog) -> Service:
    found = service_at(catalog, NAME, "production")
    assert isinstance(found, Service)
    return found


def answer(catalog: Catalog, service: Service, today: date, ratios: dict[str, float]) -> bytes:
    """What a server says of each promise, by its kind; nothing of those that aren't there."""
    at = datetime(today.year, today.month, today.day, tzinfo=UTC).timestamp()
    result: list[Any] = [
        {
            "metric": {
                "__name__": "sli:bad_ratio:rate28d",
                "service": NAME,
                "cell": "production",
                "sli": watch.sli.name,
            },
            "value": [at, str(ratios[watch.sli.kind])],
        }
        for watch in monitored(catalog, service).watches
        if watch.sli is not None and watch.sli.kind in ratios
    ]
    return json.dumps({"status": "success", "data": {"resultType": "vector", "result": result}}).encode()


def test_the_worst_budget_counts(catalog: Catalog, service: Service, today: date) -> None:
    said = answer(catalog, service, today, {"availability": 0.9, "latency": 0.0})
    found = known_budget(catalog, service, BudgetAnswer(said, "b.json"), today)
    assert found.state == "exhausted"
    assert "are spent for" in found.said
    assert "b.json" in found.said


def test_all_that_is_promised_has_to_be_measured(catalog: Catalog, service: Service, today: date) -> None:
    said = answer(catalog, service, today, {"availability": 0.0})
    assert known_budget(catalog, service, BudgetAnswer(said, "b.json"), today).state == "unknown"
    said = answer(catalog, service, today, {"availability": 0.0, "latency": 0.0})
    assert known_budget(catalog, service, BudgetAnswer(said, "b.json"), today).state == "healthy"


def test_an_answer_of_the_day_before_yesterday_says_nothing(
    catalog: Catalog, service: Service, today: date
) -> None:
    said = answer(catalog, service, today, {"availability": 0.9, "latency": 0.9})
    tomorrow, later = (date.fromordinal(today.toordinal() + days) for days in (1, 2))
    assert known_budget(catalog, service, BudgetAnswer(said, "b.json"), tomorrow).state == "exhausted"
    late = known_budget(catalog, service, BudgetAnswer(said, "b.json"), later)
    assert (late.state, f"is of {today}" in late.said) == ("unknown", True)


@pytest.mark.parametrize("text", [b"", b"{}", b"<html>", b'{"status":"success","data":{"result":[]}}'])
def test_what_is_no_answer_leaves_it_unknown(
    catalog: Catalog, service: Service, today: date, text: bytes
) -> None:
    assert known_budget(catalog, service, BudgetAnswer(text, "b.json"), today).state == "unknown"


def test_a_file_that_is_not_there_and_a_server_that_does_not_answer_leave_it_unknown(
    catalog: Catalog, service: Service, today: date, tmp_path: Path
) -> None:
    for named in (str(tmp_path / "none.json"), "http://127.0.0.1:9", "ftp://x"):
        asked = asked_for(catalog, service, named, {})
        assert asked is not None
        found = known_budget(catalog, service, asked, today)
        assert (found.state, named in found.said) == ("unknown", True)


def test_where_nobody_says_whom_to_ask_nobody_is_asked(catalog: Catalog, service: Service) -> None:
    assert asked_for(catalog, service, None, {}) is None


def test_the_unit_of_the_environment_says_whom_to_ask(
    shipped: Path, service: Service, tmp_path: Path
) -> None:
    shutil.copytree(shipped, tmp_path / "catalog", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    unit = tmp_path / "catalog" / "units" / "production.yaml"
    unit.write_text(f"{unit.read_text()}  askedAt: http://127.0.0.1:9\n")
    asked = asked_for(load(tmp_path / "catalog"), service, None, {})
    assert asked is not None
    assert (asked.source, asked.answer) == ("http://127.0.0.1:9", None)


def test_without_a_plan_or_what_runs_nobody_knows_what_changes(
    catalog: Catalog, service: Service, today: date
) -> None:
    found = known(catalog, service, BudgetAnswer(b"", "b"), None, None, today, is_reliability=False).change
    assert (found.is_known, found.purpose, found.risks) == (False, "change", [])
    found = known(
        catalog, service, BudgetAnswer(b"", "b"), Running({}), None, today, is_reliability=True
    ).change
    assert (found.is_known, found.purpose) == (False, "reliability")
