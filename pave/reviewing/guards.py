"""Guards: they refuse changes that lose data or touch too much, some unless an option allows it. Pure.

They hold for `pave up`, with a reviewed plan or without, and for `pave destroy`. The gate judges the desired
state of a stack; the guards judge the changes that lead there."""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

import msgspec

from components.design.migration.passage import is_called_after
from pave.reviewing.changes import ResourceChange
from policies.wording import count
from stacks.providers.edge import RECORD
from stacks.providers.table import holds_data, is_forever, is_store
from stacks.stack import Stack

SHARE = 0.25
"""The share of the existing resources that may change at once. octoDNS refuses 30 % of updates, and of
deletes: https://github.com/octodns/octodns/blob/main/octodns/provider/plan.py"""

FEW = 5
"""How many changes are never too many, however small the stack is."""

_PHASE = "What then goes is a migration's last step: `pave migrate plan {service}` shows the way there."
_WAYS = {
    "replace": (
        "Take the change back. Or leave this store as it is, add the new one beside it under another name,"
        " copy and switch."
    ),
    "delete": "Leave the store in the spec for as long as anybody may need what it holds.",
}


class Refusal(msgspec.Struct, frozen=True, rename="camel"):
    """Why changes aren't made: the name of the guard, the URN of the resource (empty for the whole stack),
    what would happen, why that is refused, and what to do instead. `word` is the option that would allow it,
    empty if none would."""

    guard: str
    urn: str
    what: str
    why: str
    instead: str
    word: str = ""


class DestroyOptions(NamedTuple):
    """The options of `pave destroy` that allow what is else refused: the name given to `--protected`, and
    whether `--keep-protected` and `--with-data` were given."""

    protected: str | None = None
    keep_protected: bool = False
    with_data: bool = False

    @property
    def options(self) -> list[str]:
        """The same as words of a command line."""
        flags = {"--keep-protected": self.keep_protected, "--with-data": self.with_data}
        named = ["--protected", self.protected] if self.protected is not None else []
        return [*named, *(flag for flag, is_said in flags.items() if is_said)]


class UpdateOptions(NamedTuple):
    """The options of `pave up` that allow what is else refused: the value of `--allow-changes`, None without,
    and the names given to `--accept`."""

    allowed: int | None = None
    accepted: tuple[str, ...] = ()

    @property
    def options(self) -> list[str]:
        """The same as words of a command line."""
        number = ["--allow-changes", str(self.allowed)] if self.allowed is not None else []
        return [*number, *(word for name in self.accepted for word in ("--accept", name))]


NO_WORD = UpdateOptions()
"""An update that was given none of them."""


def update_refusals(
    changes: Sequence[ResourceChange],
    existing: int,
    words: UpdateOptions = NO_WORD,
    unlocked: Sequence[str] = (),
    planned: Collection[str] = (),
) -> list[Refusal]:
    """Why these changes of an update aren't made to a stack of so many `existing` resources; empty when they
    may be. `unlocked` are the names of those that would be protected no longer, and `planned` those of what
    goes for good in the phase that the stack's service is in."""
    return [
        *lost_protection(unlocked, words.accepted),
        *data_losses(changes, planned),
        *given_up_hosts(changes),
        *impossible(changes),
        *irreversible(changes, words.accepted),
        *too_many(changes, existing, words.allowed),
    ]


def data_losses(changes: Iterable[ResourceChange], planned: Collection[str] = ()) -> list[Refusal]:
    """One for each deletion or replacement of a stateful resource. No option allows these; a deletion is, if
    the phase that the service is in has `planned` it, by the name of what goes or of what it is called
    after."""
    return [
        _loss(change)
        for change in changes
        if change.stateful and change.action in {"delete", "replace"}
        if change.action == "replace" or not is_called_after(change.name, planned)
    ]


def given_up_hosts(changes: Sequence[ResourceChange]) -> list[Refusal]:
    """One for each host whose records would go in an update that makes those of another: that one has no
    certificate yet, and nobody knows it. To let go of a host alone is no such thing."""
    gone = {host: change for change in changes if change.action == "delete" and (host := _host(change))}
    new = {host for change in changes if change.action == "create" and (host := _host(change))}
    if new <= gone.keys():
        return []
    named = ", ".join(sorted(new - gone.keys()))
    return [
        Refusal(
            guard="keeps-hosts",
            urn=change.urn,
            what=f"{host} would go, with its certificate and its records, while {named} is only asked for.",
            why="Google takes up to an hour to make a certificate; until then neither host would answer, and"
            " whoever knows the old one never would be answered again.",
            instead=f"Write `edge: {{formerHosts: [{host}]}}` beside the new host: both are served. Once"
            " `gcloud certificate-manager certificates list` says ACTIVE of the new one's, and nobody uses"
            " the old, take it out in an update of its own.",
        )
        for host, change in gone.items()
        if host not in new
    ]


def _host(change: ResourceChange) -> str:
    """The host of a record that leads to a service; empty for any other resource. Behind a proxy the record
    is the one that the proxy asks for."""
    name, _, kind = change.name.rpartition("-")
    return name.removeprefix("origin.") if change.type == RECORD and kind in ("a", "aaaa") else ""


def impossible(changes: Iterable[ResourceChange]) -> list[Refusal]:
    """One for each change that the cloud is known to refuse, when much else would be done by then."""
    return [
        Refusal(
            guard="possible",
            urn=change.urn,
            what=f"{change.name} ({change.type}) can't become that: {one.what}.",
            why=f"The update would fail there, halfway ({one.source}).",
            instead=f"Take back the change of {one.path}.",
        )
        for change in changes
        for one in change.consequences
        if one.kind == "impossible"
    ]


def irreversible(changes: Iterable[ResourceChange], accepted: Collection[str]) -> list[Refusal]:
    """One for each resource with a change that no later one takes back, unless its name is `accepted`."""
    return [
        Refusal(
            guard="no-way-back",
            urn=change.urn,
            what=f"{change.name} ({change.type}) could not be taken back: {one.what}.",
            why=f"It is noticed by {one.who} ({one.source}).",
            instead=f"Make a backup, and choose the time. If it is meant, say so: --accept {change.name}",
            word=f"--accept {change.name}",
        )
        for change in changes
        if change.name not in accepted
        for one in change.consequences
        if one.kind == "irreversible"
    ]


def lost_protection(unlocked: Sequence[str], accepted: Collection[str]) -> list[Refusal]:
    """One, if resources would be protected no longer whose names aren't `accepted`."""
    open_ = [name for name in unlocked if name not in accepted]
    if not open_:
        return []
    word = f"--accept {','.join(open_)}"
    return [
        Refusal(
            guard="keeps-protection",
            urn="",
            what=f"{count(len(open_), 'resource')} would be protected no longer: {', '.join(open_)}.",
            why="Nothing changes in the cloud by that, and nothing stands in the way of the next update that"
            " deletes them. Most often it is one word, such as an environment's `purpose`.",
            instead=f"Take back what unprotects them. If it is meant, say so: {word}",
            word=word,
        )
    ]


def too_many(changes: Iterable[ResourceChange], existing: int, allowed: int | None) -> list[Refusal]:
    """One, if more than `FEW` resources, more than a `SHARE` of the existing ones and more than `allowed`
    would change. Creations don't count: they can't break what runs."""
    number = sum(change.action not in {"import", "create"} for change in changes)
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


def destroy_refusals(
    stack: Stack,
    lost: Sequence[ResourceChange],
    standing: Sequence[str],
    words: DestroyOptions,
    *,
    is_protected: bool,
) -> list[Refusal]:
    """Why a stack isn't destroyed; empty when it may be.

    `lost` are the deletions of the preview, `standing` the names of the stacks that depend on it, `words` the
    options given, and `is_protected` says that its environment is protected. What is protected because
    nobody can delete it stays without a word."""
    locked = [change for change in lost if change.protected and not is_forever(change.type)]
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
        instead=f"{way} {_PHASE.format(service=_service_of(change))}",
    )


def _service_of(change: ResourceChange) -> str:
    """`portal` of a resource of `service.portal.production`."""
    parts = change.urn.partition("::")[0].rpartition(":")[2].split(".")
    return parts[1] if parts[0] == "service" and len(parts) > 1 else "SERVICE"


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
