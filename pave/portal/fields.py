"""Finds the fields of specs that a word means, for whoever asks for a rule of that name."""

import re
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from catalog.validation import kind_folders, schema

MOST = 3
"""Places of a field that are named."""


class FieldPlace(NamedTuple):
    """A field of a kind of spec: where it stands, `spec.workloads[].replicas`, and what its schema says.
    `is_value` when what was asked for is one of its values."""

    kind: str
    path: str
    description: str
    is_value: bool = False


def fields_called(name: str) -> list[FieldPlace]:
    """The fields of that name, or at that place (`spec.workloads[web].image`), or that others call so, in all
    kinds of specs, services' first; else those of which it is a value."""
    kinds = sorted(kind_folders(), key=lambda kind: (kind != "Service", kind))
    found: dict[tuple[str, str], FieldPlace] = {}
    for place in (each for kind in kinds for each in _below(kind, schema(kind), schema(kind), "", name)):
        at = (place.kind, place.path)
        if at not in found or (place.description and not found[at].description):
            found[at] = place
    named = [place for place in found.values() if not place.is_value]
    return named or list(found.values())


def _below(kind: str, root: Any, part: Any, at: str, name: str) -> Iterator[FieldPlace]:
    if "$ref" in part:
        yield from _below(kind, root, root["$defs"][part["$ref"].rpartition("/")[2]], at, name)
    for key, field in part.get("properties", {}).items():
        if not isinstance(field, dict):
            continue
        path = f"{at}.{key}" if at else key
        names = {key.casefold(), path.casefold(), *(each.casefold() for each in field.get("alsoCalled", ()))}
        values = {
            str(each).casefold() for each in (*field.get("enum", ()), *field.get("valuesAlsoCalled", ()))
        }
        if (asked := re.sub(r"\[[^]]*\]", "[]", name.casefold())) in names | values:
            yield FieldPlace(kind, path, field.get("description", ""), is_value=asked not in names)
        if path.count(".") < DEEPEST:
            yield from _below(kind, root, field, path, name)
    if "items" in part:
        yield from _below(kind, root, part["items"], f"{at}[]", name)


DEEPEST = 8
"""Steps after which a schema that holds itself is left."""


def field_words(name: str, places: list[FieldPlace], rules: Collection[str]) -> str:
    """What to say of a field that was asked for as if it were a rule, with the rules that have its name in
    theirs."""
    first = places[0]
    others = f", and {len(places) - 1} more" if len(places) > 1 else ""
    what = "a value of" if first.is_value else "a field:"
    said = f"`{name}` is no rule but {what} `{first.path}` of a {first.kind}{others}."
    said += f" {first.description}" if first.description else ""
    words = "-".join("".join(f"-{c.lower()}" if c.isupper() else c for c in name).split("_"))
    about = sorted(rule for rule in rules if words in rule)[:MOST]
    hint = f" Rules about it: {', '.join(f'`{rule}`' for rule in about)}." if about else ""
    return f"{said} `pave schema {first.kind}` has it.{hint}"
