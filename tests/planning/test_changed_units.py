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
    shutil.copytree(HOME / "catalog", tmp_path / "catalog")
    file = tmp_path / "catalog" / path
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    found, gone = compare(load(HOME / "catalog"), load(tmp_path / "catalog"), PurePosixPath("catalog"))
    assert {one.stack for one in found if one.stack.startswith("unit.")} == units
    assert gone == []
