"""The mechanical remedy of a finding as one edit of its owner's file, for readers that offer to apply it.

Nothing is proved here: `pave fix` judges what it has edited, and takes back what doesn't hold.
"""

import functools
import re
from pathlib import Path
from typing import NamedTuple

import msgspec

from catalog.document import pointer_of
from catalog.editing.splice import Unspliceable, splice
from catalog.owners_word import owners_word
from catalog.yaml.parsed import Parsed, Unusable
from catalog.yaml.text import parse, read
from policies.decision import Finding

WORD = re.compile(r"[^\s\[\]{},:]*")


class Replacement(NamedTuple):
    """What is taken out of a file, and the text that is put there.

    Lines end in LF or CRLF, columns are code points, and both count from 1; the end is just behind what is
    taken out, which may be nothing."""

    line: int
    column: int
    end_line: int
    end_column: int
    text: str


class Remedies:
    """The remedies of findings on the files of the catalog at `root`, each of which is read once."""

    def __init__(self, root: Path) -> None:
        self._read = functools.cache(lambda path: _read(root / path, path))

    def of(self, finding: Finding) -> Replacement | None:
        """The edit that writes what a finding expects where it points. None for a finding on a resource, one
        that is undecided or expects nothing, where it can't be written, and for what only the owner can make
        true."""
        if finding.expected is msgspec.UNSET or finding.resource is not None or finding.status != "failed":
            return None
        file = self._read(finding.document)
        return None if file is None else _remedy(finding, *file)


def _read(path: Path, shown_as: str) -> tuple[bytes, Parsed] | None:
    try:
        text = read(path, shown_as)
        return text, parse(text, shown_as)
    except Unusable:
        return None


def _remedy(finding: Finding, text: bytes, parsed: Parsed) -> Replacement | None:
    pointer = pointer_of(finding.pointer, parsed.data)
    if any(isinstance(step, str) and step.isdecimal() for step in pointer):  # of a list that nobody wrote
        return None
    if owners_word(parsed.data, pointer, finding.expected) is not None:
        return None
    try:
        changed = splice(text, parsed, pointer, finding.expected)
    except Unspliceable:
        return None
    return _difference(text.decode("utf-8-sig"), changed.decode("utf-8-sig"))


def _difference(old: str, new: str) -> Replacement:
    """The one edit, of whole words, that makes a text another."""
    start = _alike(old, new)
    end = len(old) - _alike(old[start:][::-1], new[start:][::-1])
    start -= _word(old[:start][::-1])
    end += _word(old[end:])
    return Replacement(*_place(old, start), *_place(old, end), new[start : len(new) - len(old) + end])


def _alike(left: str, right: str) -> int:
    """How many characters two texts begin with alike."""
    pairs = zip(left, right, strict=False)
    return next((i for i, (one, other) in enumerate(pairs) if one != other), min(len(left), len(right)))


def _word(text: str) -> int:
    """How many characters of a word a text begins with."""
    found = WORD.match(text)
    return found.end() if found else 0


def _place(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
