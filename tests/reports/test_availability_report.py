"""What `pave availability` says beside the figures: what they stand on, and how sure they are."""

import shutil
from pathlib import Path

import pytest

from catalog.kinds.service import Service, service_at
from catalog.loader import load
from pave.reports.availability import AvailabilityReport, as_text, availability_report
from tests.components.service_plans import SHAPES

SERVICES = [
    "customersdot",
    "customersdot-today",
    "invoice-archive",
    "lunch-menu",
    "receipt-scanner",
    "usage-api",
]


def _report(shipped: Path, name: str, *changes: str) -> AvailabilityReport:
    catalog = load(shipped, [shipped / "examples" / "customersdot-today.yaml"])
    service = service_at(catalog, name, "production")
    assert isinstance(service, Service)
    return availability_report(catalog, service, changes)


@pytest.mark.parametrize("name", SERVICES)
def test_every_figure_on_the_screen_names_what_it_stands_on_and_its_source(shipped: Path, name: str) -> None:
    report = _report(shipped, name)
    assert len(report.stands_on) == len(report.availability.parts)
    shown = as_text(report, colour=False, width=200)
    for part, on in zip(report.availability.parts, report.stands_on, strict=True):
        assert f"{part.availability:.4f}" in shown
        assert on
        assert on in shown
        assert f"  {part.source}: " in shown


def test_a_part_stands_on_what_its_owner_would_edit(shipped: Path) -> None:
    report = _report(shipped, "customersdot")
    on = {part.name: on for part, on in zip(report.availability.parts, report.stands_on, strict=True)}
    assert on["store db"] == "stores[db]"
    assert on["dependency zuora"] == "dependencies[zuora]"
    assert on["deploys"] == "rollout"
    assert on["region us-east1"] == "production: region"
    unwritten = _report(shipped, "lunch-menu")
    on = {part.name: on for part, on in zip(unwritten.availability.parts, unwritten.stands_on, strict=True)}
    assert on["deploys"] == "rollout (default)"


def test_a_bad_deploy_strikes_those_at_the_first_step_until_it_is_noticed_and_gone(shipped: Path) -> None:
    report = _report(shipped, "customersdot")
    deploys = next(part for part in report.availability.parts if part.name == "deploys")
    share, noticed, undone = 1 / 7, 30 + 60 + 120 + 20, 150
    assert deploys.minutes == pytest.approx(80 * 0.05 * share * (noticed + undone) / 60, rel=0.01)
    assert any("until the analysis of web takes it back" in line for line in report.assumptions)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("spec.rollout.rollback=manual", "strikes 14.3 % of users for 8.83 minutes, until people take it"),
        ("spec.rollout.steps=[100]", "strikes 100 % of users for 30 minutes, until people take it"),
    ],
)
def test_what_nobody_judges_or_takes_back_lasts_until_people_do(shipped: Path, asked: str, said: str) -> None:
    assert any(said in line for line in _report(shipped, "customersdot", asked).assumptions)


def test_nothing_is_counted_on_that_no_copy_counts(shipped: Path) -> None:
    said = _report(shipped, "usage-api").assumptions
    assert any("strikes 100 % of users for 30 minutes, until people take it" in line for line in said)


def test_the_coverage_of_degraded_modes_is_what_is_declared_else_the_default(shipped: Path) -> None:
    before = _report(shipped, "customersdot")
    after = _report(shipped, "customersdot", "spec.dependencies[zuora].coveragePercent=99")
    saved = before.availability.designed_minutes - after.availability.designed_minutes
    assert saved == pytest.approx(40.3 * 0.09, abs=0.05)
    assert [line for line in before.assumptions if "90 % of the outages, the default, of" in line]
    assert [line for line in after.assumptions if "99 % of the outages, of dependency zuora" in line]


def test_a_break_even_is_shown_in_all_three_cases(shipped: Path) -> None:
    texts = [
        as_text(_report(shipped, *asked), colour=False, width=100)
        for asked in (
            ("customersdot",),
            ("lunch-menu",),
            ("customersdot", "spec.rollout.deploysPerWindow=1"),
        )
    ]
    assert "However well degraded modes work, they alone don't keep the promise." in texts[0]
    assert "The promise is kept even if no degraded mode ever works." in texts[1]
    assert "The promise is kept where degraded modes work in 98." in texts[2]


def test_what_a_window_may_look_like_is_on_the_screen(shipped: Path) -> None:
    report = _report(shipped, "customersdot")
    windows = report.windows
    assert windows.p50 < report.availability.designed_minutes < windows.p90 < windows.p99
    assert f"{windows.chance_percent:.0f} % of windows miss the promise" in as_text(
        report, colour=False, width=100
    )


def test_what_nobody_knows_is_said_and_the_figure_is_at_most(shipped: Path, tmp_path: Path) -> None:
    shutil.copytree(shipped, tmp_path / "catalog")
    shipped = tmp_path / "catalog"
    for shape in ("search-indexer", "order-desk"):
        shutil.copy(SHAPES[shape], shipped / "services")
    said = as_text(_report(shipped, "search-indexer"), colour=False, width=100)
    assert "at most: nobody knows how available events is (`availability`)" in said
    known = _report(shipped, "search-indexer", "spec.dependencies[events].availability=99")
    assert known.availability.unknown == []
    assert "at most" not in as_text(known, colour=False, width=100)
