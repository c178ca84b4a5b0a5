"""What only an owner can make true: fields whose value is their word on their own system.

`availability: regional` becomes true by being written, because the platform makes it so. `need: soft` does
not: first the service has to work without that store. Which field is which, its schema says, with two
keywords of ours that validators pass over. `ownersWord` is what the field tells, as a clause after "it says";
it holds for all below the field. With `ownersWordWhen` it holds only while the fields beside it have these
values.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from catalog.below import below
from catalog.document import Json, source_pointer
from catalog.overrides import merge_override
from catalog.place import Place, places_in
from catalog.validation import schema
from catalog.yaml.parsed import Pointer


class OwnersWord(NamedTuple):
    """A field that only the owner can make true, the value that it would get, and what that tells, as a
    clause after "it says": ("need", "soft", "whether the service works without this store")."""

    field: str
    value: Any
    tells: str


def owners_word(written: Json, pointer: Pointer, value: Any, place: Place | None = None) -> OwnersWord | None:
    """The first word of its owner that a schema-valid document would change, if `value` stood at `pointer`.

    None when there is none: then the platform makes true what is written. What counts in several places is
    the owner's word if it is so in one of them; `place` is the only one in which the value would count."""
    root = schema(written["kind"])
    for document, at in _readings(written, pointer, place):
        tells, rules, here = None, root, document
        for step in at:
            rules, around, here = below(root, rules, step), here, _at(here, step)
            tells = _tells(rules, around) or tells
        if tells is not None:
            field = next(str(step) for step in reversed(at) if isinstance(step, str))
            return OwnersWord(field, value, tells)
        within = next(_within(root, rules, here, value), None)
        if within is not None:
            return within
    return None


def _readings(written: Json, pointer: Pointer, only: Place | None) -> Iterator[tuple[Json, Pointer]]:
    """The document as it is written and as it holds in each place, with its override merged in; and where
    what stands at `pointer` of the file stands then. Places where it doesn't count are left out."""
    if only is None:
        yield written, pointer
    places = places_in(written) if written["kind"] == "Service" else ()
    for place in places if only is None else [only]:
        merged, sources = merge_override(written, place)
        if source_pointer(sources, pointer) == pointer:
            yield merged, pointer
        for here, there in sources.items():
            if pointer[: len(there)] == there:
                yield merged, here + pointer[len(there) :]


def _within(root: Json, rules: Json, before: Any, value: Any) -> Iterator[OwnersWord]:
    """The owner's words that a value holds and that differ from those that are there."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _within(root, below(root, rules, index), _at(before, index), item)
    elif isinstance(value, dict):
        for name, of in value.items():
            inner, was = below(root, rules, name), _at(before, name)
            tells = _tells(inner, before)
            if tells is None:
                yield from _within(root, inner, was, of)
            elif of != was:
                yield OwnersWord(name, of, tells)


def _tells(rules: Json, around: Any) -> str | None:
    """What a field tells, if that is its owner's word among the fields `around` it."""
    when: Mapping[str, Any] = rules.get("ownersWordWhen", {})
    beside = around if isinstance(around, dict) else {}
    holds = all(beside.get(name) == value for name, value in when.items())
    tells: str | None = rules.get("ownersWord") if holds else None
    return tells


def _at(value: Any, step: str | int) -> Any:
    if isinstance(value, dict):
        return value.get(str(step))
    return value[step] if isinstance(value, list) and isinstance(step, int) and step < len(value) else None
