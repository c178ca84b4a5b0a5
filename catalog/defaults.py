"""Fills what an owner left out, where that is the same for everybody: the `default` of each field's schema.

Defaults are safe and highly available. Those that follow from a tier, a size or an environment are the
kind's own: see `catalog/kinds/`.
"""

import functools
from datetime import date
from typing import Any

from catalog.days import days_since_epoch
from catalog.document import Json
from catalog.validation import schema


def filled(kind: str, pointer: str, value: Any) -> Any:
    """A schema-valid value of a kind with the constant defaults of its fields filled in, all the way down.

    `pointer` is where in the kind's schema the value is described (`#/properties/spec`). Every field of the
    schema is there afterwards; one that was left out and has no default is None. Dates become days since
    1970-01-01. The value itself, and what it shares with the result, is not changed."""
    return _compiled(kind).part(pointer).filled(value)


class _Leaf:
    """A value of the schema with nothing to fill in below it."""

    def filled(self, value: Any) -> Any:
        return value


class _Items(_Leaf):
    """A list of the schema, each item of which is filled."""

    def __init__(self, item: _Leaf) -> None:
        self._item = item

    def filled(self, value: Any) -> Any:
        return [self._item.filled(each) for each in value] if isinstance(value, list) else value


class _Fields(_Leaf):
    """A mapping of the schema. `constants` are the values of fields that were left out, None for those
    without a default; `parts` are the fields to look into; `dates` are written as dates."""

    def __init__(self) -> None:
        self.constants: Json = {}
        self.parts: list[tuple[str, _Leaf]] = []
        self.dates: list[str] = []

    def filled(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        whole = self.constants | value
        for name, part in self.parts:
            if name in value:
                whole[name] = part.filled(value[name])
        for name in self.dates:
            if isinstance(whole[name], str):
                whole[name] = days_since_epoch(date.fromisoformat(whole[name]))
        return whole


class _Compiled:
    """The schema of a kind as what is to be filled in where, found out once for each of its parts."""

    def __init__(self, root: Json) -> None:
        self._root = root
        self._parts: dict[str, _Leaf] = {}

    def part(self, pointer: str) -> _Leaf:
        """What is described at a JSON pointer into the schema."""
        found: Any = self._root
        for step in pointer.split("/")[1:]:
            found = found[step]
        if not isinstance(found, dict):
            return _Leaf()
        if "$ref" in found:
            return self.part(found["$ref"])
        if pointer not in self._parts:
            if "properties" in found:
                fields = self._parts[pointer] = _Fields()  # before its fields, which may refer to it
                self._describe(fields, pointer, found)
            elif "items" in found:
                self._parts[pointer] = _Items(self.part(f"{pointer}/items"))
            else:
                self._parts[pointer] = _Leaf()
        return self._parts[pointer]

    def _describe(self, fields: _Fields, pointer: str, found: Json) -> None:
        properties = {name: each for name, each in found["properties"].items() if isinstance(each, dict)}
        parts = {name: self.part(f"{pointer}/properties/{name}") for name in properties}
        fields.parts = [(name, part) for name, part in parts.items() if type(part) is not _Leaf]
        fields.dates = [name for name, each in properties.items() if each.get("format") == "date"]
        fields.constants = {
            name: parts[name].filled(each["default"]) if "default" in each else None
            for name, each in properties.items()
            if name not in found.get("required", ())
        }


@functools.cache
def _compiled(kind: str) -> _Compiled:
    return _Compiled(schema(kind))
