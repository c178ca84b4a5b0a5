"""With a token for the platform, a plan is judged with what can be proven of its waivers' approvals."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from pave.planning.decide import decide_plan, stack_named
from pave.workspace import Workspace

RULE = "reliability/database-is-regional"
WAIVER = f"""apiVersion: pave/v1
kind: Waiver
metadata: {{name: db-in-one-zone}}
spec:
  rule: {RULE}
  service: customersdot
  environment: production
  path: spec.stores[db].availability
  reason: The move waits for the vendor's maintenance window in January.
  owner: fulfillment-platform
  ticket: https://example.com/issues/1
  requestedBy: ada
  approvedBy: grace
  granted: 2026-11-01
  expires: 2027-01-15
"""


@pytest.mark.parametrize(("token", "blocks"), [(None, False), ("a-token-that-no-platform-knows", True)])
def test_a_plan_is_blocked_where_an_approval_could_be_proven_and_is_not(
    shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, token: str | None, blocks: bool
) -> None:
    for name in ("PAVE_GITLAB_TOKEN", "CI_API_V4_URL", "CI_PROJECT_ID"):
        monkeypatch.delenv(name, raising=False)
    if token is not None:
        monkeypatch.setenv("PAVE_GITLAB_TOKEN", token)
    root = tmp_path / "catalog"
    shutil.copytree(shipped, root)
    spec = root / "services" / "customersdot.yaml"
    spec.write_text(spec.read_text("utf-8").replace("availability: regional", "availability: zonal", 1))
    (root / "waivers").mkdir(exist_ok=True)
    (root / "waivers" / "db-in-one-zone.yaml").write_text(WAIVER, "utf-8")
    work = Workspace(root, date(2026, 11, 21))
    _, decision = decide_plan(work, stack_named(work, "customersdot", None))
    found = {finding.rule: finding.blocking for finding in decision.findings}
    assert (found[RULE], found.get("waivers/not-proven", False)) == (blocks, blocks)
