"""Text in lines of a screen's width, in which neither a word nor a figure is cut: one that is longer than
a line stands on one alone."""

import textwrap
from collections.abc import Sequence

GAP = "  "
LEAST = 24
"""Columns that running text needs, not to become a thin strip."""
BELOW = 4
"""How far the last cell is indented where it has no room beside the others."""


def wrapped(text: str, width: int, first: str = "", rest: str | None = None) -> list[str]:
    """A paragraph in lines, the first after `first` and the others after `rest`, or as many blanks."""
    return textwrap.wrap(
        text,
        max(width, len(first) + 1),
        initial_indent=first,
        subsequent_indent=" " * len(first) if rest is None else rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def in_columns(rows: Sequence[Sequence[str]], width: int, right: Sequence[int] = ()) -> list[str]:
    """Rows of cells below each other, of which those at the indices in `right` end at the right of their
    column. The first and the last wrap as far as they have to; where the last has no room beside the others,
    it stands below them."""
    if not rows:
        return []
    longest = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    between = sum(longest[1:-1]) + len(GAP) * (len(longest) - 1)
    room = width - between
    least = [_least([row[at] for row in rows]) for at in (0, -1)]
    if longest[0] + longest[-1] <= room or room - longest[0] >= least[1]:
        first, last = longest[0], room - longest[0]
    elif room - least[1] >= least[0]:
        first, last = room - least[1], least[1]
    else:
        first, last = min(longest[0], max(room, least[0])), 0
    lines: list[str] = []
    for row in rows:
        lines += _row(row, [first, *longest[1:-1]], last, width, right)
    return lines


def _row(row: Sequence[str], widths: Sequence[int], last: int, width: int, right: Sequence[int]) -> list[str]:
    starts = wrapped(row[0], widths[0]) or [""]
    ends = wrapped(row[-1], last) if last else []
    middle = [
        cell.rjust(wide) if at in right else cell.ljust(wide)
        for at, (cell, wide) in enumerate(zip(row[1:-1], widths[1:], strict=True), 1)
    ]
    blank = [" " * len(cell) for cell in middle]
    lines = []
    for at in range(max(len(starts), len(ends))):
        start = (starts[at] if at < len(starts) else "").ljust(widths[0])
        end = ends[at] if at < len(ends) else ""
        lines.append(GAP.join([start, *(middle if at == 0 else blank), end]).rstrip())
    if not last:
        lines += wrapped(row[-1], width, " " * BELOW)
    return lines


def _least(cells: Sequence[str]) -> int:
    """The columns that cells need: their longest word, and for running text enough to be read."""
    words = max((len(word) for cell in cells for word in cell.split()), default=0)
    return max(words, min(LEAST, max(map(len, cells))))
