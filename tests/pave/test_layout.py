"""How text is laid out: nothing is ever cut."""

from hypothesis import given
from hypothesis import strategies as st

from pave.layout import in_columns, wrapped

WORDS = st.text("abcdefgh[]-.", min_size=1, max_size=30)
CELLS = st.lists(WORDS, min_size=1, max_size=8).map(" ".join)
ROWS = st.lists(st.tuples(CELLS, WORDS, WORDS, CELLS), min_size=1, max_size=6)


@given(rows=ROWS, width=st.integers(20, 120))
def test_every_word_of_every_cell_stands_there_whole(rows: list[tuple[str, ...]], width: int) -> None:
    shown = " ".join(in_columns(rows, width, right=(1,))).split()
    assert sorted(shown) == sorted(word for row in rows for cell in row for word in cell.split())


@given(rows=ROWS)
def test_no_line_is_longer_than_the_screen_where_the_words_have_room(rows: list[tuple[str, ...]]) -> None:
    width = 140
    assert all(len(line) <= width for line in in_columns(rows, width, right=(1,)))


def test_what_has_no_room_beside_stands_below() -> None:
    rows = [("part", "%", "stands on"), ("dependency zuora", "99.99", "dependencies[gitlab-com]")]
    assert in_columns(rows, 60, right=(1,)) == [
        "part                  %  stands on",
        "dependency zuora  99.99  dependencies[gitlab-com]",
    ]
    longer = [*rows, ("workloads web + api: shared cause", "99.99", "edge")]
    assert in_columns(longer, 60, right=(1,))[2:] == [
        "workloads web + api: shared  99.99  edge",
        "cause",
    ]
    assert in_columns(rows, 36, right=(1,)) == [
        "part                  %",
        "    stands on",
        "dependency zuora  99.99",
        "    dependencies[gitlab-com]",
    ]


def test_a_paragraph_keeps_its_long_words() -> None:
    assert wrapped("fix https://example.com/a-long-address", 10, "  ") == [
        "  fix",
        "  https://example.com/a-long-address",
    ]
    assert in_columns([], 80) == []
