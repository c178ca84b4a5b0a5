"""The changes that `pave availability` recommends: each on top of those before it."""

from pathlib import Path

import pytest

from catalog.editing.spelling import spell
from catalog.kinds.service import Service, service_at
from catalog.loader import load
from components.design.service import designed
from components.design.what_if import assume, improvements


@pytest.mark.parametrize("name", ["customersdot", "customersdot-today", "lunch-menu", "usage-api"])
def test_an_improvement_is_what_assuming_it_and_those_before_it_gives(shipped: Path, name: str) -> None:
    catalog = load(shipped, [shipped / "examples" / "customersdot-today.yaml"])
    service = service_at(catalog, name, "production")
    assert isinstance(service, Service)
    before = designed(catalog, service).availability
    found = improvements(catalog, service)
    assumed: list[str] = []
    for change in found:
        assumed.append(f"{change.path}={spell(change.value)}")
        then = designed(catalog, assume(catalog, service, assumed)).availability
        assert (change.designed, change.designed_minutes) == (then.designed, then.designed_minutes)
        assert change.minutes_saved == pytest.approx(
            before.designed_minutes - then.designed_minutes, abs=1e-6
        )
        assert change.minutes_saved > 0
        assert change.reaches_promise is (then.designed >= then.promised)
        before = then
    assert len(found) >= 2 or name != "customersdot-today"


def test_the_first_improvement_is_the_one_that_saves_most(shipped: Path) -> None:
    catalog = load(shipped, [shipped / "examples" / "customersdot-today.yaml"])
    service = service_at(catalog, "customersdot-today", "production")
    assert isinstance(service, Service)
    now = designed(catalog, service).availability.designed_minutes
    found = improvements(catalog, service)
    alone = [
        now
        - designed(
            catalog, assume(catalog, service, [f"{change.path}={spell(change.value)}"])
        ).availability.designed_minutes
        for change in found
    ]
    assert alone == sorted(alone, reverse=True)
