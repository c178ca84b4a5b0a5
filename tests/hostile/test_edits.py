"""Edits that would get something past the gate: each is made, and what comes of it is what the page says."""

from pathlib import Path

import pytest

from catalog.loader import Catalog, load
from policies.rule import Bundle
from tests.hostile.edited import Said, checked, edit, seen, updated, world
from tests.hostile.ways_round import ANSWERS, Row, rows

ROWS = rows()

pytestmark = pytest.mark.filterwarnings("ignore:gcp.* has been deprecated in favor of:DeprecationWarning")


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return world(tmp_path_factory.mktemp("before"))


@pytest.fixture(scope="module")
def usual(before: Path, bundle: Bundle) -> Said:
    """What a check says without any edit."""
    return checked(before, bundle)


@pytest.fixture(scope="module")
def catalog(before: Path) -> Catalog:
    return load(before)


def test_without_an_edit_nothing_blocks(usual: Said) -> None:
    assert [by for answer, by in usual if answer == "blocks"] == []


def test_the_table_has_every_kind_of_answer_and_each_way_once() -> None:
    assert {row.answer for row in ROWS} == ANSWERS.keys()
    assert len({row.trick for row in ROWS}) == len(ROWS) >= 60
    assert all(bool(row.why) == (row.answer == "open") for row in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.trick)
def test_an_edit_is_answered_as_the_page_says(
    row: Row, usual: Said, catalog: Catalog, bundle: Bundle, tmp_path: Path
) -> None:
    root = world(tmp_path)
    if row.answer == "seen":
        assert ("seen", row.by) in seen(root, row.edits)
    else:
        edit(root, row.edits)
    found = checked(root, bundle) - usual
    if row.answer == "open":
        assert (found, updated(catalog, load(root))) == (frozenset(), frozenset()), "it isn't open any more"
    elif row.answer == "refused":
        assert ("refused", row.by) in updated(catalog, load(root))
    elif row.answer != "seen":
        assert (row.answer, row.by) in found
    if row.answer != "blocks":
        assert "blocks" not in {answer for answer, _ in found}
