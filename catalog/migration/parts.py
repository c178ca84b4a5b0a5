"""A spec taken apart, so that each part can move by itself, and put together again.

SpecParts remember which file they were written in, and where: a finding on a spec that nobody wrote as a
whole still leads to its owner's line."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from catalog.document import Json
from catalog.yaml.parsed import Pointer

Side = Literal["today", "target", "phase"]
"""In which file a part was written: how the service is, how it is to be, or nowhere but in the phase that the
migration is in."""

Key = tuple[str, str]
"""A part: the field of `spec`, and of a list of named items the item's name, else nothing."""

LISTED = ("workloads", "stores", "dependencies", "secrets", "jobs", "events")
"""The fields whose items move one by one."""

UNMOVED = ("environments",)
"""What is the same in every phase: where else the service runs."""


class SpecPart(NamedTuple):
    """A value, and where it was written: at a pointer into the spec of one `side`. Of single fields that came
    from elsewhere, `taken` says where from."""

    value: Any
    side: Side
    at: Pointer
    taken: Mapping[str, tuple[Side, Pointer]] = MappingProxyType({})

    @property
    def name(self) -> str:
        """The name of an item."""
        return str(self.value["name"])

    def with_fields(self, **fields: Any) -> "SpecPart":
        """The same part with other values of some fields, which the phase brings; None takes a field away."""
        changed = {name: value for name, value in {**self.value, **fields}.items() if value is not None}
        taken: dict[str, tuple[Side, Pointer]] = {**self.taken, **dict.fromkeys(fields, ("phase", ()))}
        return self._replace(value=changed, taken=taken)

    def taking(self, other: "SpecPart", fields: Iterable[str]) -> "SpecPart":
        """The same part with some fields as another has them, or hasn't."""
        changed, taken = {**self.value}, {**self.taken}
        for field in fields:
            changed.pop(field, None)
            if field in other.value:
                changed[field] = other.value[field]
                taken[field] = other.side, (*other.at, field)
        return self._replace(value=changed, taken=taken)


SpecParts = Mapping[Key, tuple[SpecPart, ...]]
"""What stands for each key: nothing, one part, or during a phase two beside each other."""


def parts_of(spec: Json, side: Side) -> dict[Key, tuple[SpecPart, ...]]:
    """The parts of a schema-valid, merged spec, in its own order."""
    found: dict[Key, tuple[SpecPart, ...]] = {}
    for field, value in spec.items():
        if field in UNMOVED:
            continue
        if field in LISTED:
            for index, item in enumerate(value):
                found[field, item["name"]] = (SpecPart(item, side, ("spec", field, index)),)
        else:
            found[field, ""] = (SpecPart(value, side, ("spec", field)),)
    return found


class Assembled(NamedTuple):
    """A spec made of parts, and where each subtree of it was written."""

    spec: Json
    sources: dict[Pointer, tuple[Side, Pointer]]


def assembled(parts: SpecParts, order: Iterable[Key]) -> Assembled:
    """The spec that the parts make up, with its lists in the order of some keys; what these leave out comes
    last."""
    spec: Json = {}
    sources: dict[Pointer, tuple[Side, Pointer]] = {}
    for key in dict.fromkeys([*order, *parts]):
        field, name = key
        for part in parts.get(key, ()):
            at: Pointer = ("spec", field)
            if name:
                items = spec.setdefault(field, [])
                at = ("spec", field, len(items))
                items.append(part.value)
            else:
                spec[field] = part.value
            sources[at] = (part.side, part.at)
            for each, source in part.taken.items():
                sources[(*at, each)] = source
    return Assembled(spec, sources)
