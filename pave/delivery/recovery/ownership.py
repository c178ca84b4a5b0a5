"""Whether a resource that exists may be adopted by a stack: only if it is proven to be that stack's. Pure.

A name proves nothing: somebody else may have had it before. Where resources bear labels, the label is the
proof. Where they don't, it is that this stack had begun to create it, and that it is what it was to become.
What another stack manages, or another resource of this one, is never taken, whatever its label says."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from catalog.document import Json
from stacks.backend import is_in_a_cloud, note_of
from stacks.properties import is_unknown, revealed
from stacks.providers.ownership import owner_in, owner_of

HIDDEN = "[secret]"
"""What the engine's events have in place of a secret."""


class CloudId(NamedTuple):
    """What tells a resource from all others in the cloud: its project, or its cluster; its type; its id."""

    scope: str
    type: str
    id: str


class Around(NamedTuple):
    """What is known around a stack when it is asked whether a resource is its own.

    `stack` is its name. `holders` says what manages which resource: a stack, and by which URN. `unread` are
    the stacks of the back end whose states can't be read. `begun` are the inputs, by URN, with which this
    stack had begun to create resources."""

    stack: str
    holders: Mapping[CloudId, tuple[str, str]]
    unread: tuple[str, ...]
    begun: Mapping[str, Json]


def cloud_id(resource: Mapping[str, Any], resources: Mapping[str, Mapping[str, Any]]) -> CloudId:
    """What a resource of a state is in the cloud; `resources` are all of that state, by URN."""
    provider = resources.get(str(resource.get("provider", "")).rpartition("::")[0]) or {}
    settings = provider.get("inputs") or {}
    if resource["type"].startswith("kubernetes:"):
        scope = settings.get("clusterIdentifier")
    else:
        own = {**(resource.get("inputs") or {}), **(resource.get("outputs") or {})}
        scope = own.get("project") or settings.get("project")
    return CloudId(str(scope or ""), resource["type"], str(resource.get("id") or ""))


def managed(state: Mapping[str, Any]) -> Iterator[tuple[CloudId, str]]:
    """What a state manages in a cloud, with the URN of each; also what it has yet to delete, but no notes."""
    resources = {each["urn"]: each for each in state.get("resources") or []}
    for each in state.get("resources") or []:
        is_reference = each.get("external")
        if is_in_a_cloud(each) and not is_reference and note_of(each) is None:
            yield cloud_id(each, resources), each["urn"]


def why_not_adopted(urn: str, resource: Mapping[str, Any], at: CloudId, around: Around) -> str:
    """Why a resource that exists, as a refresh has read it, isn't adopted as `urn`, with what a person has to
    look at; empty when it is this stack's."""
    stack, other = around.holders.get(at, (around.stack, urn))
    if (stack, other) != (around.stack, urn):
        who = stack if stack != around.stack else f"this stack itself, as {other.split('::', 2)[2]},"
        return f"{who} manages it. It can't have two managers: what one makes of it the other undoes."
    inputs, outputs = resource.get("inputs") or {}, resource.get("outputs") or {}
    ours, found = owner_of(around.stack), owner_in({**inputs, **outputs})
    if found == ours:
        return ""
    if found is not None:
        return f"its label says stack={found}, and this one's is {ours}. Ask its owners: it is theirs."
    if around.unread:
        return f"it might be another stack's, and {', '.join(around.unread)} can't be read. Mend that first."
    return _why_unproven(around.begun.get(urn), {**outputs, **inputs}, ours)


def _why_unproven(wanted: Json | None, there: Json, ours: str) -> str:
    """Why what bears no label isn't proven to be what a stack had begun to create, with `wanted`."""
    if wanted is None:
        return (
            "nothing says that this stack began to create it. Look who made it. If it is this stack's, and"
            f" can bear labels, label it stack={ours}; if nobody uses it, delete it."
        )
    if owner_in(wanted) is not None:
        return (
            f"it lacks the label stack={ours} with which this stack creates it, so somebody else made it."
            " Look who; if it is this stack's all the same, label it so."
        )
    if differing := sorted(_otherwise(wanted, there)):
        return (
            f"this stack began to create it with another {', '.join(differing)}, so somebody else made it."
            " Look who uses it; only if nobody does, delete it."
        )
    return ""


def _otherwise(wanted: Json, there: Json) -> Iterator[str]:
    """The properties in which what is there isn't what was asked for."""
    plain, found = revealed(wanted), revealed(there)
    for name, value in plain.items():
        if not name.startswith("__") and not _is_met(value, found.get(name)):
            yield name


def _is_met(wanted: Any, there: Any) -> bool:
    """Whether a value is what was asked for, beside what the cloud adds to it."""
    if wanted is None or wanted == HIDDEN or is_unknown(wanted):
        return True
    if isinstance(wanted, Mapping):
        return isinstance(there, Mapping) and all(_is_met(value, there.get(k)) for k, value in wanted.items())
    if isinstance(wanted, list):
        same = isinstance(there, list) and len(there) == len(wanted)
        return same and all(map(_is_met, wanted, there))
    if isinstance(wanted, str) and isinstance(there, str):
        # A link names a resource, with the API before it or without.
        return wanted == there or f"/{wanted}".endswith(f"/{there}") or f"/{there}".endswith(f"/{wanted}")
    return bool(wanted == there) or not (wanted or there)
