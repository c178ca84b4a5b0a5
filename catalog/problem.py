"""What is wrong with a document, said to the person who can fix it."""

import msgspec

from catalog.document import Document, readable
from catalog.yaml.fault import printable
from catalog.yaml.parsed import Pointer

BROKEN_NEIGHBOUR = "catalog/broken-neighbour"
"""The rule of what isn't wrong, and can't be decided until another file is mended."""

Wrong = tuple[Pointer, str, str, str]
"""A finding about a document as written: (where, rule, what is wrong, how to fix it)."""


class Problem(msgspec.Struct, frozen=True, rename="camel", order=True):
    """One thing wrong with one document before any rule sees it.

    `rule` is `schema/<keyword>` for the shape and `catalog/<what>` for what several files say together;
    `path` is for people (`spec.stores[db].kind`); `line` and `column` count from 1.
    `fingerprint` is given when it is reported: the same on the day when its line has moved;
    `is_known` when a baseline has it."""

    document: str
    line: int
    column: int
    rule: str
    path: str
    message: str
    why: str
    fix: str
    fingerprint: str = ""
    is_known: bool = False

    def __post_init__(self) -> None:
        """What it quotes of a file stays on the line that quotes it."""
        for field in ("path", "message", "fix"):
            text = getattr(self, field)
            if text and text.splitlines() != [text]:
                msgspec.structs.force_setattr(self, field, printable(text))

    def __str__(self) -> str:
        return printable(f"{self.document}:{self.line}:{self.column}: {self.message} {self.fix}".rstrip())


def problem_at(
    document: Document, pointer: Pointer, rule: str, what: str, fix: str, why: str = ""
) -> Problem:
    """A problem at a pointer of a document as written."""
    document, pointer = document.trace(pointer)
    mark, _ = document.mark(pointer)
    return Problem(
        document.path, mark.line, mark.column, rule, readable(pointer, document.data), what, why, fix
    )
