"""States to which is added what an update was about to create, and may have created. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from catalog.document import Json
from pave.delivery.engine.intents import Intended
from pave.delivery.recovery.adoption import CREATING, id_of
from stacks.backend import is_in_a_cloud, note_of

PROVIDER = "pulumi:providers:"


def with_intended(state: Json, intended: Intended) -> Json:
    """A state with a pending creation for all that was intended and that it doesn't know, as if the engine
    had been cut off at each; and with the components and providers that these need. The same state when it
    knows all.

    A provider of the engine's exists in the state alone; its id is what its resources call it."""
    resources: list[Json] = list(state.get("resources") or [])
    pending: list[Json] = list(state.get("pending_operations") or [])
    there = {each["urn"] for each in resources}
    ids = dict(str(each.get("provider", "")).rpartition("::")[::2] for each in intended.records)
    ground = [each for each in _ground(intended.records, ids) if each["urn"] not in there]
    known = {each["resource"]["urn"]: None for each in pending} | _managed(resources)
    missing = [each for each in intended.records if is_in_a_cloud(each) and each["urn"] not in known]
    for each in intended.records:
        if each["urn"] in known and (live := known[each["urn"]]):
            id_ = id_of(each, resources)
            missing += [each] if id_ not in {"", live} else []  # what was to take its place
    if not missing:
        return state
    made = [{"type": CREATING, "resource": each} for each in missing]
    return {**state, "resources": [*resources, *ground], "pending_operations": [*pending, *made]}


def _managed(resources: Iterable[Mapping[str, Any]]) -> dict[str, str | None]:
    """What a state manages in a cloud, by URN, with its id; None for what it has a note on. Without what is
    being replaced."""
    found: dict[str, str | None] = {}
    for each in resources:
        if is_in_a_cloud(each) and not each.get("delete") and not each.get("pendingReplacement"):
            note = note_of(each)
            found[note.urn if note is not None else each["urn"]] = each["id"] if note is None else None
    return found


def _ground(records: Iterable[Json], ids: Mapping[str, str]) -> Iterator[Json]:
    for each in records:
        if each["type"].startswith(PROVIDER):
            if each["urn"] in ids:
                yield {**each, "id": ids[each["urn"]], "outputs": each["inputs"]}
        elif not each["custom"]:
            yield {name: value for name, value in each.items() if name != "inputs"}
