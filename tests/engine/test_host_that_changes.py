"""A service gets another host: the old one answers until somebody lets it go."""

from collections.abc import Iterator

import pytest

from stacks.providers.edge import MAP_ENTRY
from tests.engine.road import Road, flat, lines

pytestmark = pytest.mark.engine
SPEC = "services/lunch-menu.yaml"
OLD, NEW = "lunch-menu.acme.example", "canteen.acme.example"


@pytest.fixture
def lunch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Road]:
    road = Road(tmp_path_factory.mktemp("lunch"))
    try:
        for stack in ("foundation.production", "lunch-menu"):
            done = road.up(stack)
            assert done.code == 0, done.text
        yield road
    finally:
        road.close()


def hosts(road: Road) -> set[str]:
    return {str(held.inputs["hostname"]) for held in road.store.resources() if held.type == MAP_ENTRY}


def test_a_host_is_changed_in_two_steps_with_both_in_between(lunch: Road) -> None:
    lunch.edit(SPEC, "spec:\n", f"spec:\n  edge: {{host: {NEW}}}\n")
    before = lunch.last_call()
    refused = lunch.up("lunch-menu")
    assert refused.code == 1
    assert lines(refused.text, "keeps-hosts")
    assert f"formerHosts: [{OLD}]" in flat(refused.text)
    assert lunch.calls(before) == []

    lunch.edit(SPEC, f"host: {NEW}", f"host: {NEW}, formerHosts: [{OLD}]")
    both = lunch.up("lunch-menu")
    assert both.code == 0, both.text
    assert hosts(lunch) == {OLD, NEW}
    assert "delete" not in {operation for operation, *_ in lunch.calls(before)}, "all that it had is there"
    assert lunch.pave("drift", "service.lunch-menu.production").code == 0

    lunch.edit(SPEC, f", formerHosts: [{OLD}]", "")
    gone = lunch.up("lunch-menu")
    assert gone.code == 0, gone.text
    assert hosts(lunch) == {NEW}
