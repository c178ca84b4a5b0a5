"""Ways round the gate that need no engine to be tried: files that lie elsewhere, rules that aren't the ones
that were compiled, days that are over, resources that name no provider."""

import shutil
from collections.abc import Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pulumi
import pytest

from catalog.loader import load
from pave.delivery.engine.stack import on_day
from stacks.gate.gate import run_gated
from stacks.plan import Planner
from stacks.recording.recorder import record
from stacks.stack import foundation_stack, stacks
from tests.shipped import NAMED_BY_SERVICES

STACK = "service.invoice-archive.production"
"""A small one, with a database."""
WAIVER = """\
apiVersion: pave/v1
kind: Waiver
metadata: {{name: zonal-{n}}}
spec:
  rule: {rule}
  service: invoice-archive
  environment: production
  path: {path}
  reason: The standby waits for the vendor's licence, which is ordered.
  owner: fulfillment-platform
  ticket: https://example.com/tickets/1
  requestedBy: jane
  approvedBy: joe
  granted: 2026-11-01
  expires: 2026-12-01
"""
BLOCKING = (("reliability/database-is-regional", "spec.stores[index].availability"),)
"""What a zonal database breaks, and where."""


@pytest.fixture
def root(tmp_path: Path, shipped: Path) -> Path:
    """A catalog in which the service is blocked."""
    root = tmp_path / "catalog"
    for folder in (*NAMED_BY_SERVICES, "services"):
        shutil.copytree(shipped / folder, root / folder)
    spec = root / "services" / "invoice-archive.yaml"
    text = spec.read_text("utf-8")
    assert "kind: postgres, " in text
    spec.write_text(text.replace("kind: postgres, ", "kind: postgres, availability: zonal, "), "utf-8")
    return root


@pytest.fixture(scope="module")
def references(shipped: Path) -> dict[str, Any]:
    foundation = Planner(load(shipped)).recording(foundation_stack("production"))
    return {"organization/pave/foundation.production": foundation.outputs}


def waive(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for n, (rule, path) in enumerate(BLOCKING):
        (folder / f"zonal-{n}.yaml").write_text(WAIVER.format(n=n, rule=rule, path=path), "utf-8")


def gate(root: Path, today: date, references: Mapping[str, Any] = {}) -> None:
    program = partial(run_gated, load(root), root, STACK, on_day(today))
    record(program, project="pave", stack=STACK, references=references)


def test_a_waiver_counts_in_its_folder_until_its_last_day(
    root: Path, today: date, references: dict[str, Any]
) -> None:
    """By the machine's clock: whoever can turn that back can have an old waiver."""
    waive(root / "waivers")
    gate(root, today, references)
    gate(root, date(2026, 12, 1), references)
    with pytest.raises(pulumi.RunError, match="waivers/expired"):
        gate(root, date(2026, 12, 2))


@pytest.mark.parametrize("folder", ["../waivers", "examples", "services", "teams", "waiver"])
def test_a_waiver_that_lies_elsewhere_permits_nothing(root: Path, today: date, folder: str) -> None:
    """Code owners are given by folder."""
    waive(root / folder)
    with pytest.raises(pulumi.RunError, match="reliability/database-is-regional"):
        gate(root, today)


def test_a_rule_that_was_edited_and_not_compiled_gives_no_verdict(
    root: Path, today: date, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(
        home / "policies", tmp_path / "policies", ignore=shutil.ignore_patterns("*.py", "__pycache__")
    )
    monkeypatch.setattr("policies.in_force.HOME", tmp_path / "policies")
    with pytest.raises(pulumi.RunError, match="reliability/database-is-regional"):
        gate(root, today)
    rule = (
        tmp_path / "policies" / "rules" / "reliability" / "database_is_regional" / "database_is_regional.rego"
    )
    rule.write_text(
        rule.read_text("utf-8").replace("deny contains finding", "allow contains finding"), "utf-8"
    )
    with pytest.raises(pulumi.RunError, match=r"can't judge .* were changed after .*run `make bundle`"):
        gate(root, today)


def test_another_module_under_the_same_description_gives_no_verdict(
    root: Path, today: date, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(
        home / "policies", tmp_path / "policies", ignore=shutil.ignore_patterns("*.py", "__pycache__")
    )
    monkeypatch.setattr("policies.in_force.HOME", tmp_path / "policies")
    with (tmp_path / "policies" / "bundle" / "policy.wasm").open("ab") as module:
        module.write(b"\0")
    with pytest.raises(pulumi.RunError, match=r"can't judge .* is not the module that rules\.json describes"):
        gate(root, today)


@pytest.mark.slow
def test_every_resource_of_every_shipped_stack_names_its_provider(shipped: Path) -> None:
    """So it makes no difference when a stack's settings allow default providers again."""
    catalog = load(shipped)
    planner = Planner(catalog)
    for stack in stacks(catalog):
        for resource in planner.plan(stack).resources:
            if resource.custom and not resource.type.startswith("pulumi:"):
                assert resource.options.provider, resource.urn
