"""The gate in the program: a blocked stack registers nothing, and says what `pave check` says."""

import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pulumi
import pytest

from catalog.loader import load
from stacks.gate import run_gated
from stacks.plan import Planner
from stacks.recorder import record
from stacks.recording import Recording
from stacks.stack import foundation_stack

STACK = "service.customersdot.production"


@pytest.fixture(scope="module")
def references(shipped: Path) -> dict[str, Any]:
    """What the foundation exports, as the engine's stack reference gives it."""
    foundation = Planner(load(shipped)).recording(foundation_stack("production"))
    return {"organization/pave/foundation.production": foundation.outputs}


def gated(root: Path, stack: str, today: date, references: Mapping[str, Any] = {}) -> Recording:
    program = lambda: run_gated(load(root), root, stack, today)  # noqa: E731
    return record(program, project="pave", stack=stack, references=references)


@pytest.fixture
def root(tmp_path: Path, shipped: Path) -> Path:
    for folder in ("environments", "teams", "vendors", "services"):
        shutil.copytree(shipped / folder, tmp_path / "catalog" / folder)
    return tmp_path / "catalog"


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_an_allowed_stack_runs_whole(root: Path, today: date, references: dict[str, Any]) -> None:
    recording = gated(root, STACK, today, references)
    assert any(r.type == "gcp:sql/databaseInstance:DatabaseInstance" for r in recording.resources)


def test_a_blocked_stack_registers_nothing_and_shows_the_owners_line(root: Path, today: date) -> None:
    replace(root / "services" / "customersdot.yaml", "availability: regional", "availability: zonal")
    registered: list[str] = []

    def program() -> None:
        pulumi.runtime.register_stack_transformation(lambda args: registered.append(args.name))
        run_gated(load(root), root, STACK, today)

    with pytest.raises(pulumi.RunError) as error:
        record(program, project="pave", stack=STACK)
    assert registered == []
    message = str(error.value)
    assert message.startswith("BLOCKED  customersdot · production: ")
    assert "reliability/database-is-regional" in message
    assert "availability: zonal" in message
    assert "^^^^^" in message


def test_a_strangers_broken_file_stops_no_hotfix(root: Path, today: date, references: dict[str, Any]) -> None:
    (root / "services" / "other.yaml").write_text("kind: [", "utf-8")
    (root / "services" / "lunch-menu.yaml").write_text("kind: Service\n", "utf-8")
    assert gated(root, STACK, today, references).resources


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("services/customersdot.yaml", "tier: critical", "tier: criticl"),
        ("services/customersdot.yaml", "owner: fulfillment-platform", "owner: nobody"),
        ("environments/production.yaml", "purpose: production", "purpose: prod"),
        ("environments/production.yaml", "10.0.0.0/20", "10.0.0.1/20"),
    ],
)
def test_a_stack_whose_own_files_are_wrong_is_not_judged_and_not_run(
    root: Path, today: date, file: str, old: str, new: str
) -> None:
    replace(root / file, old, new)
    with pytest.raises(pulumi.RunError, match="pave can't judge"):
        gated(root, STACK, today)


def test_an_unknown_stack_names_the_nearest(root: Path, today: date) -> None:
    with pytest.raises(pulumi.RunError, match=r"Did you mean `service\.customersdot\.production`"):
        gated(root, "service.customerdot.production", today)
