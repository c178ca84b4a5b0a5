"""Which edits affect what watches an environment."""

import shutil
from pathlib import Path, PurePosixPath

import pytest

from catalog.loader import load
from pave.planning.changed import compare
from tests.conftest import HOME

TEAM, SERVICE = "teams/fulfillment-platform.yaml", "services/customersdot.yaml"


@pytest.mark.parametrize(
    ("path", "old", "new", "units"),
    [
        ("units/production.yaml", "owner: platform", "owner: workplace", {"unit.production"}),
        (TEAM, "s_fulfillment_status", "s_fulfillment_alerts", {"unit.production", "unit.staging"}),
        (SERVICE, "owner: fulfillment-platform", "owner: workplace", {"unit.production", "unit.staging"}),
        ("services/lunch-menu.yaml", "timeoutSeconds: 5", "timeoutSeconds: 4", set()),
    ],
)
def test_a_unit_is_planned_anew_when_somebody_else_is_told(
    tmp_path: Path, path: str, old: str, new: str, units: set[str]
) -> None:
    assert affected(tmp_path, path, old, new, "unit") == units


@pytest.mark.parametrize(
    ("path", "old", "new", "is_affected"),
    [
        ("globals/production.yaml", "account: 2", "account: 3", True),
        ("teams/platform.yaml", "platform_alerts", "platform_noise", True),
        (SERVICE, "owner: fulfillment-platform", "owner: workplace", True),
        (SERVICE, "dataClass: orange", "dataClass: red", True),
        (SERVICE, "target: 99.95", "target: 99.9", False),
        ("services/lunch-menu.yaml", "timeoutSeconds: 5", "timeoutSeconds: 4", False),
    ],
)
def test_what_all_units_write_to_is_planned_anew_when_somebody_else_sees_or_is_told(
    tmp_path: Path, path: str, old: str, new: str, is_affected: bool
) -> None:
    found = affected(tmp_path, path, old, new, "global")
    assert found == ({"global.production"} if is_affected else set())


def affected(tmp_path: Path, path: str, old: str, new: str, kind: str) -> set[str]:
    """The stacks of a kind that an edit of the shipped catalog affects."""
    shutil.copytree(HOME / "catalog", tmp_path / "catalog")
    file = tmp_path / "catalog" / path
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    found, gone = compare(load(HOME / "catalog"), load(tmp_path / "catalog"), PurePosixPath("catalog"))
    assert gone == []
    return {one.stack for one in found if one.stack.startswith(f"{kind}.")}
