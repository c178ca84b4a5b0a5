"""Previews by the engine: of an update, of a refresh and of a destroy. None of them changes anything."""

import json
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pave.delivery.engine.cli import said
from pave.delivery.engine.stack import OpenedStack
from pave.delivery.unfinished import Ended, LastOperation
from pave.reviewing.changes import Changes, changes
from pave.reviewing.drift import drift
from stacks.backend import is_in_a_cloud
from stacks.gate.break_glass import KEY
from stacks.gate.seal import OUTPUT, BrokenGlass, read_broken, read_setting
from stacks.plan import Plan
from stacks.recording.model import STACK
from stacks.stack import PROJECT

if TYPE_CHECKING:
    from pulumi.automation import CommandError, EngineEvent

COLOUR = re.compile(r"<\{%[^%]*%\}>")
"""How the engine marks colours in its messages."""

SETTING = f"{PROJECT}:{KEY}"
"""The name of the broken glass in a stack's configuration."""

RECENT = 10
"""How many operations of a stack's history are looked through for its last update: after an update that
failed come refreshes and imports at most."""


class EngineFailed(Exception):
    """An operation of the engine failed: its errors, in its words or its provider's."""


class UpdatePreview(NamedTuple):
    """What an update would change, and the engine's own plan of it (the JSON of `pulumi preview
    --save-plan`), which an update can be constrained to."""

    changes: Changes
    engine_plan: dict[str, Any]


def preview_update(
    opened: OpenedStack, asked: Plan, *, refresh: bool, without: Sequence[str] = ()
) -> UpdatePreview:
    """What an update would change, compared with the state; with `refresh`, with the cloud. It leaves out the
    resources with the URNs `without`, and what depends on them.

    `asked` is the recorded plan of what the program asks for. Protection is ignored here, so that all of a
    change is shown; an update never ignores it. Raises EngineFailed, also when the gate in the
    program blocks."""
    from pulumi.automation import CommandError

    events: list[EngineEvent] = []
    with tempfile.TemporaryDirectory(prefix="pave-") as folder:
        file = Path(folder) / "plan.json"
        try:
            with opened.cli.with_flags("--ignore-protect"):
                opened.engine.preview(
                    plan=str(file), refresh=refresh, on_event=events.append, **left_out(without)
                )
        except CommandError as error:
            raise EngineFailed(cause(events, error)) from error
        engine_plan = json.loads(file.read_bytes())
    found = changes(_planned(events), asked.origins, asked.levels)
    return UpdatePreview(found._replace(hidden=found.hidden + _changed_outputs(events)), engine_plan)


def left_out(urns: Sequence[str]) -> dict[str, Any]:
    """The arguments of an operation of the engine's that leaves resources out, and what depends on them."""
    return {"exclude": list(urns), "exclude_dependents": True} if urns else {}


def preview_refresh(opened: OpenedStack) -> Changes:
    """The drift of a stack: what a refresh would change in the state because the cloud differs from it.
    `before` is the state, `after` the cloud; a `delete` is gone from the cloud. Raises EngineFailed."""
    from pulumi.automation import CommandError

    events: list[EngineEvent] = []
    try:
        opened.engine.preview_refresh(on_event=events.append)
    except CommandError as error:
        raise EngineFailed(cause(events, error)) from error
    return drift(event.res_outputs_event.metadata for event in events if event.res_outputs_event)


class LastKnown(NamedTuple):
    """What a back end knows of the last operation on a stack; the broken glass of its last update, None when
    that had none; and the resources of its state."""

    operation: LastOperation
    glass: BrokenGlass | None
    resources: Sequence[Mapping[str, Any]]


def last_known(opened: OpenedStack) -> LastKnown:
    """What the last operation on a stack has left.

    The glass is read from the stack's output. An update that failed may have written no outputs: then from
    the configuration that it ran with. Raises EngineFailed."""
    from pulumi.automation import CommandError

    try:
        found = opened.engine.export_stack().deployment or {}
    except CommandError as error:
        raise EngineFailed(said(error)) from error
    try:
        recent = opened.engine.history(page_size=RECENT, show_secrets=False)
    except (CommandError, ValueError):  # a broken file in it; the state says the same of an update that ended
        recent = []
    resources = found.get("resources") or []
    history = [Ended(each.kind, each.result, each.message or "") for each in recent]
    last = LastOperation(history, opened.intents.is_open(), sum(map(is_in_a_cloud, resources)))
    return LastKnown(last, _broken_glass(recent, resources), resources)


def _broken_glass(recent: Sequence[Any], resources: Iterable[Mapping[str, Any]]) -> BrokenGlass | None:
    last = next((each for each in recent if each.kind == "update"), None)
    if last is not None and last.result == "failed" and SETTING in last.config:
        return read_setting(last.config[SETTING].value)
    for resource in resources:
        if resource["type"] == STACK:
            return read_broken((resource.get("outputs") or {}).get(OUTPUT))
    return None


def preview_destroy(opened: OpenedStack, *, keep_protected: bool) -> Changes:
    """What a destroy would delete; with `keep_protected`, without what is protected and what that depends on.

    Raises EngineFailed."""
    from pulumi.automation import CommandError

    events: list[EngineEvent] = []
    try:
        with opened.cli.with_flags(*(() if keep_protected else ("--ignore-protect",))):
            opened.engine.preview_destroy(exclude_protected=keep_protected, on_event=events.append)
    except CommandError as error:
        raise EngineFailed(cause(events, error)) from error
    except RuntimeError:  # the SDK misses a summary, which the engine leaves out where all is protected
        if any(event.resource_pre_event for event in events):
            raise
    return changes(_planned(events), {})


def _planned(events: Iterable["EngineEvent"]) -> Iterable[Any]:
    return (event.resource_pre_event.metadata for event in events if event.resource_pre_event)


def _changed_outputs(events: Iterable["EngineEvent"]) -> int:
    """1 if the stack's outputs would change, which the engine reports as an unchanged stack; else 0."""
    ended = [event.res_outputs_event.metadata for event in events if event.res_outputs_event]
    of_stack = [step for step in ended if step.type == STACK]
    if not of_stack:
        return 0
    old, new = of_stack[-1].old, of_stack[-1].new
    return int((old.outputs if old else None) != (new.outputs if new else None))


def cause(events: Iterable["EngineEvent"], error: "CommandError") -> str:
    """Why an operation failed: the errors among its `events`, a line each, else the last error that it
    printed."""
    messages = dict.fromkeys(message for _, message in errors(events))
    return "\n".join(messages) or said(error)


def errors(events: Iterable["EngineEvent"]) -> list[tuple[str, str]]:
    """The errors among an operation's events: the URN of the resource each is about, empty for the whole
    operation, and the message."""
    found = []
    for event in events:
        message = event.diagnostic_event
        if message is not None and message.severity == "error":
            found.append((message.urn or "", COLOUR.sub("", message.message).strip()))
    return found
