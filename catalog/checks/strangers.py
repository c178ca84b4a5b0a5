"""Overrides of parts that a service doesn't have: a misspelt name makes a new part of it, half of one."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from catalog import validation
from catalog.document import Json
from catalog.nearest import did_you_mean
from catalog.place import Place
from catalog.problem import Wrong
from catalog.yaml.parsed import Pointer


def named_by_nobody(
    merged: Json, sources: Mapping[Pointer, Pointer], written: Json, place: Place
) -> Iterator[Wrong]:
    """The parts that only the override for a place names, when it is them that make the `merged` service
    invalid. `sources` are as `merge_override` gives them, for what it made of the `written` service."""
    added = [at for at in sources if len(at) > 1 and isinstance(at[-1], int)]
    if not added or not validation.is_valid("Service", _without(merged, added)):
        return
    for at in added:
        name, listed = _found(merged, at)["name"], str(at[-2])
        there = [item["name"] for item in _found(written, at[:-1])]
        what = (
            f"The override for {place} changes `{name}`, which is none of the {listed} and not a whole one."
        )
        yield (*sources[at], "name"), "catalog/override", what, did_you_mean(name, there, "There are")


def _without(merged: Json, added: list[Pointer]) -> Json:
    left = deepcopy(merged)
    for at in sorted(added, key=lambda each: int(each[-1]), reverse=True):
        del _found(left, at[:-1])[at[-1]]
    return left


def _found(data: Any, at: Pointer) -> Any:
    for step in at:
        data = data[step]
    return data
