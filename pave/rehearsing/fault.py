"""Real processes that are killed in the middle of a rehearsal, and what puts things right again."""

import signal
from collections.abc import Callable, Mapping
from typing import NamedTuple

from pave.rehearsing.app.settings import Role
from pave.rehearsing.stage import WEB, RehearsalStage


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


def _is_shared(stage: RehearsalStage) -> bool:
    return sum(1 for where in WEB if stage.copies.runs(where) and stage.weights.get(where)) > 1


FAULTS: Mapping[str, Fault] = {
    # A failover "takes less than two minutes": what the plan says of a standby.
    "primary": Fault("the primary", lambda stage: stage.standby is not None, _kill_primary, 120),
    "worker": Fault("a worker", lambda _: True, lambda stage: _kill_copy(stage, "worker"), 0),
    "app": Fault("a web server", _is_shared, lambda stage: _kill_copy(stage, "web"), 0),
}
