"""Every phase passes the gate, by what the migration allows and for no longer."""

from pathlib import Path

import pytest

from catalog.kinds.waiver import all_waivers, waivers
from catalog.loader import load
from tests.command import pave
from tests.migration.ways import MIGRATION, catalog_in, shipped_phases

DAY = "2026-11-21"
IDS = [phase.id for phase in shipped_phases()]


def check(root: Path, *words: str, day: str = DAY) -> tuple[int, str]:
    done = pave(root, "check", *words, "--catalog", str(root), "--today", day)
    return done.exit_code, " ".join(done.output.split())


@pytest.mark.parametrize("phase", IDS)
def test_every_phase_passes_the_gate(phase: str, tmp_path: Path) -> None:
    root = catalog_in(tmp_path / "catalog", phase)
    code, said = check(root, "customersdot")
    assert code == 0, said


def test_today_does_not_pass_without_what_the_migration_allows(tmp_path: Path) -> None:
    root = catalog_in(tmp_path / "catalog", "today")
    file = root / MIGRATION
    text = file.read_text("utf-8")
    file.write_text(text[: text.index("  waives:")], "utf-8")
    code, said = check(root, "customersdot")
    assert code == 1
    assert "reliability/no-single-machine" in said


def test_what_a_migration_allows_ends_by_its_day(tmp_path: Path) -> None:
    code, said = check(catalog_in(tmp_path / "catalog", "today"), "customersdot", day="2027-02-15")
    assert code == 1
    assert "waivers/expired" in said


def test_nothing_is_allowed_any_more_when_it_is_done(tmp_path: Path) -> None:
    catalog = load(catalog_in(tmp_path / "under-way", "today"))
    named = {each.name for each in waivers(catalog, "customersdot", "production")}
    assert named == {"customersdot-promise", "migrations/customersdot.yaml"}
    assert waivers(catalog, "customersdot", "staging") == []
    done = load(catalog_in(tmp_path / "done", "done"))
    assert {each.name for each in all_waivers(done)} == {"customersdot-promise"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("owner: fulfillment-platform", "owner: nobody", "There is no team `nobody` in the catalog."),
        ("environment: production", "environment: lab", "`customersdot` doesn't run in lab."),
        ("  phase: done", "  fase: done", "Unknown field `fase`. Did you mean `phase`?"),
    ],
)
def test_what_is_wrong_with_a_migration_is_said_at_its_line(
    old: str, new: str, said: str, tmp_path: Path
) -> None:
    root = catalog_in(tmp_path / "catalog", "done")
    file = root / MIGRATION
    file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")
    code, text = check(root)
    assert code != 0
    assert said in text
    assert "migrations/customersdot.yaml:" in text


def test_a_migration_of_nothing_is_said(tmp_path: Path) -> None:
    root = catalog_in(tmp_path / "catalog", "done")
    text = (root / MIGRATION).read_text("utf-8")
    (root / "migrations" / "nobody.yaml").write_text(
        text.replace("name: customersdot", "name: nobody"), "utf-8"
    )
    code, said = check(root)
    assert code != 0
    assert "There is no service `nobody` in the catalog." in said
