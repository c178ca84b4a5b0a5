"""Fractions of 1 that stand where a percentage is asked for."""

import functools
from collections.abc import Iterator
from typing import Any

from catalog.document import Json
from catalog.problem import Wrong
from catalog.schema_words import percent_of
from catalog.validation import schema
from catalog.yaml.parsed import Pointer

LEAST = 0.5
"""From which a number below 1 is taken for a fraction: nobody promises less than one in a hundred of what is
good, and 0.1 may be what somebody means."""

MAY_BE_SMALL = frozenset({"changeFailurePercent"})
"""Percentages of what is bad: half a percent is a good one."""


def fractions(written: Json, kind: str = "Service") -> Iterator[Wrong]:
    """What is a fraction of 1 in a schema-valid document of a kind, where a percentage is asked for."""
    yield from _below(written["spec"], ("spec",), _percentages(kind))


def _below(value: Any, at: Pointer, percentages: frozenset[str]) -> Iterator[Wrong]:
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for step, item in items:
            yield from _below(item, (*at, step), percentages)
    elif isinstance(value, float) and LEAST <= value < 1 and at[-1] in percentages:
        what = f"`{at[-1]}` is {value} percent, less than one in a hundred."
        yield at, "catalog/fraction", what, f"Did you mean {percent_of(value)}?"


@functools.cache
def _percentages(kind: str) -> frozenset[str]:
    """The fields of a kind that are percentages wherever they stand."""
    found: dict[str, set[bool]] = {}

    def look(part: Any) -> None:
        if isinstance(part, dict):
            for name, field in part.get("properties", {}).items():
                if isinstance(field, dict) and field.get("type") in {"number", "integer"}:
                    found.setdefault(name, set()).add(field.get("unit") == "percent")
            part = list(part.values())
        for each in part if isinstance(part, list) else ():
            look(each)

    look(schema(kind))
    return frozenset(name for name, said in found.items() if said == {True}) - MAY_BE_SMALL
