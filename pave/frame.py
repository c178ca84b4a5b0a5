"""A code frame: the owner's own lines around a finding, with a caret under what to edit."""

from collections.abc import Sequence

CONTEXT = 1


def code_frame(
    lines: Sequence[str], line: int, column: int, end_line: int, end_column: int, width: int
) -> list[tuple[str, str]]:
    """(gutter, text) pairs; the row after `line` holds the carets, with an empty gutter.

    Positions count from 1. Long lines are cut to `width` so that the caret stays in sight."""
    first, last = max(1, line - CONTEXT), min(len(lines), line + CONTEXT)
    digits = len(str(last))
    room = max(20, width - digits - 3)
    shift = max(0, column + 10 - room)
    rows: list[tuple[str, str]] = []
    for number in range(first, last + 1):
        text = lines[number - 1].replace("\t", " ")
        shown = ("…" + text[shift + 1 :]) if shift else text
        rows.append((f"{number:>{digits}}", shown if len(shown) <= room else shown[: room - 1] + "…"))
        if number == line:
            length = end_column - column if end_line == line else 1
            carets = " " * (column - 1 - shift) + "^" * max(1, min(length, room - (column - 1 - shift)))
            rows.append((" " * digits, carets))
    return rows
