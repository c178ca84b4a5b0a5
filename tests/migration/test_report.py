"""A migration's plan in words, as data and as a page."""

import json
import re
from pathlib import Path

import pytest

from components.design.migration.plan import plan
from pave.migrating.page import page
from pave.migrating.report import MigrationReport
from tests.command import pave
from tests.migration.ways import CATALOG, way_in


@pytest.fixture(scope="module")
def whole() -> MigrationReport:
    return MigrationReport(plan=plan(*way_in(CATALOG)))


def test_a_reviewer_sees_all_phases_at_once(tmp_path: Path) -> None:
    done = pave(tmp_path, "migrate", "plan", "customersdot", "--catalog", str(CATALOG))
    assert done.exit_code == 0
    assert "customersdot · production: 20 phases" in done.output
    assert "No way back leads out of remove-machine, upgrade-db." in done.output
    said = next(each for each in done.output.splitlines() if each.startswith("All phases together"))
    assert len(said) <= 80, "as wide as the screen"
    minutes = re.search(
        r"at most (\S+) minutes with errors for everybody, of 20.2", " ".join(done.output.split())
    )
    assert minutes is not None
    assert float(minutes[1]) <= 20.2, "the way itself keeps the promise"


def test_a_phase_is_shown_with_all_that_is_known_of_it(tmp_path: Path) -> None:
    words = ("migrate", "plan", "customersdot", "--catalog", str(CATALOG), "--phase", "upgrade-db")
    done = pave(tmp_path, *words)
    assert "irreversible" in done.output
    assert "10 minutes at most, 49.6 % of the error budget" in done.output
    assert "gcloud sql instances clone customersdot-db-g1" in done.output


def test_a_phase_that_there_isn_t_is_said_with_the_nearest(tmp_path: Path) -> None:
    words = ("migrate", "plan", "customersdot", "--catalog", str(CATALOG), "--phase", "redis-swich")
    done = pave(tmp_path, *words)
    assert done.exit_code == 2
    assert "customersdot has no phase `redis-swich`. Did you mean `redis-switch`?" in done.output


def test_the_data_hold_the_spec_of_each_phase(tmp_path: Path) -> None:
    words = ("migrate", "plan", "customersdot", "--catalog", str(CATALOG), "--format", "json")
    report = json.loads(pave(tmp_path, *words).stdout)
    assert report["kind"] == "MigrationReport"
    phases = {each["id"]: each for each in report["plan"]["phases"]}
    assert [each["name"] for each in phases["redis-beside"]["spec"]["stores"]] == [
        "db",
        "redis",
        "redis-next",
    ]


def test_availability_grows_as_users_come_to_the_front_door(whole: MigrationReport) -> None:
    named = {each.id: each.designed for each in whole.plan.phases}
    shares = [named[f"names-{weight}"] for weight in (5, 25, 50, 100)]
    assert shares == sorted(shares)
    assert named["today"] < shares[0] < shares[-1] <= named["promise"]


def test_the_page_needs_nothing_but_itself(whole: MigrationReport) -> None:
    text = page(whole)
    assert re.findall(r"<(?:script|link|img|iframe)", text) == []
    assert set(re.findall(r'(?:src|href)="([^"]*)"', text)) <= {each.source for each in whole.plan.phases}
    assert text.count("<svg") == text.count("</svg>") > 5
    assert text.count("<g>") == text.count("</g>") > 20
    for each in whole.plan.phases:
        assert each.id in text


def test_the_markdown_is_a_list_of_things_to_do(tmp_path: Path) -> None:
    words = ("migrate", "plan", "customersdot", "--catalog", str(CATALOG), "--format", "markdown")
    text = pave(tmp_path, *words).stdout
    assert text.count("- [ ] ") > 60
    assert "| `upgrade-db` | C1 | 10 min | no return |" in text
