"""What the tests of the command share."""

from pathlib import Path

import pytest

from tests.checking.changing_world import World


@pytest.fixture
def world(tmp_path: Path, home: Path) -> World:
    """A catalog that has been checked once."""
    made = World(tmp_path, home)
    made.check()
    return made
