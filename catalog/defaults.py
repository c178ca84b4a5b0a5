"""Fills what an owner left out, where that is the same for everybody: the `default` of each field's schema.

Defaults are safe and highly available. Those that follow from a tier, a size or an environment are the
kind's own: see `catalog/kinds/`.
"""

import functools
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from catalog.days import days_since_epoch
from catalog.document import Json
from catalog.validation import schema


class _Fields(NamedTuple):
    """A mapping of the schema. `constants` are the values of fields that were left out, None for those
    without a default; `parts` are the fields to look into, by the JSON pointers of their schemas; `dates`
    are written as dates."""

    constants: Json
    parts: tuple[tuple[str, str], ...]
    dates: tuple[str, ...]


class _Items(NamedTuple):
    """A list of the schema whose items are looked into, by the JSON pointer of their schema."""

    pointer: str


def filled(kind: str, pointer: str, value: Any) -> Any:
    """A schema-valid value of a kind with the constant defaults of its fields filled in, all the way down.

    `pointer` is where in the kind's schema the value is described (`#/properties/spec`). Every field of the
    schema is there afterwards; one that was left out and has no default is None. Dates become days since
    1970-01-01. The value itself, and what it shares with the result, is not changed."""
    node = _node(kind, pointer)
    if isinstance(node, _Items) and isinstance(value, list):
        return [filled(kind, node.pointer, item) for item in value]
    if not isinstance(node, _Fields) or not isinstance(value, dict):
        return value
    whole = {**node.constants, **value}
    for name, part in node.parts:
        if name in value:
            whole[name] = filled(kind, part, value[name])
    for name in node.dates:
        if isinstance(whole[name], str):
            whole[name] = days_since_epoch(date.fromisoformat(whole[name]))
    return whole


@functools.cache
def _node(kind: str, pointer: str) -> _Fields | _Items | None:
    found, pointer = _resolved(kind, pointer)
    if "items" in found:
        items = f"{pointer}/items"
        return _Items(items) if _node(kind, items) is not None else None
    properties: Mapping[str, Any] = found.get("properties", {})
    if not properties:
        return None
    places = {name: f"{pointer}/properties/{name}" for name in properties}
    parts = tuple((name, place) for name, place in places.items() if _is_deep(kind, place))
    constants = {
        name: filled(kind, places[name], field["default"]) if "default" in field else None
        for name, field in properties.items()
        if name not in found.get("required", ())
    }
    dates = tuple(name for name, field in properties.items() if field.get("format") == "date")
    return _Fields(constants, parts, dates)


def _is_deep(kind: str, pointer: str) -> bool:
    """Whether there may be something to fill below; what overrides a spec is a spec, and never looked
    into."""
    found, _ = _resolved(kind, pointer)
    return "properties" in found or "items" in found


def _resolved(kind: str, pointer: str) -> tuple[Json, str]:
    """The schema at a pointer, and where it stands once references are followed."""
    found: Any = schema(kind)
    for step in pointer.split("/")[1:]:
        found = found[step]
    reference = found.get("$ref") if isinstance(found, dict) else None
    return _resolved(kind, reference) if reference is not None else (found, pointer)
