"""What the parser reads though YAML forbids it: other readers refuse it, or see other data
(https://github.com/yaml/yaml-test-suite has a case for each)."""

import re
from typing import Any

from catalog.yaml.fault import TextError, position

_HEADER = re.compile(r"[|>][-+1-9]{0,2}")
_LINE = re.compile(r"(?:\r\n|\r|\n)( *)(\t*)([^\r\n]?)")
_BLANK_LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)((?: *(?:\r\n|\r|\n))*)( *)[^\s]")

Indent = int | None
"""The column of the block that something stands in, -1 for the document's; None within brackets."""


def refuse_lenient_scalar(event: Any, source: str, within: Indent) -> None:
    """Refuses a quoted text that goes on too far left or meets a comment, a text block with a comment that
    touches it or with blank lines deeper than its text, and a `?` that some take for a key's sign."""
    start, end = event.start_mark.index, event.end_mark.index
    if not event.style:
        if within is None and source[start - 1 : start] == "?":
            what = "`?` begins a key here for some readers, and is a part of it for others"
            raise TextError(start - 1, what, "Quote the key with its `?`.")
    elif event.style in "|>":
        _refuse_block(start, end, source, -1 if within is None else within)
    else:
        refuse_touching_comment(end, source)
        first, last = event.start_mark.line + 1, event.end_mark.line + 1
        if within is not None and last > first and shallow_line(start, end, source, within) is not None:
            what = f"the quote opened here is closed on line {last} only"
            fix = f"Close it on line {first}, or indent what goes on with it, with spaces."
            raise TextError(start, what, fix)


def refuse_touching_comment(end: int, source: str) -> None:
    """Refuses a `#` right after a value that has ended."""
    if source[end : end + 1] == "#":
        raise TextError(
            end, "a comment needs a space before its `#`", "Write one, or quote all of the value."
        )


def refuse_shallow_brackets(start: int, end: int, source: str, within: int) -> None:
    """Refuses brackets between two indices with a line that isn't indented more than the block which they
    stand `within`; but for one that only closes them."""
    at = shallow_line(start, end, source, within, "]}#")
    if at is not None:
        begun = position(source, start)[0]
        what = f"this line goes on with what begins on line {begun}, and is not indented more than its key"
        raise TextError(at, what, f"Indent it by {within + 1} spaces at least.")


def shallow_line(start: int, end: int, source: str, within: int, but: str = "") -> int | None:
    """Where, after its first line, a value between two indices has a line that isn't indented by more spaces
    than the column `within`; blank ones, and those that begin with one of `but`, may be."""
    for line in _LINE.finditer(source, start, end):
        spaces, _, first = line.groups()
        if len(spaces) <= within and first and first not in but:
            return line.start(2)
    return None


def _refuse_block(start: int, end: int, source: str, within: int) -> None:
    header = _HEADER.match(source, start)
    if header is not None:
        refuse_touching_comment(header.end(), source)
    blank = _BLANK_LINES.match(source, start)
    is_told = header is not None and any(sign.isdecimal() for sign in header.group())
    if blank is not None and not is_told and len(blank[2]) > within:
        deepest = max(map(len, re.split(r"\r\n|\r|\n", blank[1])), default=0)
        if deepest > len(blank[2]):
            what = "the blank lines before this text are indented more than it is"
            raise TextError(blank.end(2), what, "Delete the spaces in them.")
    if end >= len(source) and source.endswith(" "):
        what = "the text block ends in a line of blanks that has no end"
        raise TextError(len(source) - 1, what, "Delete the blanks, or end the line.")
