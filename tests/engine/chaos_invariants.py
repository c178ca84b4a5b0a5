"""What must hold of a local cloud and its stacks whoever was killed: nothing lost, doubled, orphaned, nor
taken from others."""

from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path

from pave.delivery.recovery.ownership import CloudId, managed
from pave.local_cloud.store import CloudStore, StoredResource
from stacks.backend import cut_off, locks, state


def violations(
    store: CloudStore, backend: Path, stacks: Collection[str], foreign: Collection[StoredResource]
) -> Iterator[str]:
    """What is wrong after all `stacks` were mended, a sentence each. `foreign` are the resources, as they
    were, that belong to nobody here."""
    there = store.resources()
    for one in foreign:
        if one not in there:
            yield f"{one.type} {one.id} of {one.scope} is somebody else's, and was touched"
    yield from doubled(store)
    others = {(one.scope, one.type, one.id) for one in foreign}
    ours = [one for one in there if (one.scope, one.type, one.id) not in others]
    for stack in sorted(stacks):
        yield from _differences(stack, backend, [one for one in ours if _stack(one) == stack])
    for one in ours:
        if _stack(one) not in stacks:
            yield f"{one.type} {one.id} of {one.scope} belongs to no stack"


def doubled(store: CloudStore) -> Iterator[str]:
    """What was created while it existed, or refused because it did, by the cloud's own log."""
    there: Counter[str] = Counter()
    for call in store.calls():
        if call.operation == "create" and ("Error 409" in call.outcome or "already exists" in call.outcome):
            yield f"{call.urn} was asked for although it existed"
        if call.is_done and call.operation in {"create", "delete"}:
            there[call.urn] += 1 if call.operation == "create" else -1
            if there[call.urn] > 1:
                yield f"{call.urn} was created twice"
                there[call.urn] = 1
            there[call.urn] = max(0, there[call.urn])


def _differences(stack: str, backend: Path, held: Collection[StoredResource]) -> Iterator[str]:
    """Where the state of a stack isn't what the cloud has of it."""
    known = state(backend, stack)
    if known is None:
        if held:
            yield f"{stack} has {len(held)} resources, and no state that can be read"
        return
    for left in cut_off(known):
        yield f"{stack} isn't settled: {left}"
    for lock in locks(backend, stack):
        yield f"{stack} is still locked: {lock.name}"
    remembered = Counter(at for at, _ in managed(known))
    exists = {CloudId(one.scope, one.type, one.id) for one in held}
    for at, times in remembered.items():
        if times > 1:
            yield f"{stack} has {at} {times} times in its state"
    for at in sorted(remembered.keys() - exists):
        yield f"{stack} has lost {at}: it is in the state only"
    for at in sorted(exists - remembered.keys()):
        yield f"{stack} has orphaned {at}: it is in the cloud only"


def _stack(held: StoredResource) -> str:
    return held.urn.split("::")[0].removeprefix("urn:pulumi:")
