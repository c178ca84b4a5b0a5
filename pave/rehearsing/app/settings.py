"""What a copy of the app is told when it starts."""

from typing import Literal, NamedTuple

Role = Literal["web", "worker", "clock"]


class CopySettings(NamedTuple):
    """A copy's `role` and `name`; the port of PostgreSQL; the one that it answers at, if it is `web`; the
    ports of Redis: jobs go to `enqueue` and are taken from all of `take`; and how many seconds a tick is."""

    role: Role
    name: str
    database: int
    listen: int
    enqueue: int
    take: tuple[int, ...]
    tick: float
