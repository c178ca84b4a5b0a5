"""What of a phase is measured while it is lived in, and which figure still lets it go on."""

from typing import Literal, NamedTuple

SignalKind = Literal[
    "health", "burn rate", "budget", "standby", "replication lag", "queue depth", "vendor reachability"
]

When = Literal["before", "after"]


class Measure(NamedTuple):
    """A signal that a phase has to hold: `before` it begins, or `after` it was made, for as long as it soaks.
    `limit` is the worst figure that still lets it go on, in the unit of its kind: shares of 1 for health and
    vendors (at least) and budgets (at most), times the allowed pace, standbys (at least), bytes, jobs. It is
    `about` a store, by its name, or about no single one."""

    kind: SignalKind
    limit: float
    when: When = "after"
    about: str = ""


ANSWERS = Measure("health", 1)
"""Whoever asks for its names is answered."""

CALM = Measure("burn rate", 1)
"""No budget has burnt faster since the phase was made than one that lasts exactly its window."""

UNSPENT = Measure("budget", 1, "before")
"""Something is left of every budget: users meet an interruption."""

HALF_LEFT = Measure("budget", 0.5, "before")
"""Half of every budget is left: many users are moved, or no way leads back."""

FEW_WAIT = Measure("queue depth", 10)
"""At least once in half an hour so few jobs wait: workers keep up, and none lies where nobody takes it. The
figure is ours."""

VENDORS_ANSWER = Measure("vendor reachability", 1)


def standby(store: str) -> Measure:
    """A standby that could take over."""
    return Measure("standby", 1, about=store)


def copied(store: str) -> Measure:
    """What the copy of a store still lacks before writes are stopped for the last of it: one segment of the
    log, 16 MiB (https://www.postgresql.org/docs/current/wal-internals.html), which is sent in a second."""
    return Measure("replication lag", 16 * 1024 * 1024, "before", store)
