"""The gate in the program and a spent error budget: whoever starts the update, with pave or without."""

import json
import shutil
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pulumi
import pytest

from catalog.kinds.service import Service, service_at
from catalog.loader import load
from components.design.monitoring.monitored import monitored
from pave.delivery.engine.stack import on_day
from stacks.gate.gate import run_gated
from stacks.plan import Planner
from stacks.recording.recorder import record
from stacks.stack import foundation_stack
from tests.shipped import NAMED_BY_SERVICES

NAME = "usage-api"
STACK = f"service.{NAME}.production"
SELF = f"organization/pave/{STACK}"
RULE = "operations/budget-allows-the-change"
OTHER = "sha256:" + "ab" * 32


@pytest.fixture(scope="module")
def references(shipped: Path) -> dict[str, Any]:
    """What the foundation exports, as the engine's stack reference gives it."""
    foundation = Planner(load(shipped)).recording(foundation_stack("production"))
    return {"organization/pave/foundation.production": foundation.outputs}


@pytest.fixture
def root(tmp_path: Path, shipped: Path) -> Path:
    for folder in (*NAMED_BY_SERVICES, "services", "units"):
        shutil.copytree(shipped / folder, tmp_path / "catalog" / folder)
    return tmp_path / "catalog"


def budget(root: Path, today: date, ratio: float) -> Path:
    """What a server says: of all that is promised this share was missed."""
    catalog = load(root)
    service = service_at(catalog, NAME, "production")
    assert isinstance(service, Service)
    at = datetime(today.year, today.month, today.day, tzinfo=UTC).timestamp()
    labels: dict[str, Any] = {"__name__": "sli:bad_ratio:rate28d", "service": NAME, "cell": "production"}
    result: list[dict[str, Any]] = [
        {"metric": {**labels, "sli": watch.sli.name}, "value": [at, str(ratio)]}
        for watch in monitored(catalog, service).watches
        if watch.sli is not None
    ]
    path = root.parent / "budget.json"
    path.write_text(json.dumps({"status": "success", "data": {"resultType": "vector", "result": result}}))
    return path


def up(
    root: Path, today: date, references: Mapping[str, Any], before: Any = None, **config: Any
) -> dict[str, Any]:
    """What an update writes into the stack's output `pave`. Raises RunError when the gate stops it."""
    earlier = {} if before is None else {SELF: {"pave": before}}
    said = {
        f"pave:{name}": value if isinstance(value, str) else json.dumps(value)
        for name, value in config.items()
    }
    recording = record(
        lambda: run_gated(load(root), root, STACK, on_day(today)),
        project="pave",
        stack=STACK,
        references={**references, **earlier},
        config=said,
    )
    found: dict[str, Any] = recording.outputs["pave"]
    return found


def ship(root: Path, digest: str) -> str:
    """Writes another image into the spec, and gives back the one that was there."""
    path = root / "services" / f"{NAME}.yaml"
    text = path.read_text()
    old = text.partition("@")[2].split()[0]
    path.write_text(text.replace(old, digest))
    return old


def word(today: date, days: int = 1) -> dict[str, str]:
    last = date.fromordinal(today.toordinal() + days).isoformat()
    return {"incident": "4711", "reason": "a pool that leaks", "person": "jane", "expires": last}


def test_a_new_image_waits_while_the_budget_is_spent_and_a_rollback_does_not(
    root: Path, today: date, references: dict[str, Any]
) -> None:
    spent = str(budget(root, today, 0.9))
    first = up(root, today, references, budget=spent)
    old = ship(root, OTHER)
    with pytest.raises(pulumi.RunError, match=RULE) as stopped:
        up(root, today, references, first, budget=spent)
    assert "what runs" in str(stopped.value)
    assert "are spent for" in str(stopped.value)
    second = up(root, today, references, first)
    ship(root, old)
    third = up(root, today, references, second, budget=spent)
    assert third["running"]["now"] == first["running"]["now"]
    ship(root, OTHER)
    with pytest.raises(pulumi.RunError, match=RULE):
        up(root, today, references, third, budget=spent)


def test_with_something_left_a_new_image_passes(root: Path, today: date, references: dict[str, Any]) -> None:
    whole = str(budget(root, today, 0.0))
    first = up(root, today, references, budget=whole)
    ship(root, OTHER)
    assert up(root, today, references, first, budget=whole)["decision"]["blocking"] == 0


def test_what_is_not_risky_passes_with_a_spent_budget(
    root: Path, today: date, references: dict[str, Any]
) -> None:
    spent = str(budget(root, today, 0.9))
    first = up(root, today, references, budget=spent)
    path = root / "services" / f"{NAME}.yaml"
    path.write_text(path.read_text().replace("spec:\n", "spec:\n  alerting: {windows: [1h, 6h, 3d]}\n", 1))
    assert up(root, today, references, first, budget=spent)["decision"]["blocking"] == 0


def test_work_for_reliability_passes_with_somebodys_word_and_the_output_keeps_it(
    root: Path, today: date, references: dict[str, Any]
) -> None:
    spent = str(budget(root, today, 0.9))
    first = up(root, today, references, budget=spent)
    ship(root, OTHER)
    said = word(today)
    assert up(root, today, references, first, budget=spent, reliability=said)["reliability"] == said
    for wrong in (word(today, -1), word(today, 30), {"incident": "4711"}, ["x"]):
        with pytest.raises(pulumi.RunError, match=RULE):
            up(root, today, references, first, budget=spent, reliability=wrong)


def test_the_broken_glass_passes_it(root: Path, today: date, references: dict[str, Any]) -> None:
    spent = str(budget(root, today, 0.9))
    first = up(root, today, references, budget=spent)
    ship(root, OTHER)
    sealed = up(root, today, references, first, budget=spent, breakGlass=word(today))
    assert sealed["breakGlass"]["incident"] == "4711"


def test_a_waiver_passes_it(root: Path, today: date, references: dict[str, Any]) -> None:
    spent = str(budget(root, today, 0.9))
    first = up(root, today, references, budget=spent)
    ship(root, OTHER)
    waivers = root / "waivers"
    waivers.mkdir()
    last = date.fromordinal(today.toordinal() + 30)
    (waivers / "launch.yaml").write_text(
        f"""\
apiVersion: pave/v1
kind: Waiver
metadata: {{name: launch}}
spec:
  rule: {RULE}
  service: {NAME}
  environment: production
  path: spec.workloads
  reason: The launch was announced before the outage, and can't be moved by a week.
  owner: workplace
  ticket: https://example.com/tickets/4711
  requestedBy: jane
  approvedBy: omar
  granted: {today}
  expires: {last}
"""
    )
    assert up(root, today, references, first, budget=spent)["decision"]["waived"] == ["launch"]


@pytest.mark.parametrize("named", ["nowhere.json", "http://127.0.0.1:9"])
def test_a_budget_that_cannot_be_read_is_undecided_and_stops_nothing(
    root: Path, today: date, references: dict[str, Any], named: str
) -> None:
    first = up(root, today, references, budget=named)
    assert first["decision"]["undecided"] == 0, "a new stack changes nothing"
    ship(root, OTHER)
    found = up(root, today, references, first, budget=named)["decision"]
    assert (found["blocking"], found["undecided"]) == (0, 1)


def test_what_an_older_pave_left_is_undecided(root: Path, today: date, references: dict[str, Any]) -> None:
    spent = str(budget(root, today, 0.9))
    found = up(root, today, references, {"version": "0"}, budget=spent)["decision"]
    assert (found["blocking"], found["undecided"]) == (0, 1)
