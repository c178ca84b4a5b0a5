"""What isn't done however it is asked for, and what is only done when it is asked for in so many words. Pure.

These hold for `pave up`, with a reviewed plan or without, and for `pave destroy`. The gate judges what a
stack would be; these judge the way there."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from pave.delivery.review.changes import ResourceChange
from policies.wording import count
from stacks.providers.table import holds_data, is_store
from stacks.stack import Stack

SHARE = 0.25
"""The share of what exists that may change at once. octoDNS refuses 30 % of updates, and of deletes:
https://github.com/octodns/octodns/blob/main/octodns/provider/plan.py"""

FEW = 5
"""So many changes are never too many, however small the stack is."""

_PHASE = "What then goes is a migration's last step, and needs an approved phase: pave knows none yet."
_WAYS = {
    "replace": (
        "Take the change back. Or leave this store as it is, add the new one beside it under another name,"
        " copy and switch."
    ),
    "delete": "Leave the store in the spec for as long as anybody may need what it holds.",
}


class Refusal(msgspec.Struct, frozen=True, rename="camel"):
    """Why something isn't done: what it is about (a URN, or empty for the whole), what, why, and what to do
    instead. `word` is the option that would let it through, empty if none would."""

    guard: str
    urn: str
    what: str
    why: str
    instead: str
    word: str = ""


class DestroyOptions(NamedTuple):
    """What somebody said about a destruction: the name of a protected environment, that what is protected
    stays, and that data may go."""

    protected: str | None = None
    keep_protected: bool = False
    with_data: bool = False

    @property
    def options(self) -> list[str]:
        """The same as options of the command."""
        flags = {"--keep-protected": self.keep_protected, "--with-data": self.with_data}
        named = ["--protected", self.protected] if self.protected is not None else []
        return [*named, *(flag for flag, is_said in flags.items() if is_said)]


def refusals(changes: Sequence[ResourceChange], existing: int, allowed: int | None) -> list[Refusal]:
    """All that stands against making these changes to a stack of so many `existing` resources.

    `allowed` is how many of those somebody said may change."""
    return [*losses(changes), *too_many(changes, existing, allowed)]


def losses(changes: Iterable[ResourceChange]) -> list[Refusal]:
    """One for each deletion or replacement of what holds data."""
    return [_loss(change) for change in changes if change.stateful and change.action in {"delete", "replace"}]


def too_many(changes: Iterable[ResourceChange], existing: int, allowed: int | None) -> list[Refusal]:
    """One, if more than `FEW` resources and more than a `SHARE` of the existing ones would change, and more
    than are `allowed`. What is new counts for nothing: it can't break what runs."""
    number = sum(change.action != "create" for change in changes)
    if number <= FEW or number <= SHARE * existing or (allowed is not None and number <= allowed):
        return []
    of = f"{number} of {count(existing, 'resource')} would change at once, {number / existing:.0%}"
    return [
        Refusal(
            guard="many-changes",
            urn="",
            what=f"{of}; only {allowed} are allowed." if allowed is not None else f"{of}.",
            why="So wide a change is more often a slip, in a default or a version, than what was meant.",
            instead=f"Look through all of them. If each is meant, say so: --allow-changes {number}",
            word=f"--allow-changes {number}",
        )
    ]


def destruction(
    stack: Stack,
    lost: Sequence[ResourceChange],
    standing: Sequence[str],
    words: DestroyOptions,
    *,
    is_protected: bool,
) -> list[Refusal]:
    """All that stands against destroying a stack, of which so much would be `lost`.

    `standing` are the stacks that stand on it; `is_protected` says that its environment is."""
    locked = [change for change in lost if change.protected]
    open_ = [change for change in lost if change.stateful and not change.protected]
    found = []
    if standing:
        found.append(_standing(stack, standing))
    if is_protected and words.protected != stack.environment:
        found.append(_environment(stack.environment))
    if locked and not words.keep_protected:
        found.append(_locked(locked))
    if open_ and not words.with_data:
        found.append(_data(open_))
    return found


def _loss(change: ResourceChange) -> Refusal:
    is_replaced = change.action == "replace"
    done = "made anew, empty" if is_replaced else "deleted"
    causes = ", ".join(change.because)
    because = f" This change of {causes} can't be made in place." if is_replaced and causes else ""
    way = _WAYS[change.action] if is_store(change.type) else "Take back what asks for it."
    return Refusal(
        guard="keeps-data",
        urn=change.urn,
        what=f"{change.name} ({change.type}) would be {done}.{because}",
        why=_held(change),
        instead=f"{way} {_PHASE}",
    )


def _held(change: ResourceChange) -> str:
    locks = [word for word in ("protected", "retained") if getattr(change, word)]
    said = f"It is {' and '.join(locks)}. " if locks else ""
    if holds_data(change.type):
        return f"{said}What it holds would be lost, or left behind where nothing uses it."
    return (
        f"{said}It can't be made again as it was: others know it by its address or its name, or stand on it."
    )


def _standing(stack: Stack, standing: Sequence[str]) -> Refusal:
    return Refusal(
        guard="nothing-stands-on-it",
        urn="",
        what=f"{', '.join(standing)} {'stands' if len(standing) == 1 else 'stand'} on {stack}.",
        why="The network, the cluster and the DNS zone would go away under them.",
        instead=f"Destroy first what stands on it: pave destroy {standing[0]}",
    )


def _environment(name: str) -> Refusal:
    return Refusal(
        guard="protected-environment",
        urn="",
        what=f"{name} is a protected environment.",
        why="What runs there is in use.",
        instead=f"If it is meant, say so: --protected {name}",
        word=f"--protected {name}",
    )


def _locked(held: Sequence[ResourceChange]) -> Refusal:
    return Refusal(
        guard="keeps-protected",
        urn=held[0].urn,
        what=f"{count(len(held), 'protected resource')} would go: {_names(held)}.",
        why="They hold data, or all else stands on them. No command of pave's deletes what is protected.",
        instead="To keep them, and what they stand on, and to delete the rest: --keep-protected",
        word="--keep-protected",
    )


def _data(held: Sequence[ResourceChange]) -> Refusal:
    return Refusal(
        guard="keeps-data",
        urn=held[0].urn,
        what=f"{count(len(held), 'resource')} with data would go: {_names(held)}.",
        why="What they hold would be lost.",
        instead="If nobody needs it any more, say so: --with-data",
        word="--with-data",
    )


def _names(held: Sequence[ResourceChange]) -> str:
    return ", ".join(change.name for change in held)
