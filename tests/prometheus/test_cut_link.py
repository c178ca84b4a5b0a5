"""The global stack is gone for longer than the unit's log reaches: the unit goes on, pages once, and catches
it up afterwards. When the unit is gone, somebody outside notices."""

import time
from collections.abc import Iterator

import pytest

from tests.prometheus.global_on_loopback import Series
from tests.prometheus.processes import until
from tests.prometheus.unit_on_loopback import Loopback, Outside

pytestmark = pytest.mark.prometheus
CURATED = '{__name__=~"unit:heartbeat:seconds|app:errors:ratio|ALERTS|ALERTS_FOR_STATE"}'
HEARTBEAT = "unit:heartbeat:seconds"
CUT_SECONDS = 75
"""Many times as long as a block is, after which the log is shortened."""


@pytest.fixture
def outside() -> Outside:
    return Outside()


@pytest.fixture
def unit(outside: Outside, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loopback]:
    made = Loopback(tmp_path_factory.mktemp("unit"), outside)
    yield made
    made.end()


def sizes(found: Series) -> dict[str, int]:
    return {series: len(values) for series, values in found.items()}


def test_a_unit_pages_once_without_the_global_stack_and_catches_it_up(
    unit: Loopback, outside: Outside
) -> None:
    until(lambda: unit.global_.samples(HEARTBEAT, 60, time.time()))
    until(lambda: outside.heard)

    unit.kill("prometheus-1")
    unit.kill("alertmanager-2")
    unit.link.cut()
    cut_at = time.time() + 1
    outside.is_broken = True
    until(outside.pages)
    time.sleep(max(15, cut_at + CUT_SECONDS - time.time()))  # so long Alertmanagers wait for each other, too
    assert outside.pages() == ["PortalIsDown"], "of what is left, one tells, and once"

    healed_at = time.time()
    gap = int(healed_at - cut_at)
    unit.link.heal()
    until(lambda: unit.global_.samples(HEARTBEAT, int(time.time() - healed_at), time.time()))
    wanted = unit.samples(CURATED, gap, healed_at)  # all that was evaluated by then is written by now
    assert len(wanted) > 3
    assert sizes(unit.global_.samples(CURATED, gap, healed_at)) != sizes(wanted), "the log has forgotten some"

    unit.catch_up(cut_at - 60)
    until(lambda: unit.global_.samples(CURATED, gap, healed_at) == wanted)
    before = unit.global_.samples(CURATED, gap + 60, healed_at)
    unit.catch_up(cut_at - 60)
    unit.global_.flush()
    assert unit.global_.samples(CURATED, gap + 60, healed_at) == before, "a second time changes nothing"
    assert unit.global_.samples('{__name__=~"up|app_.*"}', 600, time.time()) == {}, "only what is curated"

    assert outside.heard
    assert not outside.has_noticed(), "the unit was there all the time"
    for name in ("prometheus-0", "alertmanager-0", "alertmanager-1"):
        unit.kill(name)
    until(outside.has_noticed)
