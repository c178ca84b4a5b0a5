"""A service that moves is taken one phase at a time, and never back over a point of no return. Pure."""

from typing import NamedTuple

from components.design.migration.passage import Passage


class OutOfTurn(NamedTuple):
    """Why a stack may not become what its service's phase says: what is so, why that is refused, and what to
    do instead."""

    what: str
    why: str
    instead: str

    def __str__(self) -> str:
        return f"{self.what} {self.why} {self.instead}"


def out_of_turn(at: str | None, passage: Passage | None, *, is_there: bool) -> OutOfTurn | None:
    """Why the phase that a migration's file says isn't what its stack may become; None when it may. `at` is
    the phase that the stack was last made in, None if it says none; `is_there` says that it was made at all.

    Back it goes several phases at once where one move has made them all, as the weights of a name: users who
    meet errors don't wait for each."""
    if passage is None:
        return _lost(at) if at is not None else None
    if at is None:
        is_first = passage.current in (passage.order[0], passage.order[-1])
        return None if is_first or not is_there else _unbegun(passage)
    if at not in passage.order:
        return _unknown(at, passage)
    now, then = passage.order.index(at), passage.order.index(passage.current)
    if then > now + 1:
        return _jump(at, passage, then - now)
    left = range(then + 1, now + 1)
    crossed = [passage.order[each] for each in left if passage.order[each] in passage.no_return]
    if crossed:
        return _crossed(crossed[-1], passage)
    is_one_move = len({passage.moves[each] for each in left}) == 1
    return _jump(at, passage, now - then) if then < now - 1 and not is_one_move else None


def _lost(at: str) -> OutOfTurn:
    return OutOfTurn(
        f"It is moving, in phase `{at}`, and its migration's file is gone.",
        "All phases that are left would be made at once.",
        "Put the file in catalog/migrations/ back. It goes when it says `phase: done`, and that was applied.",
    )


def _unbegun(passage: Passage) -> OutOfTurn:
    return OutOfTurn(
        f"{passage.service} is to be in phase `{passage.current}`, and its stack has not begun to move.",
        "All phases before it would be made at once.",
        f"Write `phase: {passage.order[0]}`, and see that this changes nothing; then go on one by one.",
    )


def _unknown(at: str, passage: Passage) -> OutOfTurn:
    return OutOfTurn(
        f"{passage.service} is in phase `{at}`, which its way doesn't have any more.",
        "The file that it starts from, or the one that it ends at, was changed on the way: nobody knows which"
        " phases are behind it.",
        "Take that change back until the service has moved.",
    )


def _jump(at: str, passage: Passage, phases: int) -> OutOfTurn:
    return OutOfTurn(
        f"{passage.service} is in phase `{at}`; `{passage.current}` is {phases} phases from there.",
        "Each phase is verified, and soaks, before the next begins.",
        f"Take them one by one: pave migrate next {passage.service}",
    )


def _crossed(phase: str, passage: Passage) -> OutOfTurn:
    return OutOfTurn(
        f"{passage.service} has been through `{phase}`, and no way leads back from there.",
        "No update undoes what it did: data or addresses are gone, or what was there before can't read them.",
        f"Write `phase: {phase}`, or go on: pave migrate next {passage.service}",
    )
