"""Services as they exist in the world are made by the real engine on the local cloud, and stay as they are
made: also one with a store of every kind."""

import shutil
from collections.abc import Iterator

import pytest

from tests.components.service_plans import SHAPES
from tests.engine.road import Road
from tests.planning.test_real_services import REAL

pytestmark = pytest.mark.engine

IN_ORDER = sorted(REAL, key=lambda name: name == "search-indexer")
"""What publishes to a queue comes before what hears it."""


@pytest.fixture(scope="module")
def busy(paved: Road) -> Iterator[Road]:
    """A foundation that stands, and a catalog that has them all."""
    for name in REAL:
        shutil.copy(SHAPES[name], paved.catalog / "services")
    try:
        yield paved
    finally:
        for name in reversed(IN_ORDER):
            stack = f"service.{name}.production"
            paved.pave("destroy", stack, "--protected", "production", "--keep-protected", "--confirm", stack)
            (paved.catalog / "services" / f"{name}.yaml").unlink()
        paved.restore()


@pytest.mark.parametrize("name", IN_ORDER)
def test_a_real_service_is_made_and_then_there_is_nothing_to_do(busy: Road, name: str) -> None:
    stack = f"service.{name}.production"
    busy.set_secrets(stack)
    made = busy.up(stack)
    assert made.code == 0, made.text
    again = busy.up(stack)
    assert again.text.endswith("Nothing to do.\n"), again.text


def test_what_is_asked_from_outside_goes_before_what_its_policy_needs(busy: Road) -> None:
    """Google deletes no uptime check, and no channel, while a policy refers to it."""
    stack = "service.blog.production"
    busy.set_secrets(stack)
    made = busy.up(stack)
    assert made.code == 0, made.text
    words = ("--protected", "production", "--keep-protected", "--confirm", stack)
    done = busy.pave("destroy", stack, *words)
    assert done.code == 0, done.text
    policy, check, channel = (
        done.text.index(f"deleted monitoring {kind}")
        for kind in ("AlertPolicy", "UptimeCheckConfig", "NotificationChannel")
    )
    assert policy < min(check, channel)
