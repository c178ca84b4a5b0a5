"""The changes of a preview, one for each resource, made from the engine's steps. Pure.

A replacement is several steps to the engine and one change here. Components, providers and look-ups exist in
no cloud: they are no changes."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import msgspec

from catalog.document import Origin
from catalog.yaml.parsed import Pointer
from stacks.backend import MARK
from stacks.properties import UNKNOWN
from stacks.providers.consequence import Consequence
from stacks.providers.effects import of_deletion, of_replacement, of_update
from stacks.providers.table import holds_data

if TYPE_CHECKING:
    from pulumi.automation import StepEventMetadata, StepEventStateMetadata

Action = Literal["import", "create", "update", "replace", "delete"]

ACTIONS: Mapping[str, Action] = {
    "create": "create",
    "import": "import",
    "update": "update",
    "replace": "replace",
    "create-replacement": "replace",
    "delete-replaced": "replace",
    "import-replacement": "replace",
    "discard-replaced": "replace",
    "delete": "delete",
    "discard": "delete",
}
"""What the engine's operations amount to; any other changes nothing."""


class Property(msgspec.Struct, frozen=True, rename="camel"):
    """One input that changes, by its dotted path. `before` and `after` are JSON: None for what isn't there,
    `[secret]` for a secret, `[unknown]` for what only the update will know. `replaces` says that the change
    of this input is why the resource is replaced."""

    path: str
    before: Any
    after: Any
    replaces: bool = False


class ResourceChange(msgspec.Struct, frozen=True, rename="camel"):
    """One resource that an update, a refresh or a destroy changes. One with `import` is taken over as it is:
    nothing of it changes in the cloud.

    `id` is the cloud's, empty for what isn't there yet. A `stateful` one can't be made again as it was: its
    type holds data (`stacks.providers`), or its stack marked it, as `protected` or `retained`. The engine
    refuses to delete a `protected` one, and leaves a `retained` one in the cloud. `because` are the dotted
    inputs that make a replacement necessary. `consequences` are what the change does beside what it says, the
    worst first. `origin` is the place in the catalog that asked for it, None when that isn't known."""

    action: Action
    urn: str
    type: str
    name: str
    id: str
    stateful: bool
    protected: bool
    retained: bool
    properties: list[Property]
    because: list[str]
    origin: Origin | None
    consequences: list[Consequence] = []

    @property
    def is_irreversible(self) -> bool:
        """Whether no later change takes it back."""
        return any(one.kind == "irreversible" for one in self.consequences)


class Changes(NamedTuple):
    """All changes of a stack, in the order in which the engine makes them: creations, updates and
    replacements, each after what it stands on; then deletions.

    `existing` is how many resources the stack has in the cloud, and how many others it changes as it takes
    them over. `hidden` counts changes of components,
    providers and outputs, which exist in the state only. `later` is how many are left for another update.
    `unlocked` are the names of resources that stay and would be protected no longer, which changes nothing in
    the cloud and lets the next update delete them."""

    found: list[ResourceChange]
    existing: int
    hidden: int
    later: int = 0
    unlocked: tuple[str, ...] = ()

    def count(self, action: Action) -> int:
        """How many changes have this action."""
        return sum(change.action == action for change in self.found)

    @property
    def is_none(self) -> bool:
        """Whether nothing changes, not even in the state."""
        return not self.found and not self.hidden

    @property
    def unchanged(self) -> int:
        """How many of the existing resources don't change."""
        return self.existing - sum(change.action not in {"import", "create"} for change in self.found)


def counted(changes: Iterable[ResourceChange]) -> dict[str, int]:
    """How many resources are created, updated and deleted, as Terraform counts: a replacement is a creation
    and a deletion, and what is taken over as it is none of them."""
    found = dict.fromkeys(("create", "update", "delete"), 0)
    for change in changes:
        for action in ("create", "delete") if change.action == "replace" else (change.action,):
            if action in found:
                found[action] += 1
    return found


class _Steps:
    """The engine's steps on one resource, of which a replacement has several."""

    def __init__(self) -> None:
        self.action: Action | None = None
        self.old: StepEventStateMetadata | None = None
        self.new: StepEventStateMetadata | None = None
        self.keys: set[str] = set()
        self.paths: dict[str, str] = {}

    def add(self, step: "StepEventMetadata") -> None:
        if step.op.value == "refresh":
            return  # what it found is the `old` of the step that follows
        action = ACTIONS.get(step.op.value)
        if action is not None and self.action != "replace":
            self.action = action
        self.old = self.old or step.old
        self.new = self.new or step.new
        self.keys |= set(step.keys or ())
        self.paths |= {path: diff.diff_kind.value for path, diff in (step.detailed_diff or {}).items()}


def changes(
    steps: Iterable["StepEventMetadata"],
    origins: Mapping[str, Origin | None],
    levels: Mapping[str, int] | None = None,
) -> Changes:
    """The changes that the steps of a preview amount to.

    `origins` are those of the resources that the program asks for, by URN; one that it no longer asks for has
    the origin that its component was made with. `levels` say by URN how far down each stands: whatever it
    stands on has a lower one. Deletions come in the order of their steps."""
    seen: dict[str, _Steps] = {}
    for step in steps:
        if MARK in step.urn:
            continue  # a note of something unfinished, which only a recovery settles
        seen.setdefault(step.urn, _Steps()).add(step)
    made_for = {urn: _made_for(urn, seen) for urn in seen} | {u: o for u, o in origins.items() if o}
    found = [_change(urn, one, made_for[urn]) for urn, one in seen.items() if one.action and _is_real(one)]
    ranks, steps_of = levels or {}, {urn: number for number, urn in enumerate(seen)}

    def in_order(change: ResourceChange) -> tuple[bool, int, str]:
        is_deleted = change.action == "delete"
        return is_deleted, steps_of[change.urn] if is_deleted else ranks.get(change.urn, 0), change.urn

    found.sort(key=in_order)
    real = [one for one in seen.values() if _is_real(one)]
    # What an update leaves out is "same" to the engine, though it has no id yet.
    later = sum(one.action is None and not (one.old is not None and one.old.id) for one in real)
    existing = sum(one.old is not None and one.action != "import" for one in real) - later
    hidden = sum(one.action is not None and not _is_real(one) for one in seen.values())
    unlocked = tuple(sorted(urn.rpartition("::")[2] for urn, one in seen.items() if _is_unlocked(one)))
    return Changes(found, existing, hidden, later, unlocked)


def _is_real(one: _Steps) -> bool:
    """Whether it exists in a cloud or a cluster, and not in the state only."""
    state = one.new or one.old
    return state is not None and bool(state.custom) and not state.type.startswith("pulumi:")


def _is_unlocked(one: _Steps) -> bool:
    """Whether what stays would lose Pulumi's protection."""
    stays = one.old is not None and one.new is not None and one.action != "replace"
    return stays and bool(one.old and one.old.protect) and not (one.new and one.new.protect)


def _made_for(urn: str, seen: Mapping[str, _Steps]) -> Origin | None:
    while urn in seen:
        state = seen[urn].new or seen[urn].old
        if state is None:
            return None
        if not state.custom and "origin" in (state.inputs or {}):
            return _origin((state.inputs or {})["origin"])
        urn = state.parent
    return None


def _origin(found: Any) -> Origin | None:
    """An origin as a state holds it; None for one that another release of pave wrote in another shape."""
    try:
        return msgspec.convert(found, Origin)
    except msgspec.ValidationError:
        return None


def _change(urn: str, one: _Steps, origin: Origin | None) -> ResourceChange:
    assert one.action is not None
    state = one.old or one.new
    assert state is not None
    both = one.action in {"update", "replace"} and one.old is not None and one.new is not None
    properties = list(_properties(one)) if both else []
    because = sorted(one.keys | {item.path for item in properties if item.replaces})
    return ResourceChange(
        action=one.action,
        urn=urn,
        type=state.type,
        name=urn.rpartition("::")[2],
        id=one.old.id if one.old is not None else "",
        stateful=holds_data(state.type) or bool(state.protect or state.retain_on_delete),
        protected=bool(state.protect),
        retained=bool(state.retain_on_delete),
        properties=properties,
        because=[name for name in because if not any(other.startswith(f"{name}.") for other in because)],
        origin=origin,
        consequences=_consequences(one, state.type, because),
    )


def _consequences(one: _Steps, token: str, because: Iterable[str]) -> list[Consequence]:
    if one.action == "update" and one.old is not None and one.new is not None:
        return of_update(token, dict(one.old.inputs or {}), dict(one.new.inputs or {}))
    if one.action == "replace":
        return of_replacement(token, ", ".join(because))
    return of_deletion(token) if one.action == "delete" else []


def _properties(one: _Steps) -> Iterator[Property]:
    """The inputs that differ, and those that only the provider says differ."""
    assert one.old is not None
    assert one.new is not None
    # The engine's keys are whole inputs, of which only some fields need a replacement.
    replacing = {path for path, kind in one.paths.items() if kind.endswith("-replace")} or one.keys
    found = set()
    for path, before, after in differences(one.old.inputs or {}, one.new.inputs or {}):
        name = dotted(path)
        if path[0] == "__internal":
            continue
        found.add(name)
        yield Property(name, _shown(before), _shown(after), replaces=_is_under(name, replacing))
    for name in sorted(one.paths):
        if not _is_under(name, found) and not any(_is_under(other, {name}) for other in found):
            yield Property(name, None, None, replaces=name in replacing)


def _is_under(name: str, paths: Iterable[str]) -> bool:
    return any(name == path or name.startswith((f"{path}.", f"{path}[")) for path in paths)


def differences(before: Any, after: Any, at: Pointer = ()) -> Iterator[tuple[Pointer, Any, Any]]:
    """Where two JSON values differ, with both values; None for what isn't there."""
    if before == after and type(before) is type(after):
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted(before.keys() | after.keys()):
            yield from differences(before.get(key), after.get(key), (*at, key))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from differences(old, new, (*at, index))
    else:
        yield at, before, after


def dotted(path: Pointer) -> str:
    """`settings.flags[0].name`; a key that isn't a word stands in brackets, as in `labels["a.b/c"]`."""
    steps = []
    for step in path:
        if isinstance(step, str) and step.replace("_", "a").replace("-", "a").isalnum():
            steps.append(f".{step}")
        else:
            steps.append(f"[{json.dumps(step)}]")
    return "".join(steps).removeprefix(".")


def _shown(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _shown(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_shown(item) for item in value]
    return "[unknown]" if value == UNKNOWN else value
