"""The published page on ways round the gate is what the tests try."""

from collections.abc import Callable
from pathlib import Path

from tests.hostile.ways_round import PAGE, page


def test_the_page_lists_every_way_that_is_tried(home: Path, golden: Callable[[Path, str], None]) -> None:
    golden(home / PAGE, page())
