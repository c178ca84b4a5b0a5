"""What of a migration's phases has a real counterpart here.

A move's counterpart is a module of its name in `moves/`, with a `counterpart(phase)`; nothing lists them."""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import NamedTuple

from components.design.migration.model import PhasePlan
from pave.rehearsing.stage import RehearsalStage

StagePassage = Callable[[RehearsalStage], None]


class Counterpart(NamedTuple):
    """What a phase is on the stage: in words, what leads into it, and what leads back; None where nothing
    does."""

    stands: str
    forward: StagePassage
    back: StagePassage | None


class Unrehearsed(NamedTuple):
    """A phase that can't be tried here, and why."""

    why: str


def counterpart_of(phase: PhasePlan) -> Counterpart | Unrehearsed:
    """What a phase is on the stage."""
    name = f"pave.rehearsing.moves.{phase.move}"
    if not phase.move or find_spec(name) is None:
        return Unrehearsed("Nothing of it runs: it changes what is written down and watched.")
    found: Counterpart | Unrehearsed = import_module(name).counterpart(phase)
    return found


def store_of(phase: PhasePlan, name: str) -> str:
    """The kind of the store of that name which is on the stage: the first of its kind in the phase. Empty for
    any other, and for one that isn't there."""
    first: dict[str, str] = {}
    for each in phase.spec.get("stores", []):
        first.setdefault(str(each["kind"]), str(each["name"]))
    return next((kind for kind, found in first.items() if found == name), "")
