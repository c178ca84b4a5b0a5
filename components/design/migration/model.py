"""The plan of a migration: its phases, in words and numbers, for people who approve them and for programs."""

from typing import Any, Literal

import msgspec

from catalog.migration.measure import SignalKind, When

PhaseState = Literal["past", "now", "next", "later"]


class HandWork(msgspec.Struct, frozen=True, rename="camel"):
    """What people do in a phase, before or after its update, and the commands for it."""

    what: str
    when: Literal["before", "after"]
    commands: list[str]


class Box(msgspec.Struct, frozen=True, rename="camel"):
    """A part of a design in its picture: what it is, and where. `share` is how many of a hundred users meet
    it; `is_leaving` says that it stands beside what has taken its place, or is about to."""

    name: str
    where: str
    share: int = 100
    is_leaving: bool = False


class LiveSignal(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """A signal that a phase has to hold, and how it is asked: the share of `urls` that answer, `statuses` as
    they have to, or a `query` in PromQL, in which `$window` is the time since the phase was made. Its worst
    figure is `at_most` or `at_least` the `limit`, in the `unit`. Where `allowed` isn't empty, the figure of a
    promise, by its name, is its share of bad events as a multiple of what is allowed. `nothing` says why
    nothing measures it; empty where something does."""

    kind: SignalKind
    when: When
    asks: str
    query: str = ""
    urls: list[str] = []
    statuses: str = ""
    allowed: dict[str, float] = {}
    is_least: bool = False
    limit: float
    unit: str = ""
    nothing: str = ""


class PhasePlan(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """One phase. `number` counts from 0, which is today.

    `minutes` are minutes in which everybody meets errors, at most, and `budget_percent` what they are of the
    error budget of a window; `designed` is the availability that the design of the phase can give, in
    percent, and `designed_minutes` its minutes down in a window. `no_return` says why no rollback leads out
    of it again, empty where one does; `rollback_to` is the first phase to which one leads from here. `losing`
    are the cloud's names of what goes for good. `signals` are asked before it and after it; where one fails,
    a phase that `returns` is taken back at once. `design` tells what it changes of what from any other: a
    digest of the design before it and of its own. `spec` is what the service is in it."""

    id: str
    number: int
    title: str
    state: PhaseState
    move: str
    semantics: str
    needs: list[str]
    noticed: str
    minutes: float
    budget_percent: float
    verify: list[str]
    signals: list[LiveSignal]
    returns: bool
    design: str
    by_hand: list[HandWork]
    rollback: str
    rollback_minutes: float
    rollback_to: str
    soak_hours: float
    no_return: str
    change_class: str
    lead_days: int
    is_cut_over: bool
    losing: list[str]
    designed: float
    designed_minutes: float
    source: str
    shape: list[list[Box]]
    spec: dict[str, Any]


class MigrationPlan(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """The phases from how a service is today (`starts_from`, a file) to what its own file says, and the one
    that it is in, `done` after the last. Times are in the names; `window_days` is that of the promise."""

    service: str
    environment: str
    starts_from: str
    phase: str
    window_days: int
    promised: float
    promised_minutes: float
    phases: list[PhasePlan]
