"""The document of a service that is moving: what its file says, but for the place where a migration is under
way, which is as the phase has it."""

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from typing import NamedTuple

from catalog.document import Document, Json, source_pointer
from catalog.migration.phases import DONE, MigrationPhase, phases
from catalog.migration.step import NoWay
from catalog.nearest import did_you_mean
from catalog.overrides import PHASE, merge_override
from catalog.place import PRODUCTION, Place
from catalog.problem import Problem, Wrong, problem_at
from catalog.yaml.parsed import Pointer


class Started(NamedTuple):
    """What a migration starts from: the file, if it could be read, else what is wrong with it."""

    document: Document | None
    wrong: tuple[str, str] = ("", "")


class MovingDocument(Document):
    """A service's file while the service moves in one environment.

    Its `data` say of that environment what the phase says. `trace` leads from there to who wrote it: the file
    itself, the one that says how the service is today, or the migration. `phases` are those of the way, and
    `problems` why there is no way."""

    __slots__ = ("_at", "_merged", "current", "made_of", "own", "phases", "place", "problems")

    def __init__(self, own: Document, migration: Document, started: Started) -> None:
        super().__init__(own.path, own.text, own.data)
        self.own = own
        self.place: Place = migration.data["spec"]["environment"]
        self.made_of = [migration, *filter(None, [started.document])]
        self._at: Pointer = ()
        self._merged: Mapping[str, tuple[Document, Mapping[Pointer, Pointer]]] = {}
        self.phases: list[MigrationPhase] = []
        self.current: MigrationPhase | None = None
        self.problems: list[Problem] = []
        for wrong in self._way(migration, started):
            self.problems.append(problem_at(migration, *wrong))

    @property
    def migration(self) -> Document:
        """The migration's own file."""
        return self.made_of[0]

    def at_phase(self, phase: str) -> "MovingDocument":
        """The same in another of its phases. Raises KeyError for one that it hasn't."""
        other = copy(self)
        other.enter({each.id: each for each in self.phases}[phase])
        return other

    def trace(self, pointer: Pointer) -> tuple[Document, Pointer]:
        """The file in which something was written, and where."""
        depth = len(self._at)
        if self.current is None or pointer[:depth] != self._at:
            return self.own, pointer
        inside: Pointer = ("spec", *pointer[depth:])
        for length in range(len(inside), 0, -1):
            found = self.current.made.sources.get(inside[:length])
            if found is not None:
                side, at = found
                if side == "phase":
                    return self.migration, ("spec", "phase")
                document, sources = self._merged[side]
                return document, source_pointer(sources, at + inside[length:])
        return self.own, ("spec",)

    def _way(self, migration: Document, started: Started) -> "Sequence[Wrong]":
        if started.document is None:
            return [(("spec", "from"), "catalog/migration", *started.wrong)]
        today, todays = merge_override(started.document.data, self.place)
        target, targets = merge_override(self.own.data, self.place)
        self._merged = {"today": (started.document, todays), "target": (self.own, targets)}
        try:
            self.phases = phases(today["spec"], target["spec"])
        except NoWay as error:
            pointer = source_pointer(targets, error.at)
            self.problems.append(problem_at(self.own, pointer, "catalog/migration", error.what, error.fix))
            return []
        named = {each.id: each for each in self.phases}
        asked = migration.data["spec"].get("phase", self.phases[0].id)
        if asked == DONE:
            return []
        if asked not in named:
            what = f"There is no phase `{asked}` on this way."
            return [
                (("spec", "phase"), "catalog/migration", what, did_you_mean(asked, [*named, DONE], "Phases"))
            ]
        self.enter(named[asked])
        return []

    def enter(self, phase: MigrationPhase) -> None:
        """Lays the phase over what the file says of its environment."""
        written = self.own.data
        entries: list[Json] = [*(written["spec"].get("environments") or [{"name": PRODUCTION}])]
        index = next((i for i, each in enumerate(entries) if each["name"] == self.place), None)
        if index is None:
            return
        entries[index] = {**entries[index], PHASE: phase.spec}
        self._at = ("spec", "environments", index, PHASE)
        self._parsed, self.current = None, phase
        self.data = {**written, "spec": {**written["spec"], "environments": entries}}


def moving(own: Document, migration: Document | None, start: Callable[[str], Started]) -> Document:
    """A service's document as its migration, if it has one that isn't done, makes it. `start` reads the file
    that a migration starts from, by its path from the catalog's root."""
    if migration is None or migration.data["spec"].get("phase") == DONE:
        return own
    return MovingDocument(own, migration, start(migration.data["spec"]["from"]))
