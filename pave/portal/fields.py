"""Finds the fields of specs that a word means, for whoever asks for a rule of that name."""

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from catalog.validation import kind_folders, schema

MOST = 3
"""Places of a field that are named."""


class FieldPlace(NamedTuple):
    """A field of a kind of spec: where it stands, `spec.workloads[].replicas`, and what its schema says."""

    kind: str
    path: str
    description: str


def fields_called(name: str) -> list[FieldPlace]:
    """The fields of that name, or that others call so, in all kinds of specs; services' first."""
    kinds = sorted(kind_folders(), key=lambda kind: (kind != "Service", kind))
    found = {
        place[:2]: place for kind in kinds for place in _below(kind, schema(kind), schema(kind), "", name)
    }
    return list(found.values())


def _below(kind: str, root: Any, part: Any, at: str, name: str) -> Iterator[FieldPlace]:
    if "$ref" in part:
        yield from _below(kind, root, root["$defs"][part["$ref"].rpartition("/")[2]], at, name)
    for key, field in part.get("properties", {}).items():
        if not isinstance(field, dict):
            continue
        path = f"{at}.{key}" if at else key
        if name.casefold() in {key.casefold(), *(each.casefold() for each in field.get("alsoCalled", ()))}:
            yield FieldPlace(kind, path, field.get("description", ""))
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
    said = f"`{name}` is no rule but a field: `{first.path}` of a {first.kind}{others}. {first.description}"
    words = "-".join("".join(f"-{c.lower()}" if c.isupper() else c for c in name).split("_"))
    about = sorted(rule for rule in rules if words in rule)[:MOST]
    hint = f" Rules about it: {', '.join(f'`{rule}`' for rule in about)}." if about else ""
    return f"{said} `pave schema {first.kind}` has it.{hint}"
