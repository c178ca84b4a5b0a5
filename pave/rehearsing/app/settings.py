"""What a copy of the app is told when it starts."""

from typing import Literal, NamedTuple

Role = Literal["web", "worker", "clock", "vendor"]


class CopySettings(NamedTuple):
    """A copy's `role` and `name`; the port of PostgreSQL; the one that it answers at, if it is `web`; the
    ports of Redis: jobs go to `enqueue` and are taken from all of `take`; how many seconds a tick is; the
    port of the vendor, and the address that it is called from; and the file that the vendor keeps."""

    role: Role
    name: str
    database: int
    listen: int
    enqueue: int
    take: tuple[int, ...]
    tick: float
    vendor: int = 0
    source: str = "127.0.0.1"
    ledger: str = ""
