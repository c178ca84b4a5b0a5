"""What Google's own discovery documents take for a value: enumerations, patterns and bounds of integers.

`discovered.json` restates them by the provider's names (`python -m tools.discovered_values` makes it anew,
and says what isn't in it). The provider itself may take fewer: see `enumerations`."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from catalog.document import Json
from stacks.properties import is_unknown
from stacks.providers.enumerations import values_at

FILE = Path(__file__).with_name("discovered.json")

BOUNDS = {"int32": (-(2**31), 2**31 - 1), "uint32": (0, 2**32 - 1)}
"""What a format holds: https://developers.google.com/discovery/v1/type-format."""


@cache
def discovered() -> Mapping[str, Mapping[str, Any]]:
    """By type token and path, without the places in lists: what a value has to be, with the keywords `enum`,
    `pattern` and `format` of the documents."""
    types: Mapping[str, Mapping[str, Any]] = json.loads(FILE.read_bytes())["types"]
    return types


def invalid_values(token: str, inputs: Json) -> Iterator[tuple[str, object, str]]:
    """Each value among `inputs`, without marks of secrets, that Google's documents don't allow: its field in
    dots, the value, and what it has to be. Empty ones count as not given, and unknown ones as fine."""
    for field, limits in discovered().get(token, {}).items():
        for value in values_at(inputs, field.split(".")):
            if value in (None, "") or is_unknown(value):
                continue
            if (expected := _expected(value, limits)) is not None:
                yield field, value, expected


def _expected(value: object, limits: Mapping[str, Any]) -> str | None:
    """What a value would have to be; None for one that is."""
    if "enum" in limits and value not in limits["enum"]:
        return f"one of {', '.join(limits['enum'])}"
    if "pattern" in limits and re.fullmatch(limits["pattern"], str(value)) is None:
        return f"text that matches {limits['pattern']}"
    if "format" in limits and isinstance(value, (int, float)):
        least, most = BOUNDS[limits["format"]]
        if not least <= value <= most:
            return f"from {least:,} to {most:,}"
    return None
