"""Real processes that are killed in the middle of a rehearsal, and what puts things right again."""

import signal
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple

from pave.rehearsing.app.settings import Role
from pave.rehearsing.stage import CLUSTER, VENDOR, WEB, RehearsalStage

VENDOR_SECONDS = 2.0


class Fault(NamedTuple):
    """What is killed, in words; whether the stage has what takes over from it; the kill together with what a
    keeper does about it; and how many seconds requests may fail for it."""

    what: str
    possible: Callable[[RehearsalStage], bool]
    strike: Callable[[RehearsalStage], None]
    allowed: float


def _kill_primary(stage: RehearsalStage) -> None:
    stage.primary.kill()
    stage.fail_over()


def _kill_copy(stage: RehearsalStage, role: Role) -> None:
    named = {where if role == "web" else f"{role}-{where}": where for where in WEB}
    name = next(each for each in reversed(named) if stage.copies.runs(each))
    stage.copies.end(name, signal.SIGKILL)
    stage.start(role, named[name])


def _kill_zone(stage: RehearsalStage) -> None:
    """The last zone with all that is in it: copies of the cluster, and the database that takes writes."""
    roles: tuple[Role, ...] = ("web", "worker", "clock")
    lost = [
        (role, CLUSTER[-1])
        for role in roles
        if stage.copies.runs(CLUSTER[-1] if role == "web" else f"{role}-{CLUSTER[-1]}")
    ]
    stage.primary.kill()
    for role, where in lost:
        stage.copies.end(where if role == "web" else f"{role}-{where}", signal.SIGKILL)
    stage.fail_over()
    for role, where in lost:
        stage.start(role, where)


def _kill_vendor(stage: RehearsalStage) -> None:
    stage.copies.end(VENDOR, signal.SIGKILL)
    time.sleep(VENDOR_SECONDS)
    stage.start_vendor()


def _is_shared(stage: RehearsalStage) -> bool:
    return sum(1 for where in WEB if stage.copies.runs(where) and stage.weights.get(where)) > 1


FAULTS: Mapping[str, Fault] = {
    # A failover "takes less than two minutes": what the plan says of a standby.
    "primary": Fault("the primary", lambda stage: stage.standby is not None, _kill_primary, 120),
    "worker": Fault("a worker", lambda _: True, lambda stage: _kill_copy(stage, "worker"), 0),
    "app": Fault("a web server", _is_shared, lambda stage: _kill_copy(stage, "web"), 0),
    "zone": Fault(
        "a zone: its copies, and the primary in it",
        lambda stage: (
            stage.standby is not None
            and stage.copies.runs(CLUSTER[-1])
            and bool(stage.weights.get(CLUSTER[-1]))
            and _is_shared(stage)
        ),
        _kill_zone,
        120,
    ),
    # Orders are taken all the same, and their jobs wait: `degraded: {mode: queue}` of the vendors.
    "vendor": Fault("the vendor, for two seconds", lambda _: True, _kill_vendor, 0),
}

PAVE = "pave"
"""The fault that isn't a part's: pave is cut off between two steps of every passage, and begins it again."""

STEPS = 4
"""Before which of its steps, but for the first, pave is cut off by chance: most passages have fewer."""
