"""The global stack is gone: a unit goes on, pages once, and catches it up afterwards."""

import time
from collections.abc import Iterator

import pytest

from tests.prometheus.unit_on_loopback import Loopback, Outside, until

pytestmark = pytest.mark.prometheus
CURATED = '{__name__=~"unit:heartbeat:seconds|app:errors:ratio|ALERTS"}'


@pytest.fixture
def outside() -> Outside:
    return Outside()


@pytest.fixture
def unit(outside: Outside, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loopback]:
    made = Loopback(tmp_path_factory.mktemp("unit"), outside)
    yield made
    made.end()


def test_a_unit_pages_once_without_the_global_stack_and_catches_it_up(
    unit: Loopback, outside: Outside
) -> None:
    until(lambda: unit.samples("global", "unit:heartbeat:seconds", 60, time.time()))
    until(lambda: any(path == "/alive" for path, _ in outside.told))  # the dead man's switch hears it

    unit.link.cut()
    cut_at = time.time()
    unit.kill("prometheus-1")
    unit.kill("alertmanager-2")
    outside.is_broken = True
    until(outside.pages)
    time.sleep(15)  # longer than Alertmanagers wait for each other
    assert outside.pages() == ["PortalIsDown"], "of what is left, one tells, and once"

    gap = int(time.time() - cut_at)
    unit.link.heal()
    healed_at = time.time()
    missing = unit.samples("prometheus-0", CURATED, gap, healed_at)
    assert missing.keys() >= {"unit:heartbeat:seconds", "app:errors:ratio", "ALERTS PortalIsDown firing"}
    assert len(missing["unit:heartbeat:seconds"]) > 10
    until(lambda: unit.samples("global", CURATED, gap, healed_at) == missing)
    assert unit.samples("global", '{__name__=~"up|app_.*"}', 600, time.time()) == {}, "only what is curated"
