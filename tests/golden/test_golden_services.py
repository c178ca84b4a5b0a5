"""Golden services: spec → findings → design → plan, each a file to review."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from catalog.kinds.service import Service, service_at
from catalog.loader import Catalog, load
from catalog.neighbourhood import neighbourhood
from components.design.service import design
from pave.checking.judge import Judge
from policies.engines.embedded import EmbeddedEngine
from policies.rule import Bundle
from stacks.plan import Planner
from stacks.stack import foundation_stack, stack_of
from tests.golden.pages import pages

Golden = Callable[[Path, str], None]
GoldenFolder = Callable[[Path, Mapping[str, str]], None]
HERE = Path(__file__).parent
SERVICES = ["customersdot", "customersdot-today", "lunch-menu", "invoice-archive"]


@pytest.fixture(scope="module")
def catalog(shipped: Path) -> Catalog:
    return load(shipped, [shipped / "examples" / "customersdot-today.yaml"])


def in_production(catalog: Catalog, name: str) -> Service:
    found = service_at(catalog, name, "production")
    assert isinstance(found, Service)
    return found


@pytest.mark.parametrize("name", SERVICES)
def test_findings_of_a_spec(name: str, catalog: Catalog, golden: Golden, bundle: Bundle, today: date) -> None:
    judge = Judge(catalog, lambda: EmbeddedEngine(bundle), bundle.rules, today)
    decision = judge.decide(in_production(catalog, name))
    lines = [
        f"{'blocks' if f.blocking else f.status} {f.document}:{f.line}:{f.column} {f.rule}: {f.message}"
        for f in decision.findings
    ]
    golden(
        HERE / name / "findings.txt", "\n".join(["allowed" if decision.allowed else "blocked", *lines, ""])
    )


@pytest.mark.parametrize("name", SERVICES)
def test_design_of_a_spec(name: str, catalog: Catalog, golden: Golden) -> None:
    service = in_production(catalog, name)
    golden(HERE / name / "design.json", pretty(design(service, neighbourhood(catalog, service))))


@pytest.mark.parametrize("name", SERVICES)
def test_plan_of_a_spec(name: str, catalog: Catalog, golden_folder: GoldenFolder) -> None:
    plan = Planner(catalog).plan(stack_of(in_production(catalog, name)))
    golden_folder(HERE / name / "plan", pages(plan))


def test_plan_of_a_foundation(catalog: Catalog, golden_folder: GoldenFolder) -> None:
    plan = Planner(catalog).plan(foundation_stack("production"))
    golden_folder(HERE / "foundation" / "plan", pages(plan))


def test_nothing_is_golden_that_nothing_makes() -> None:
    there = {path.name for path in HERE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert there == {*SERVICES, "foundation", "screens"}


def pretty(value: Any) -> str:
    return json.dumps(msgspec.to_builtins(value), indent=1, ensure_ascii=False) + "\n"
