"""Asks the engine how what is to be taken over differs from what the program would make of it.

A preview of the same program on the same stack, without the gate, since what exists may well break rules:
the engine reads each resource from the cloud, and compares. Nothing is changed."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from catalog.document import Json
from catalog.loader import Catalog
from catalog.yaml.parsed import Pointer
from pave.delivery.engine.previews import EngineFailed, cause, errors
from pave.delivery.engine.stack import OpenedStack, open_stack
from pave.delivery.engine.target import AskedCloud
from pave.delivery.recovery.ownership import Around
from pave.delivery.recovery.surroundings import surroundings
from pave.reviewing.changes import ACTIONS
from pave.terminal import progress
from stacks.stack import Stack, program

if TYPE_CHECKING:
    from pulumi.automation import EngineEvent


class LiveResource(NamedTuple):
    """A resource as the provider reads it, for the planned one of that URN: its `id` in a state, its inputs
    and outputs there, the inputs that the program asks for, and the paths at which these differ as the
    provider sees it."""

    urn: str
    id: str
    inputs: Json
    outputs: Json
    wanted: Json
    differing: tuple[Pointer, ...]


class Looked(NamedTuple):
    """What a look at the cloud has found: resources by URN; errors by the URN of the planned resource that
    can't be read; the URNs of what the stack's state has already, and of what would be created; and what else
    would change, in words."""

    there: dict[str, LiveResource]
    errors: dict[str, str]
    managed: frozenset[str]
    created: frozenset[str] = frozenset()
    changing: tuple[str, ...] = ()


class CloudLook:
    """Looks at the cloud for one stack, as often as it is asked."""

    def __init__(self, cloud: AskedCloud, name: Stack, root: Path, today: date) -> None:
        self._target = cloud.target(os.environ)
        self._name = name
        self._root = root
        self._today = today
        self._catalog: Catalog | None = None
        self._opened: OpenedStack | None = None

    def at(self, catalog: Catalog) -> Looked:
        """What is there of all that this catalog takes over. Raises Refused, and EngineFailed for an error
        that is of no single resource."""
        from pulumi.automation import CommandError

        self._catalog, opened = catalog, self._open(catalog)
        events: list[EngineEvent] = []
        with progress(f"Looking at {self._name}"):
            try:
                opened.engine.preview(on_event=events.append)
            except CommandError as error:
                found = {urn: said for urn, said in errors(events) if urn}
                if not found:
                    raise EngineFailed(cause(events, error)) from error
                return Looked(_there(events), found, self._managed(opened))
        there = _there(events)
        changes = list(_changes(events))
        created = frozenset(step.urn for step in changes if step.op.value == "create")
        changing = dict.fromkeys(
            f"{step.op.value} {step.urn.rpartition('::')[2]}"
            for step in changes
            if step.op.value not in {"create", "import"}
            and not (step.urn in there and there[step.urn].differing)
        )
        return Looked(there, {}, self._managed(opened), created, tuple(changing))

    def around(self, catalog: Catalog) -> Around:
        """What other stacks of the back end manage."""
        opened = self._open(catalog)
        return surroundings(opened, _state(opened), {})

    def _open(self, catalog: Catalog) -> OpenedStack:
        if self._opened is None:
            self._opened = open_stack(
                self._target, catalog, self._root, self._name, self._today, program=self._run
            )
        return self._opened

    def _run(self) -> None:
        assert self._catalog is not None
        program(self._catalog, self._name)()

    def _managed(self, opened: OpenedStack) -> frozenset[str]:
        return frozenset(each["urn"] for each in _state(opened).get("resources") or ())


def _state(opened: OpenedStack) -> Json:
    return dict(opened.engine.export_stack().deployment or {})


def _changes(events: Iterable["EngineEvent"]) -> Iterator[Any]:
    """The steps of a preview that change something in a cloud or a cluster."""
    for event in events:
        step = event.resource_pre_event.metadata if event.resource_pre_event else None
        state = None if step is None else step.new or step.old
        if step is None or state is None or not state.custom or step.type.startswith("pulumi:"):
            continue
        if step.op.value in ACTIONS:
            yield step


def _there(events: Iterable["EngineEvent"]) -> dict[str, LiveResource]:
    """What was imported, by the steps on it: the import, and where it differs an update or a replacement."""
    found: dict[str, LiveResource] = {}
    for event in events:
        step = event.res_outputs_event.metadata if event.res_outputs_event else None
        step = event.resource_pre_event.metadata if event.resource_pre_event else step
        if step is None or step.new is None:
            continue
        if step.op.value == "import" and event.res_outputs_event and step.old is not None:
            found[step.urn] = LiveResource(
                step.urn,
                str(step.new.id or ""),
                dict(step.old.inputs or {}),
                dict(step.new.outputs or {}),
                dict(step.new.inputs or {}),
                (),
            )
        elif step.urn in found and step.op.value in {"update", "replace", "create-replacement"}:
            paths = {pointer(path): None for path in step.detailed_diff or ()}
            names = [*(step.diffs or ()), *(step.keys or ())]
            paths |= {(name,): None for name in names if all(path[0] != name for path in paths)}
            before = found[step.urn]
            found[step.urn] = before._replace(
                wanted=dict(step.new.inputs or {}),
                differing=tuple(dict.fromkeys([*before.differing, *paths])),
            )
    return found


def pointer(path: str) -> Pointer:
    """A path of the engine's, such as `settings.flags[0].name` or `labels["a.b"]`
    (https://www.pulumi.com/docs/iac/concepts/resources/options/ignorechanges/)."""
    steps: list[str | int] = []
    for quoted, index, word in re.findall(r'\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|\.?([^.\[\]]+)', path):
        steps.append(int(index) if index else word or quoted)
    return tuple(steps)


def value_at(data: Mapping[str, Any], path: Pointer) -> Any:
    """What there is at a path; None for nothing."""
    value: Any = data
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value
