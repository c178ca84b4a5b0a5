"""What every command writes, made such that a terminal shows it as it is.

A file, its name, a git reference, a variable or a server's answer may hold what moves the cursor, hides the
rest, or turns it round. Whatever of that gets as far as an output is written as an escape; only the colours
that pave itself sets on a terminal stay.
"""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO, TypeVar, cast

import msgspec

from catalog.hidden import HIDDEN
from catalog.yaml.fault import printable, visible

Told = TypeVar("Told")

COLOUR = re.compile("(\x1b\\[(?:[0-3]|3[0-7])(?:;(?:[0-3]|3[0-7]))*m)")
"""A change of colour as click and rich write it. Others, such as the one that conceals, are nobody's here."""

NAMES = frozenset({"document", "path", "pointer", "resource", "source", "urn", "name", "rule"})
"""Fields that name something: in these a line break is a trick too."""


class PlainStream:
    """A text stream that writes to another what a terminal shows as it is."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Writes the text, and says how long it was."""
        self._stream.write(self._plain(text))
        return len(text)

    def writelines(self, lines: Any) -> None:
        """Writes each."""
        for line in lines:
            self.write(line)

    def _plain(self, text: str) -> str:
        if HIDDEN.search(text) is None:
            return text
        parts = COLOUR.split(text) if self._stream.isatty() else [text]
        return "".join(part if index % 2 else visible(part) for index, part in enumerate(parts))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def plain_output() -> Iterator[None]:
    """While it lasts, standard output and standard error are plain streams."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = cast("TextIO", PlainStream(before[0])), cast("TextIO", PlainStream(before[1]))
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def json_text(report: Any) -> str:
    """A report as JSON, two spaces deep, with a final newline."""
    return msgspec.json.format(msgspec.json.encode(told(report)), indent=2).decode() + "\n"


def told(report: Told) -> Told:
    """The report with all its texts as they may be shown, whatever reads them: JSON gives each its escapes
    back."""
    return cast("Told", _plain(report, "")) if _hides(report) else report


def _hides(value: Any) -> bool:
    """Whether something below a value isn't as it may be shown. Of most reports, nothing is."""
    if isinstance(value, str):
        return not value.isprintable()
    if isinstance(value, msgspec.Struct):
        return any(_hides(getattr(value, name)) for name in value.__struct_fields__)
    if isinstance(value, dict):
        return any(_hides(name) or _hides(item) for name, item in value.items())
    return isinstance(value, list | tuple) and any(map(_hides, value))


def _plain(value: Any, key: str) -> Any:
    if isinstance(value, str):
        return printable(value) if key in NAMES else visible(value)
    if isinstance(value, msgspec.Struct):
        is_line = hasattr(value, "fingerprint") and (hasattr(value, "rule") or hasattr(value, "fix"))
        fields = {name: getattr(value, name) for name in value.__struct_fields__}
        changed = {name: _plain(item, "path" if is_line else name) for name, item in fields.items()}
        return msgspec.structs.replace(value, **changed)
    if isinstance(value, dict):
        return {visible(name): _plain(item, name) for name, item in value.items()}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*(_plain(item, name) for name, item in zip(value._fields, value, strict=True)))
    if isinstance(value, list | tuple):
        return type(value)(_plain(item, key) for item in value)
    return value
