"""What the rules say of the phases of a migration that nobody has begun."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from catalog.loader import Catalog, load
from pave.migrating.gated import PhaseGate, gates
from pave.workspace import Workspace
from tests.command import pave
from tests.laws import law
from tests.migration.generated import document, ways
from tests.migration.ways import CATALOG, MIGRATION, catalog_in

DAY = "2026-11-21"
SHIPPED: list[Catalog] = []


def judged(today: dict[str, Any], target: dict[str, Any], waives: dict[str, Any]) -> list[PhaseGate]:
    """The gates of a way, with what its migration waives."""
    if not SHIPPED:
        SHIPPED.append(load(CATALOG))
    start = "examples/portal-today.yaml"
    moving = {"environment": "production", "from": start, "owner": "workplace", **waives}
    migration = {"apiVersion": "pave/v1", "kind": "Migration", "metadata": {"name": "portal"}, "spec": moving}
    catalog = SHIPPED[0]
    for path, text in (
        ("migrations/portal.yaml", json.dumps(migration).encode()),
        (start, document(today).text),
        ("services/portal.yaml", document(target).text),
    ):
        catalog = catalog.with_text(path, text)
    assert catalog.problems == SHIPPED[0].problems
    way = catalog.way("portal")
    assert way is not None
    assert way.problems == []
    return gates(Workspace(CATALOG, date.fromisoformat(DAY), load=lambda *_: catalog), way)


@pytest.mark.slow
@given(ways())
@law(40)
def test_every_phase_passes_with_what_the_plan_says_has_to_be_waived(
    way: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    *phases, end = judged(*way, {})
    needed = sorted({rule for each in phases for rule in each.blocks} or {"security/waf-is-on"})
    waived = {
        "rules": needed,
        "reason": "The way leads through phases in which the machine still stands.",
        "ticket": "https://gitlab.com/acme/portal/-/issues/1",
        "requestedBy": "workplace-lead",
        "approvedBy": "infrastructure-lead",
        "granted": "2026-11-16",
        "expires": "2027-02-14",
    }
    *after, last = judged(*way, {"waives": waived})
    assert [(each.phase, each.blocks) for each in after if each.blocks] == []
    assert [each.waived for each in after] == [each.blocks for each in phases]
    assert {*last.blocks, *last.waived} == {*end.blocks}, "what is wrong with the end is its own file's fault"


def begun_without_waivers(place: Path) -> Path:
    root = catalog_in(place, "today")
    text = (root / MIGRATION).read_text("utf-8")
    (root / MIGRATION).write_text(text[: text.index("  waives:")], "utf-8")
    return root


def test_who_begins_is_told_which_rules_stop_which_phases(tmp_path: Path) -> None:
    root = begun_without_waivers(tmp_path / "catalog")
    words = ("migrate", "plan", "customersdot", "--catalog", str(root), "--today", DAY)
    said = pave(tmp_path, *words).stdout
    assert "- operations/journeys-are-measured: workloads-beside to release-machine, 9 in" in said
    assert "`waives` of migrations/customersdot.yaml before you begin." in " ".join(said.split())
    one = " ".join(pave(tmp_path, *words, "--phase", "promise").stdout.split())
    assert "gate passes; waived in it: reliability/availability-target-is-reachable" in one
    page = pave(tmp_path, *words, "--phase", "standby-db", "--format", "markdown").stdout
    assert "- **Gate**: stopped by `operations/jobs-are-watched`" in page
    report = json.loads(pave(tmp_path, *words, "--format", "json").stdout)
    assert [each["phase"] for each in report["gates"]] == [each["id"] for each in report["plan"]["phases"]]
    assert report["gates"][-1]["blocks"] == []


def test_what_is_waived_ends_by_its_day_here_too(tmp_path: Path) -> None:
    words = ("migrate", "plan", "customersdot", "--catalog", str(CATALOG), "--format", "json")
    now, later = (json.loads(pave(tmp_path, *words, "--today", day).stdout) for day in (DAY, "2027-02-15"))
    assert [each["phase"] for each in now["gates"] if each["blocks"]] == []
    assert "reliability/no-single-machine" in later["gates"][0]["blocks"]
