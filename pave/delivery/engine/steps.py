"""Asks the engine what would change, and hears why it can't say."""

import json
import re
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from catalog.document import Origin
from pave.delivery.engine.cli import said
from pave.delivery.engine.stack import Opened
from pave.delivery.review.changes import Changes, ResourceChange, changes
from stacks.gate.break_glass import KEY
from stacks.gate.seal import OUTPUT, BrokenGlass, read_broken, read_setting
from stacks.recording.wire import STACK
from stacks.stack import PROJECT

if TYPE_CHECKING:
    from pulumi.automation import CommandError, EngineEvent

COLOUR = re.compile(r"<\{%[^%]*%\}>")
"""How the engine marks colours in its messages."""


SETTING = f"{PROJECT}:{KEY}"

RECENT = 10
"""Commands looked through for the last update: after one that failed come refreshes and imports at most."""


class Failed(Exception):
    """The engine didn't do it. Says why, in its words or its provider's."""


class Previewed(NamedTuple):
    """What an update would change, and the engine's own plan of it, which an update can be held to."""

    changes: Changes
    engine_plan: dict[str, Any]


def preview(opened: Opened, origins: Mapping[str, Origin | None], *, refresh: bool) -> Previewed:
    """What an update would change; with `refresh`, of what is there rather than of what the state remembers.

    Nothing is written but an empty stack. Protection is ignored here, so that all of a change is seen: an
    update never ignores it. Raises Failed."""
    from pulumi.automation import CommandError

    events: list[EngineEvent] = []
    with tempfile.TemporaryDirectory(prefix="pave-") as folder:
        file = Path(folder) / "plan.json"
        try:
            with opened.cli.with_flags("--ignore-protect"):
                opened.engine.preview(plan=str(file), refresh=refresh, on_event=events.append)
        except CommandError as error:
            raise Failed(cause(events, error)) from error
        engine_plan = json.loads(file.read_bytes())
    found = changes(_planned(events), origins)
    return Previewed(found._replace(hidden=found.hidden + _changed_outputs(events)), engine_plan)


def drift(opened: Opened) -> Changes:
    """What is otherwise in the cloud than the state remembers. Nothing is written. Raises Failed."""
    from pulumi.automation import CommandError

    events: list[EngineEvent] = []
    try:
        opened.engine.preview_refresh(on_event=events.append)
    except CommandError as error:
        raise Failed(cause(events, error)) from error
    found = changes((event.res_outputs_event.metadata for event in events if event.res_outputs_event), {})
    return found._replace(found=[change for change in found.found if _is_drift(change)])


def broken_glass(opened: Opened) -> BrokenGlass | None:
    """The broken glass of a stack's last update, None when that had none: as its output keeps it, or if the
    update failed, which may have kept no outputs, as it was set. Raises Failed."""
    from pulumi.automation import CommandError

    try:
        recent = opened.engine.history(page_size=RECENT, show_secrets=False)
        found = opened.engine.export_stack().deployment or {}
    except CommandError as error:
        raise Failed(said(error)) from error
    last = next((each for each in recent if each.kind == "update"), None)
    if last is not None and last.result == "failed" and SETTING in last.config:
        return read_setting(last.config[SETTING].value)
    for resource in found.get("resources") or []:
        if resource["type"] == STACK:
            return read_broken((resource.get("outputs") or {}).get(OUTPUT))
    return None


def _is_drift(change: ResourceChange) -> bool:
    """Whether it is gone, or isn't as it was asked for. What a cloud says of itself may change: a status, a
    version that it upgrades."""
    return change.action == "delete" or bool(change.properties)


def losses(opened: Opened, *, keep_protected: bool) -> Changes:
    """What a destroy would delete, of all or of what isn't protected. Nothing is written. Raises Failed."""
    from pulumi.automation import CommandError

    events: list[EngineEvent] = []
    try:
        with opened.cli.with_flags(*(() if keep_protected else ("--ignore-protect",))):
            opened.engine.preview_destroy(exclude_protected=keep_protected, on_event=events.append)
    except CommandError as error:
        raise Failed(cause(events, error)) from error
    except RuntimeError:  # the SDK misses a summary, which the engine leaves out where all is protected
        if any(event.resource_pre_event for event in events):
            raise
    return changes(_planned(events), {})


def _planned(events: Iterable["EngineEvent"]) -> Iterable[Any]:
    return (event.resource_pre_event.metadata for event in events if event.resource_pre_event)


def _changed_outputs(events: Iterable["EngineEvent"]) -> int:
    """1 if the stack's outputs change, which the engine calls the same."""
    ended = [event.res_outputs_event.metadata for event in events if event.res_outputs_event]
    of_stack = [step for step in ended if step.type == STACK]
    if not of_stack:
        return 0
    old, new = of_stack[-1].old, of_stack[-1].new
    return int((old.outputs if old else None) != (new.outputs if new else None))


def cause(events: Iterable["EngineEvent"], error: "CommandError") -> str:
    """Why a command of the engine failed: its errors as they came, else the end of what it printed."""
    messages = dict.fromkeys(message for _, message in errors(events))
    return "\n".join(messages) or said(error)


def errors(events: Iterable["EngineEvent"]) -> list[tuple[str, str]]:
    """The engine's errors, each with the URN that it is about, empty for the whole."""
    found = []
    for event in events:
        message = event.diagnostic_event
        if message is not None and message.severity == "error":
            found.append((message.urn or "", COLOUR.sub("", message.message).strip()))
    return found
