"""The phases of a way: each a whole spec, the first what is there today and the last the target.

Every move of `catalog/migration/moves/` is asked for its steps; their ranks order them, and the parts that
each changes are laid over those before."""

import functools
from collections.abc import Callable, Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, NamedTuple

from catalog.document import Json
from catalog.migration import moves
from catalog.migration.parts import Assembled, Key, SpecPart, assembled
from catalog.migration.step import MoveStep, NoWay, Way

TODAY = "today"
"""The first phase: nothing has moved."""

DONE = "done"
"""What a migration's file says once the last phase has passed: the service is what its own file says."""


class MigrationPhase(NamedTuple):
    """A phase: its id, what the spec is in it, and the step that leads into it, None into the first. `move`
    is the name of the step's move."""

    id: str
    made: Assembled
    step: MoveStep | None
    move: str

    @property
    def spec(self) -> Json:
        """What the service is in it."""
        return self.made.spec


@functools.cache
def all_moves() -> dict[str, Callable[[Way], Iterator[MoveStep]]]:
    """The steps that each move asks for, by the move's name."""
    names = sorted(module.name for module in iter_modules(moves.__path__))
    return {name: import_module(f"{moves.__name__}.{name}").steps for name in names}


def phases(today: Json, target: Json) -> list[MigrationPhase]:
    """The phases from one spec to another, both schema-valid and merged for one environment. There is one
    where they don't differ. Raises NoWay when no shipped move leads to the target."""
    way = Way(today, target)
    found = [(step, name) for name, steps in all_moves().items() for step in steps(way)]
    found.sort(key=lambda each: (each[0].rank, each[0].id))
    ways = [MigrationPhase(TODAY, assembled(way.written, way.order), None, "")]
    parts: dict[Key, tuple[SpecPart, ...]] = dict(way.today)
    for step, name in found:
        parts = {**parts, **step.change(parts)}
        ways.append(MigrationPhase(step.id, assembled(parts, way.order), step, name))
    _require_target(parts, way)
    return ways


def _require_target(parts: dict[Key, tuple[SpecPart, ...]], way: Way) -> None:
    """Raises NoWay for a part that no move has brought to where it is to be."""
    values = {key: [part.value for part in found] for key, found in parts.items() if found}
    wanted: dict[Key, list[Any]] = {key: [part.value for part in found] for key, found in way.target.items()}
    for key in way.order:
        if values.get(key) != wanted.get(key):
            at = next((each.at for each in way.target.get(key, ())), ("spec", key[0]))
            what = f"No move that pave knows brings {'.'.join(filter(None, key))} from how it is to this."
            raise NoWay(at, what, "Write it as it is today, and change it when the service has moved.")
