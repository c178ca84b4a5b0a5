"""What reading one YAML document gives: its data, where each part of it stands, or why it can't be used."""

from typing import Any, NamedTuple

from catalog.yaml.fault import printable

MAX_DEPTH = 64
MAX_NODES = 50_000
MAX_SCALAR_CHARACTERS = 64 * 1024

Pointer = tuple[str | int, ...]
"""The way from a document's root to one of its parts: keys of mappings and positions in lists, from 0."""


class Mark(NamedTuple):
    """Where a scalar or a key stands: from 1, columns in code points, the end just after its last character.

    A mapping or a sequence has only a start; its end equals it.
    """

    line: int
    column: int
    end_line: int
    end_column: int


class Parsed(NamedTuple):
    """A document's data and where each part of it is written. The root's pointer is `()`.

    `values[p]` is where the value at `p` starts (an empty one: right after its `:` or `-`); `keys[p]` is
    where the key of the mapping entry `p` starts.
    """

    data: dict[str, Any]
    values: dict[Pointer, Mark]
    keys: dict[Pointer, Mark]


class Unusable(Exception):
    """A file that cannot be read as a document; `line` and `column` are None when the whole file is meant.

    `what` is a clause without a full stop, `fix` is one sentence or more.
    """

    def __init__(self, path: str, line: int | None, column: int | None, what: str, fix: str) -> None:
        super().__init__(path, line, column, what, fix)
        self.path = path
        self.line = line
        self.column = column
        self.what = what
        self.fix = fix

    def __str__(self) -> str:
        place = "" if self.line is None else f":{self.line}:{self.column}"
        return f"{printable(self.path)}{place}: {self.what}. {self.fix}"
