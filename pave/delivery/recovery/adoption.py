"""What to do about an update that was cut off, decided on the state that it left. Pure.

The engine writes into the state what it begins, and forgets that when it goes on: it would create again what
it never heard was created. So before anything else, each such operation becomes a *note* in the state: a
resource with the id that follows from its name, which nobody manages (`external`), so that the engine's own
refresh reads it and no update deletes it. What the refresh finds is adopted. Whoever is killed in between
leaves the notes, and the next one goes on from there."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from catalog.document import Json
from stacks.backend import MARK, CutOff, is_in_a_cloud, note_of
from stacks.providers.ids import ProviderSettings, identity

CREATING = "creating"
CHANGES = frozenset({CREATING, "updating", "deleting"})
"""What may have changed the cloud. Reading and importing don't: they are simply done again."""


class Nameless(Exception):
    """Ids don't follow from the names of these resources, so nobody can tell whether they were created."""

    def __init__(self, urns: list[str]) -> None:
        super().__init__(", ".join(urns))
        self.urns = urns


class Noted(NamedTuple):
    """A state in which all that was cut off is a note, what of it a refresh has to read, and the notes."""

    state: Json
    to_read: list[str]
    notes: list[CutOff]


class Settled(NamedTuple):
    """What became of something that was cut off. `words` say it to a person."""

    about: CutOff
    words: str


def noted(state: Json, told: Mapping[str, str | None]) -> Noted:
    """A state with a note in place of each pending operation that may have changed the cloud.

    `told` are ids by URN from somebody who looked, None for what isn't there. Raises Nameless."""
    resources: list[Json] = list(state.get("resources") or [])
    fresh: list[Json] = []
    nameless: list[str] = []
    earlier = sum(note_of(each) is not None for each in resources)
    for number, operation in enumerate(state.get("pending_operations") or [], start=earlier):
        doing, record = operation["type"], operation["resource"]
        urn = record["urn"]
        if doing not in CHANGES or not is_in_a_cloud(record):
            continue
        if doing == CREATING:
            id_ = told[urn] if urn in told else id_of(record, resources)
            if id_ == "":
                nameless.append(urn)
            if not id_ or _is_known(urn, id_, [*resources, *fresh]):
                continue
            record = {**record, "id": id_}
        fresh.append(note(record, f"{doing}-{number}"))
    if nameless:
        raise Nameless(nameless)
    noted_ = {name: value for name, value in state.items() if name != "pending_operations"}
    noted_["resources"] = [*resources, *fresh]
    notes = [(each, found) for each in noted_["resources"] if (found := note_of(each)) is not None]
    urns = {resource["urn"] for resource in resources}
    to_read = [each["urn"] if found.doing == CREATING else found.urn for each, found in notes]
    urns |= {each["urn"] for each in fresh}
    to_read = [urn for urn in dict.fromkeys(to_read) if urn in urns]
    return Noted(noted_, to_read, [found for _, found in notes])


def note(record: Mapping[str, Any], what: str) -> Json:
    """A note about a resource. A provider reads it by its id and by what it was asked for; that of grants by
    nothing else (`resourceIamMemberRead` of https://github.com/hashicorp/terraform-provider-google/blob/main/
    google/tpgiamresource/resource_iam_member.go)."""
    kept = {name: value for name, value in record.items() if name not in {"delete", "pendingReplacement"}}
    inputs = dict(record.get("inputs") or {})
    return {**kept, "urn": f"{record['urn']}{MARK}{what}", "external": True, "outputs": inputs}


def id_of(record: Mapping[str, Any], resources: Iterable[Mapping[str, Any]]) -> str:
    """The id that a resource gets, with the settings of its provider; empty when it doesn't follow."""
    provider, _, provider_id = str(record.get("provider", "")).rpartition("::")
    settings: Mapping[str, Any] = {}
    for resource in resources:
        if resource["urn"] == provider and resource.get("id") == provider_id:
            settings = resource.get("inputs") or {}
    known = {name: value for name in ProviderSettings._fields if isinstance(value := settings.get(name), str)}
    return identity(record["type"], dict(record.get("inputs") or {}), ProviderSettings(**known))


def settled(state: Json, notes: Iterable[CutOff]) -> tuple[Json, list[Settled]]:
    """A refreshed state without notes, in which what was found is managed, and what became of all `notes`.

    A resource that another one was to replace is what the engine would have made of it: still to be deleted
    when it is another one in the cloud, else forgotten."""
    resources: list[Json] = []
    found: list[tuple[CutOff, Json]] = []
    for resource in state.get("resources") or []:
        about = note_of(resource)
        if about is None:
            resources.append(resource)
        elif about.doing == CREATING:
            found.append((about, _managed(resource, about.urn)))
    words: dict[CutOff, str] = {}
    for about, resource in found:
        words[about] = _adopt(resources, resource, again=about in words)
    urns = {resource["urn"] for resource in resources}
    done = [Settled(about, words.get(about) or _fate(about, urns)) for about in dict.fromkeys(notes)]
    return {**state, "resources": resources}, done


def _adopt(resources: list[Json], adopted: Json, *, again: bool) -> str:
    """Puts a resource among the others, and says so."""
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
    if about.doing == CREATING:
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
    """Whether a resource is managed already, or noted."""
    for each in resources:
        about = note_of(each)
        same = (about is not None and about.urn == urn and about.doing == CREATING) or each["urn"] == urn
        if same and each.get("id") == id_ and not each.get("delete") and not each.get("pendingReplacement"):
            return True
    return False


def named(urn: str) -> str:
    """How a person knows a resource: its name, and its type without the packaging."""
    return f"{urn.split('::', 3)[3]} ({urn.split('::')[2].rpartition('$')[2].rpartition(':')[2]})"
