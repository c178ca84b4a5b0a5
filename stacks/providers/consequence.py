"""What a change of a resource does beside what it says: it restarts, interrupts, or can't be taken back."""

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple, get_args

import msgspec

from catalog.document import Json

Kind = Literal["impossible", "irreversible", "interruption", "restart", "replace", "rerouting"]
"""The worst first. What is impossible the cloud refuses; what is irreversible no later change takes back; an
interruption is noticed by whoever uses it; a restart may go unnoticed; a replacement deletes it and makes it
anew; a rerouting leads requests elsewhere."""

_WORST_FIRST = get_args(Kind)


class Consequence(msgspec.Struct, frozen=True, rename="camel"):
    """One thing that a change does beside what it says: `what`, with how long it takes, and `who` notices it,
    in phrases. `path` is the dotted input that it follows from, empty for the whole resource; `source` the
    URL of whoever runs it."""

    kind: Kind
    path: str
    what: str
    who: str
    source: str


class Effect(NamedTuple):
    """A row of the table: what a change of any of these `fields` does, dotted inputs that stand in no list.

    `when(old, new)` says whether it does, given the inputs before and after; None is always."""

    kind: Kind
    fields: tuple[str, ...]
    what: str
    who: str
    source: str
    when: Callable[[Json, Json], bool] | None = None

    def follows(self, old: Json, new: Json) -> list[Consequence]:
        """What it is for inputs before and after, one for each field that differs."""
        return [
            Consequence(self.kind, field, self.what, self.who, self.source)
            for field in self.fields
            if at(old, field) != at(new, field) and (self.when is None or self.when(old, new))
        ]


def at(inputs: Json, field: str) -> object:
    """The value of a dotted field, None where it isn't."""
    found: object = inputs
    for name in field.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def worst_first(found: list[Consequence]) -> list[Consequence]:
    """The same, the worst first."""
    return sorted(found, key=lambda one: _WORST_FIRST.index(one.kind))
