"""When users may be moved: by the clock, the environment's locks and the service's own peak."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from catalog.kinds.service import Service, service_at
from catalog.loader import Catalog, load
from components.design.migration.quiet import CutOver, cut_over
from tests.migration.ways import catalog_in

QUIET = "2026-11-18T12:00"

In = Callable[[str], tuple[Catalog, Service]]


@pytest.fixture(scope="module")
def moving(tmp_path_factory: pytest.TempPathFactory) -> In:
    """CustomersDot in a phase."""

    def found(phase: str) -> tuple[Catalog, Service]:
        catalog = load(catalog_in(tmp_path_factory.mktemp(phase) / "catalog", phase))
        service = service_at(catalog, "customersdot", "production")
        assert isinstance(service, Service)
        return catalog, service

    return found


def at(moving: In, phase: str, made: str | None, now: str = QUIET) -> CutOver | None:
    return cut_over(*moving(phase), made, datetime.fromisoformat(now).replace(tzinfo=UTC))


def test_in_a_quiet_hour_nothing_stands_in_its_way(moving: In) -> None:
    found = at(moving, "guard-db", "today")
    assert found is not None
    assert (found.phase, found.why_not) == ("guard-db", [])


@pytest.mark.parametrize(
    ("phase", "made"),
    [
        ("guard-db", "guard-db"),
        ("guard-db", "standby-db"),
        ("names-5", "today"),
        ("guard-db", None),
        ("redis-beside", "settings-db"),
        ("done", "promise"),
    ],
)
def test_what_moves_nobody_forward_is_none(moving: In, phase: str, made: str | None) -> None:
    assert at(moving, phase, made, "2026-11-21T03:00") is None


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("2026-11-20T22:59", None),
        ("2026-11-20T23:00", "in the weekend's lock"),
        ("2026-11-23T05:59", "in the weekend's lock"),
        ("2026-11-23T06:00", None),
        ("2026-12-17T12:00", None),
        ("2026-12-18T12:00", "in a lock of changes, Year end, from 12-18 to 01-04"),
        ("2027-01-04T12:00", "in a lock of changes, Year end, from 12-18 to 01-04"),
        ("2027-01-05T12:00", None),
    ],
)
def test_locks_begin_and_end_by_the_clock(moving: In, now: str, said: str | None) -> None:
    found = at(moving, "guard-db", "today", now)
    assert found is not None
    assert [each.startswith(said) for each in found.locks if said] == ([True] if said else [])
    assert bool(found.locks) == (said is not None)


def test_the_hour_before_the_peak_is_busy_too(moving: In) -> None:
    for now, is_busy in (("01:59", False), ("02:00", True), ("04:59", True), ("05:00", False)):
        found = at(moving, "guard-db", "today", f"2026-11-18T{now}")
        assert found is not None
        assert bool(found.peak) == is_busy, now


def test_a_service_that_does_not_move_has_none(tmp_path: Path) -> None:
    catalog = load(catalog_in(tmp_path / "catalog", "today"))
    service = service_at(catalog, "invoice-archive", "production")
    assert isinstance(service, Service)
    assert cut_over(catalog, service, "today", datetime(2026, 11, 21, tzinfo=UTC)) is None
