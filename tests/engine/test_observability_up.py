"""An environment's observability unit and the global stack, on the real engine and the local cloud."""

from collections.abc import Iterator

import pytest

from tests.engine.road import Road

pytestmark = pytest.mark.engine
STACKS = ("unit.production", "global.production")


@pytest.fixture(scope="module")
def road(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Road]:
    road = Road(tmp_path_factory.mktemp("observability"))
    try:
        for stack in ("foundation.production", *STACKS):
            done = road.up(stack)
            assert done.code == 0, done.text
        yield road
    finally:
        road.close()


@pytest.mark.parametrize("stack", STACKS)
def test_what_watches_comes_up_and_then_there_is_nothing_to_do(road: Road, stack: str) -> None:
    before = road.last_call()
    again = road.up(stack)
    assert again.code == 0, again.text
    assert road.calls(before) == []
    assert road.pave("drift", stack).code == 0


def test_a_units_process_that_is_gone_is_told_and_comes_again(road: Road) -> None:
    kind = "kubernetes:apps/v1:StatefulSet"
    lost = road.held(kind, "observability/prometheus")
    road.delete_behind(lost)
    drifted = road.pave("drift", "unit.production")
    assert drifted.code == 1, drifted.text
    assert "production-prometheus" in drifted.text
    done = road.up("unit.production", "--refresh")
    assert done.code == 0, done.text
    assert road.held(kind, "observability/prometheus")


def test_a_unit_stays_when_the_global_stack_goes(road: Road) -> None:
    words = ("--confirm", "global.production", "--protected", "production", "--keep-protected")
    gone = road.pave("destroy", "global.production", *words)
    assert gone.code == 0, gone.text
    assert road.held(
        "kubernetes:operator.victoriametrics.com/v1beta1:VMCluster", "global-observability/series"
    ), "it holds data"
    unit = road.pave("drift", "unit.production")
    assert unit.code == 0, unit.text
