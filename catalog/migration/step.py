"""What a move says of one phase, and what it is told of the whole way."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

from catalog.document import Json
from catalog.migration.measure import Measure
from catalog.migration.parts import Key, SpecPart, SpecParts, parts_of
from catalog.stores.database import Database
from catalog.stores.registry import store_kinds
from catalog.yaml.parsed import Pointer

Semantics = Literal[
    "nothing changes",
    "in place",
    "in place with restart",
    "parallel and switch",
    "replace with loss",
    "irreversible",
]
"""What a move does to what is there. No shipped move replaces with loss: what could only be had that way is
refused, with what to write instead."""

ChangeClass = Literal["C1", "C2", "C3", "C4"]
"""https://handbook.gitlab.com/handbook/engineering/infrastructure-platforms/change-management/"""

LEAD_DAYS: Mapping[ChangeClass, int] = {"C1": 14, "C2": 1, "C3": 0, "C4": 0}
"""How long before it a change of a class is announced: two weeks for what may take production down. Of C2 the
page says no number; a day is ours."""


class ByHand(NamedTuple):
    """What people do, since it lies beyond the platform: what, the commands for it, and whether it comes
    before the update of its phase or after it. Commands have holes (`{project}`) for names that only the
    design knows."""

    what: str
    commands: tuple[str, ...] = ()
    when: Literal["before", "after"] = "before"


Becoming = Callable[[SpecParts], SpecParts]
"""What a phase makes of the parts as they are before it: those that become others."""


class MoveStep(NamedTuple):
    """One phase as a move wants it. `rank` orders the steps of all moves. `minutes` are the minutes in which
    everybody meets errors, at most. Where `no_return` isn't empty, it says why no rollback leads out of the
    phase again. It is `about` a store, by its name, or about no single one. `is_cut_over` says that users are
    moved, or meet an interruption: such a phase waits for a quiet hour. `losing` are stores and machines
    whose resources go for good. `measures` are what has to hold before it and after it by itself, beside what
    people `verify`; where one fails, a phase that `returns` is taken back at once."""

    id: str
    rank: int
    title: str
    semantics: Semantics
    change: Becoming
    needs: tuple[str, ...]
    noticed: str
    minutes: float
    verify: tuple[str, ...]
    rollback: str
    rollback_minutes: float
    soak_hours: float
    change_class: ChangeClass
    source: str
    by_hand: tuple[ByHand, ...] = ()
    no_return: str = ""
    is_cut_over: bool = False
    losing: tuple[str, ...] = ()
    about: str = ""
    measures: tuple[Measure, ...] = ()
    returns: bool = False


class NoWay(Exception):
    """The target can't be reached as it is written: where that is written, what is wrong, and what to
    write."""

    def __init__(self, at: Pointer, what: str, fix: str) -> None:
        super().__init__(f"{what} {fix}")
        self.at, self.what, self.fix = at, what, fix


class Pair(NamedTuple):
    """A part as it is and as it is to be; None where it isn't there."""

    name: str
    today: SpecPart | None
    target: SpecPart | None


class Way:
    """From a spec to a spec of the same service, both schema-valid and merged for one environment. `written`
    are the parts of the first as it says them, `today` the same in the words of the `target`: what only one
    of them leaves to a default is no difference."""

    def __init__(self, today: Json, target: Json) -> None:
        self.written, self.target = parts_of(today, "today"), parts_of(target, "target")
        tiers = today["tier"], target["tier"]
        self.today = {
            key: tuple(_in_the_words_of(part, self.target.get(key, ()), tiers) for part in parts)
            if key[0] == "stores"
            else parts
            for key, parts in self.written.items()
        }

    @property
    def order(self) -> list[Key]:
        """The order of all parts: the target's, and what it hasn't comes after."""
        return list(dict.fromkeys([*self.target, *self.today]))

    def pairs(self, field: str) -> Iterator[Pair]:
        """The items of a list of named ones."""
        for key in self.order:
            if key[0] == field and key[1]:
                yield Pair(key[1], _only(self.today, key), _only(self.target, key))

    def pair(self, field: str) -> Pair:
        """A field that moves as a whole."""
        return Pair("", _only(self.today, (field, "")), _only(self.target, (field, "")))

    def items(self, side: Literal["today", "target"], field: str) -> list[Json]:
        """The items of a list of one side."""
        parts = self.today if side == "today" else self.target
        return [part.value for key, found in parts.items() if key[0] == field and key[1] for part in found]

    @property
    def leaves_machines(self) -> bool:
        """Whether something that runs on a machine today runs in the cluster then."""
        return any(on_machine(each) for each in self.items("today", "workloads")) and not any(
            on_machine(each) for each in self.items("target", "workloads")
        )


def _in_the_words_of(part: SpecPart, others: tuple[SpecPart, ...], tiers: tuple[str, str]) -> SpecPart:
    """A store as it is, with the fields that mean the same in the target written, or left out, as there."""
    if not others or others[0].value["kind"] != part.value["kind"]:
        return part
    (now, tier), (then, other) = (part.value, tiers[0]), (others[0].value, tiers[1])
    if on_machine(now) or on_machine(then):
        return part
    same = [
        field
        for field in ("availability", "edition", "generation", "size", "version")
        if (field in now) != (field in then) and _meant(now, field, tier) == _meant(then, field, other)
    ]
    return part.taking(others[0], same)


def _meant(store: Json, field: str, tier: str) -> Any:
    """What a field of a managed store in production is, where nobody writes it: `catalog/stores/` says
    why."""
    kind = store_kinds()[store["kind"]]
    version = kind.VERSION if issubclass(kind, Database) else kind.VERSIONS[-1] if kind.VERSIONS else ""
    usual = {
        "availability": "regional",
        "edition": "enterprise-plus" if tier == "critical" else "enterprise",
        "generation": 1,
        "size": "small",
        "version": version,
    }
    return store.get(field, usual[field])


def on_machine(part: Json) -> bool:
    """Whether a workload or a store is on a machine of today."""
    return part.get("runtime") == "vm"


def _only(parts: SpecParts, key: Key) -> SpecPart | None:
    found = parts.get(key, ())
    return found[0] if found else None


def setting(key: Key, *parts: SpecPart) -> Becoming:
    """A change by which these parts stand for a key, whatever stood for it."""
    return lambda _: {key: parts}


def on(key: Key, name: str, change: Callable[[SpecPart], SpecPart]) -> Becoming:
    """A change of the one part of that name among those that stand for a key."""
    return lambda parts: {
        key: tuple(change(each) if each.name == name else each for each in parts.get(key, ()))
    }


def without(key: Key, name: str) -> Becoming:
    """A change by which the part of that name is gone from those that stand for a key."""
    return lambda parts: {key: tuple(each for each in parts.get(key, ()) if each.name != name)}


def all_of(changes: Iterable[Becoming]) -> Becoming:
    """Several changes, of different keys, at once."""
    several = list(changes)
    return lambda parts: {key: found for change in several for key, found in change(parts).items()}
