"""What a pipeline does after an apply that brings a new version step by step."""

from pathlib import Path

import msgspec
import pytest

from pave.commands.pipeline import _rollouts
from pave.gitlab.child_pipeline import PipelineSettings, delivery
from pave.planning.changed import NEVER, changes_since
from pave.reports.changes import ChangeReport
from tests.house.gitlab import complaint

SETTING = PipelineSettings("registry.example.com/acme/pave@sha256:" + "0f" * 32, "catalog")


@pytest.fixture(scope="module")
def everything(shipped: Path) -> ChangeReport:
    return msgspec.structs.replace(changes_since(NEVER, shipped), since="main", commit="1" * 40)


def test_new_versions_that_come_step_by_step_are_waited_for_and_keep_nobody_from_mending_them(
    everything: ChangeReport, shipped: Path, tmp_path: Path
) -> None:
    stack = "service.customersdot.production"
    made = delivery(everything, SETTING, {stack: 90})
    assert [name for name in made if name.startswith("rollout ")] == [f"rollout {stack}"]
    job = made[f"rollout {stack}"]
    assert job["needs"] == [f"apply {stack}"]
    assert job["timeout"] == "105 minutes"
    assert job["script"][-1] == (
        "pave rollout wait customersdot --env production --catalog catalog --cloud $PAVE_CLOUD --minutes 90"
    )
    assert "resource_group" not in job
    assert "allow_failure" not in job
    assert complaint(tmp_path, made) == ""
    waited = _rollouts(everything, shipped)
    assert waited[stack] > 45
    assert "service.lunch-menu.production" in waited
    assert not [name for name in waited if name.startswith("foundation.")]
