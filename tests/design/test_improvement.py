"""The changes that `pave availability` recommends: each tried on its own, the one that saves most first."""

from pathlib import Path

import pytest

from catalog.editing.spelling import spell
from catalog.kinds.service import Service, service_at
from catalog.loader import load
from components.design.service import designed
from components.design.what_if import assume, improvements


@pytest.mark.parametrize("name", ["customersdot", "customersdot-today", "lunch-menu", "usage-api"])
def test_an_improvement_is_what_assuming_it_gives(shipped: Path, name: str) -> None:
    catalog = load(shipped, [shipped / "examples" / "customersdot-today.yaml"])
    service = service_at(catalog, name, "production")
    assert isinstance(service, Service)
    now = designed(catalog, service).availability
    found = improvements(catalog, service)
    for change in found:
        then = designed(
            catalog, assume(catalog, service, [f"{change.path}={spell(change.value)}"])
        ).availability
        assert (change.designed, change.designed_minutes) == (then.designed, then.designed_minutes)
        assert change.minutes_saved == pytest.approx(now.designed_minutes - then.designed_minutes, abs=1e-6)
        assert change.minutes_saved > 0
        assert change.reaches_promise is (then.designed >= then.promised)
    saved = [change.minutes_saved for change in found]
    assert saved == sorted(saved, reverse=True)
    assert found or name != "customersdot-today"
