"""A few kills at random over two services in two environments; `make chaos` has many."""

from pathlib import Path

import pytest

from tests.engine.chaos import Chaos

pytestmark = pytest.mark.engine


def test_whoever_is_killed_nothing_is_lost_doubled_orphaned_or_another_s(tmp_path: Path) -> None:
    chaos = Chaos(tmp_path, seed=1)
    try:
        tally = chaos.run(kills=4)
    finally:
        chaos.close()
    assert not tally.wrong, "\n".join(tally.lines())
    assert tally.kills.total() >= 4
