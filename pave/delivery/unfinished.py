"""Whether a stack is what its last update or destroy was to make of it, and what finishes it. Pure."""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

import msgspec

WAITING = "Left for later, until there are values of these secrets: "
"""How the message of an update begins that left something out, in the engine's history; their names follow,
with commas."""

Open = Literal["failed", "cut-off", "waits", "kept"]


class Ended(NamedTuple):
    """An operation in the engine's history: what it was, how it ended, and its message."""

    kind: str
    result: str
    message: str


class Unfinished(msgspec.Struct, frozen=True):
    """Why a stack isn't finished, as a word and in words, and the verb of pave's that goes on: `up`, or
    `destroy`. `secrets` are those that wait for a value."""

    why: Open
    what: str
    verb: str
    secrets: list[str] = []


class LastOperation(NamedTuple):
    """What is known of the last operation on a stack: its `history`, the latest first; whether an update of
    it was cut off and none has ended since; and how many resources it has."""

    history: Sequence[Ended]
    is_cut_off: bool
    resources: int


def waiting_for(secrets: Iterable[str]) -> str | None:
    """The message of an update that leaves out what waits for secrets of these names; None without any."""
    names = ", ".join(secrets)
    return f"{WAITING}{names}" if names else None


def unfinished(last: LastOperation) -> Unfinished | None:
    """Why a stack isn't finished; None when it is, as far as its back end knows."""
    if last.is_cut_off:
        return Unfinished("cut-off", "its last update was cut off, and none has ended since", "up")
    ended = next((each for each in last.history if each.kind in {"update", "destroy"}), None)
    if ended is None:
        return None
    if ended.result != "succeeded":
        verb = "up" if ended.kind == "update" else "destroy"
        return Unfinished("failed", f"its last {ended.kind} failed, or was stopped", verb)
    if ended.kind == "destroy" and last.resources:
        what = f"it was destroyed, but for {last.resources} that were to be kept"
        return Unfinished("kept", what, "up")
    if ended.kind == "update" and ended.message.startswith(WAITING):
        names = ended.message.removeprefix(WAITING).split(", ")
        return Unfinished("waits", "its last update left out what waits for secrets", "up", names)
    return None
