"""How the state of a stack is changed after an update that was cut off. Pure.

The engine writes each operation that it begins into the state, as pending, and drops the pending ones when
the next update begins: that would create again what was created without being recorded. So before anything
else, each pending operation is turned into a *note* in the state: a resource with the id that follows from
its name, marked `external`, so that the engine's refresh reads it and no update deletes it. Then the stack is
refreshed. A resource that the refresh finds is adopted: managed from now on. Whoever is killed in between
leaves the notes, and the next recovery goes on from there."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from catalog.document import Json
from stacks.backend import MARK, CutOff, is_in_a_cloud, note_of
from stacks.providers.ids import ProviderSettings, identity
from stacks.providers.table import is_counted

CREATING = "creating"
"""The engine's name of a pending operation that creates."""

ADOPTING = "adopting"
"""Ours, of a note on what a person says is there already."""

MAKES = frozenset({CREATING, ADOPTING})

CHANGES = frozenset({CREATING, ADOPTING, "updating", "deleting"})
"""The pending operations that may have changed the cloud. Reading and importing don't: the next update
repeats them."""


class IdsUnknown(Exception):
    """The ids of these resources (`urns`) don't follow from their inputs, so a refresh can't tell whether
    they were created: a person has to."""

    def __init__(self, urns: list[str]) -> None:
        super().__init__(", ".join(urns))
        self.urns = urns


class NotedState(NamedTuple):
    """A state with notes in place of its pending operations, the URNs that a refresh has to read, and what
    the notes are about."""

    state: Json
    to_read: list[str]
    notes: list[CutOff]


class Settled(NamedTuple):
    """What a refresh has found out about an operation that was cut off, as a sentence (`words`)."""

    about: CutOff
    words: str


def with_notes(state: Json, told: Mapping[str, str | None]) -> NotedState:
    """A state with a note in place of each pending operation that may have changed the cloud.

    `told` are ids by URN that a person has given, None for a resource that doesn't exist. Raises
    IdsUnknown."""
    resources: list[Json] = list(state.get("resources") or [])
    fresh: list[Json] = []
    nameless: list[str] = []
    earlier = sum(note_of(each) is not None for each in resources)
    for number, operation in enumerate(state.get("pending_operations") or [], start=earlier):
        doing, record = operation["type"], operation["resource"]
        urn = record["urn"]
        if doing not in CHANGES or not is_in_a_cloud(record):
            continue
        if doing in MAKES:
            id_ = told[urn] if urn in told else id_of(record, resources)
            if id_ == "" and not is_counted(record["type"]):
                nameless.append(urn)
            if not id_ or _is_known(urn, id_, [*resources, *fresh]):
                continue
            record = {**record, "id": id_}
        fresh.append(note(record, f"{doing}-{number}"))
    if nameless:
        raise IdsUnknown(nameless)
    changed = {name: value for name, value in state.items() if name != "pending_operations"}
    changed["resources"] = [*resources, *fresh]
    notes = [(each, found) for each in changed["resources"] if (found := note_of(each)) is not None]
    urns = {resource["urn"] for resource in resources}
    to_read = [each["urn"] if found.doing in MAKES else found.urn for each, found in notes]
    urns |= {each["urn"] for each in fresh}
    to_read = [urn for urn in dict.fromkeys(to_read) if urn in urns]
    return NotedState(changed, to_read, [found for _, found in notes])


def note(record: Mapping[str, Any], what: str) -> Json:
    """The note on a resource of a state (`record`); `what` makes its URN unique. A provider reads a resource
    by its id and its outputs, that of grants by their outputs alone, so the note has the inputs as outputs
    (`resourceIamMemberRead` of https://github.com/hashicorp/terraform-provider-google/blob/main/
    google/tpgiamresource/resource_iam_member.go)."""
    kept = {name: value for name, value in record.items() if name not in {"delete", "pendingReplacement"}}
    inputs = dict(record.get("inputs") or {})
    return {**kept, "urn": f"{record['urn']}{MARK}{what}", "external": True, "outputs": inputs}


def id_of(record: Mapping[str, Any], resources: Iterable[Mapping[str, Any]]) -> str:
    """The id that the cloud gives to a resource of a state, by its inputs and its provider's settings; empty
    when it doesn't follow from these. `resources` are all of the state."""
    provider, _, provider_id = str(record.get("provider", "")).rpartition("::")
    settings: Mapping[str, Any] = {}
    for resource in resources:
        if resource["urn"] == provider and resource.get("id") == provider_id:
            settings = resource.get("inputs") or {}
    known = {name: value for name in ProviderSettings._fields if isinstance(value := settings.get(name), str)}
    return identity(record["type"], dict(record.get("inputs") or {}), ProviderSettings(**known))


def settled(
    state: Json, notes: Iterable[CutOff], why_not: Callable[[str, Json], str] = lambda _urn, _resource: ""
) -> tuple[Json, list[Settled]]:
    """A refreshed state without its notes, in which the created resources are managed, and what became of
    each of `notes`.

    `why_not` says, of a resource that was found and the URN that it would have, why it isn't adopted: it is
    left alone then, and the state forgets the note.

    Where the creation was part of a replacement, the old resource is marked to be deleted when it is another
    one in the cloud, else dropped: as the engine would have done."""
    resources: list[Json] = []
    found: list[tuple[CutOff, Json]] = []
    for resource in state.get("resources") or []:
        about = note_of(resource)
        if about is None:
            resources.append(resource)
        elif about.doing in MAKES:
            found.append((about, _managed(resource, about.urn)))
    words: dict[CutOff, str] = {}
    for about, resource in found:
        if why := why_not(about.urn, resource):
            words[about] = f"{named(about.urn)} is there ({resource['id']}), and is left alone: {why}"
        else:
            words[about] = _adopt(resources, resource, again=about in words)
    urns = {resource["urn"] for resource in resources}
    done = [Settled(about, words.get(about) or _fate(about, urns)) for about in dict.fromkeys(notes)]
    return {**state, "resources": resources}, done


def _adopt(resources: list[Json], adopted: Json, *, again: bool) -> str:
    """Adds an adopted resource to the others, and gives the sentence about it. `again` when its URN has been
    adopted already."""
    name = named(adopted["urn"])
    live = [each for each in resources if each["urn"] == adopted["urn"] and not each.get("delete")]
    if again:
        return f"{name}: there are two. {adopted['id']} is managed by nobody now: delete it by hand."
    for each in live:
        if each.get("pendingReplacement"):
            resources.remove(each)
        elif each["id"] == adopted["id"]:
            return f"{name} is there, and known already."
        else:
            resources[resources.index(each)] = {**each, "delete": True}
    # Behind all that it needs, before all that needs it.
    needed = set(_needs(adopted))
    place = max((at + 1 for at, each in enumerate(resources) if each["urn"] in needed), default=0)
    resources.insert(place, adopted)
    return f"{name} had been created, and is adopted: {adopted['id']}."


def _fate(about: CutOff, urns: Iterable[str]) -> str:
    name, is_there = named(about.urn), about.urn in urns
    if about.doing in MAKES:
        return f"{name} had not been created yet."
    if about.doing == "deleting":
        return f"{name} had been deleted." if not is_there else f"{name} had not been deleted yet."
    return f"{name} was read again." if is_there else f"{name} is gone."


def _managed(resource: Json, urn: str) -> Json:
    return {name: value for name, value in resource.items() if name != "external"} | {"urn": urn}


def _needs(resource: Mapping[str, Any]) -> Iterator[str]:
    yield str(resource.get("parent", ""))
    yield str(resource.get("provider", "")).rpartition("::")[0]
    yield from resource.get("dependencies") or []
    for urns in (resource.get("propertyDependencies") or {}).values():
        yield from urns or []
    yield str(resource.get("deletedWith", ""))
    yield from resource.get("replaceWith") or []


def _is_known(urn: str, id_: str, resources: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a resource with this URN and id is managed already, or has a note."""
    for each in resources:
        about = note_of(each)
        same = (about is not None and about.urn == urn and about.doing in MAKES) or each["urn"] == urn
        if same and each.get("id") == id_ and not each.get("delete") and not each.get("pendingReplacement"):
            return True
    return False


def named(urn: str) -> str:
    """A resource as a person knows it: `db-g1 (DatabaseInstance)`."""
    return f"{urn.split('::', 3)[3]} ({urn.split('::')[2].rpartition('$')[2].rpartition(':')[2]})"
