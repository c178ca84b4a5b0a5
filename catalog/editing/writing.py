"""A whole document as its owner would write it: short things on one line, long ones below each other.

`catalog.editing.splice` changes a document that is there; this is for one that isn't yet."""

from collections.abc import Iterator, Mapping
from typing import Any

from catalog.document import Json
from catalog.editing.spelling import spell
from catalog.yaml.parsed import Pointer

WIDTH = 80
"""Columns that a mapping or list on one line may take. A single scalar may take more."""


def write(data: Json, notes: Mapping[Pointer, str] = {}) -> str:
    """YAML that reads as `data`, in its order. A note becomes a comment above the entry or item at its
    pointer."""
    return "".join(f"{line}\n" for line in _below(data, (), "", notes))


def _below(value: Any, at: Pointer, indent: str, notes: Mapping[Pointer, str]) -> Iterator[str]:
    """The entries of a mapping, or the items of a list."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _value(f"{indent}{spell(key)}:", item, (*at, key), indent, notes)
    else:
        for index, item in enumerate(value):
            yield from _value(f"{indent}-", item, (*at, index), indent, notes)


def _value(head: str, value: Any, at: Pointer, indent: str, notes: Mapping[Pointer, str]) -> Iterator[str]:
    if at in notes:
        yield f"{indent}# {notes[at]}"
    line = f"{head} {spell(value)}"
    if not value or not isinstance(value, dict | list) or (len(line) <= WIDTH and not _is_noted(at, notes)):
        yield line
        return
    deeper = f"{indent}  "
    lines = list(_below(value, at, deeper, notes))
    if head.endswith("-"):  # the first entry of an item stands beside its dash
        while lines[0].startswith(f"{deeper}#"):
            yield f"{indent}{lines.pop(0).lstrip()}"
        head = f"{head} {lines.pop(0).lstrip()}"
    yield head
    yield from lines


def _is_noted(at: Pointer, notes: Mapping[Pointer, str]) -> bool:
    """Whether there is a note on something below a place."""
    return any(noted[: len(at)] == at and noted != at for noted in notes)
