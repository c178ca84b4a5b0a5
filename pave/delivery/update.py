"""Updates and destroys on the engine: shows their progress, and gives how they ended.

An update is constrained to the plan that was previewed."""

import json
import re
import socket
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pave.delivery.engine.previews import cause, errors, left_out
from pave.delivery.engine.stack import OpenedStack
from pave.delivery.held_back import NOTHING_HELD, HeldBack
from pave.delivery.progress import Display
from pave.delivery.recovery.lock import lock_message, locks_in
from pave.delivery.recovery.recover import note_unconfirmed
from pave.delivery.recovery.unconfirmed import CREATIONS, refused_creations
from pave.delivery.unfinished import waiting_for
from pave.refused import Refused
from pave.reviewing.changes import ResourceChange
from pave.reviewing.wording import kind, plain
from policies.wording import Line

if TYPE_CHECKING:
    from pulumi.automation import CommandError, EngineEvent, StepEventMetadata

DONE = {
    "create": "created",
    "import": "taken over",
    "update": "updated",
    "delete": "deleted",
    "discard": "forgotten",
    "create-replacement": "created anew",
    "delete-replaced": "deleted the old",
    "discard-replaced": "forgot the old",
}
"""The engine's operations that change something in the cloud, in the past tense."""

HALVES = frozenset({"delete-replaced", "discard-replaced"})
"""Operations that are only one half of a replacement."""

UNSEEN = re.compile(r"expected resource operations for .* but none were seen", re.DOTALL)
"""What the engine says of every planned resource that an update didn't get to: a consequence, no cause."""

STOPPING = "Stopping: nothing new is begun. Ctrl-C again stops at once. The next `pave up` sees what was."


class FailedResource(NamedTuple):
    """A resource whose operation failed, and its provider's error. With an empty `urn`, the whole update
    failed."""

    urn: str
    error: str


class Outcome(NamedTuple):
    """How an update or a destroy ended.

    `done` are the URNs of the resources that were changed; `left` the changes that weren't begun. `outputs`
    are the stack's, empty unless all went well, with `[secret]` for secrets. `is_stopped` says that a person
    or a pipeline stopped it. `notes` are sentences on creations that may have happened without being recorded
    in the state."""

    done: list[str]
    failures: list[FailedResource]
    left: list[ResourceChange]
    outputs: Mapping[str, Any]
    is_stopped: bool
    notes: list[str]

    @property
    def is_done(self) -> bool:
        """Whether nothing failed and nobody stopped it."""
        return not self.failures and not self.is_stopped


class _Watch:
    """Collects the engine's events, and shows each step on the display. `clock` gives seconds."""

    def __init__(self, display: Display, clock: Callable[[], float]) -> None:
        self._display = display
        self._clock = clock
        self._since: dict[str, float] = {}
        self.events: list[EngineEvent] = []
        self.done: list[str] = []
        self.failed: list[str] = []

    def hear(self, event: "EngineEvent") -> None:
        self.events.append(event)
        if event.resource_pre_event:
            self._began(event.resource_pre_event.metadata)
        elif event.res_outputs_event:
            self._ended(event.res_outputs_event.metadata)
        elif event.res_op_failed_event:
            self._failed(event.res_op_failed_event.metadata)

    def _began(self, step: "StepEventMetadata") -> None:
        if _is_shown(step):
            self._since[_key(step)] = self._clock()
            self._display.began(_key(step), f"{step.op.value} {_called(step)}")

    def _ended(self, step: "StepEventMetadata") -> None:
        if _is_shown(step) and _key(step) in self._since:
            if step.op.value not in HALVES:
                self.done.append(step.urn)
            self._display.ended(
                _key(step), Line("good", f"  ✓ {DONE[step.op.value]} {_called(step)}  {self._age(step)}")
            )

    def _failed(self, step: "StepEventMetadata") -> None:
        self.failed.append(step.urn)
        words = f"  ✗ {step.op.value} of {_called(step)} failed  {self._age(step)}"
        self._display.ended(_key(step), Line("bad", words))

    def _age(self, step: "StepEventMetadata") -> str:
        return f"{self._clock() - self._since.pop(_key(step), self._clock()):.1f} s"


def _key(step: "StepEventMetadata") -> str:
    return f"{step.op.value} {step.urn}"


def _called(step: "StepEventMetadata") -> str:
    return f"{kind(step.type)} {plain(step.urn.rpartition('::')[2])}"


def _is_shown(step: "StepEventMetadata") -> bool:
    state = step.new or step.old
    is_real = state is not None and bool(state.custom) and not step.type.startswith("pulumi:")
    return is_real and step.op.value in DONE


def apply(
    opened: OpenedStack,
    changes: Sequence[ResourceChange],
    engine_plan: Mapping[str, Any],
    display: Display,
    *,
    refresh: bool,
    held: HeldBack = NOTHING_HELD,
    clock: Callable[[], float] = time.monotonic,
) -> Outcome:
    """Updates an opened stack: the engine's `up`, constrained to `engine_plan`. A step that isn't in the plan
    ends the update. It leaves out what is `held` back, which must be as in the preview, and says so in the
    engine's history.

    `changes` are those of the preview, `refresh` must be as in the preview, and `clock` gives seconds. After
    SIGINT or SIGTERM nothing new is begun. A failure is no exception: the outcome says it."""
    from pulumi.automation import CommandError

    watch, found = _Watch(display, clock), None
    opened.cli.on_stop = lambda: display.say(Line("bad", STOPPING))

    def hear(event: "EngineEvent") -> None:
        watch.hear(event)
        for urn in refused_creations([event]):
            opened.intents.refused(urn)

    with tempfile.TemporaryDirectory(prefix="pave-") as folder, display:
        file = Path(folder) / "plan.json"
        file.write_text(json.dumps(engine_plan), "utf-8")
        try:
            with opened.intents.kept(created(engine_plan).__contains__):
                found = opened.engine.up(
                    plan=str(file),
                    refresh=refresh,
                    on_event=hear,
                    message=waiting_for(secret.name for secret in held.missing),
                    **left_out(held.urns),
                )
        except CommandError as error:
            outcome = _outcome(opened, watch, changes, error)
            return outcome._replace(notes=_note_unconfirmed(opened, watch))
    opened.intents.forget()
    outputs = {name: "[secret]" if output.secret else output.value for name, output in found.outputs.items()}
    return Outcome(watch.done, [], [], outputs, is_stopped=False, notes=[])


def destroy(
    opened: OpenedStack,
    changes: Sequence[ResourceChange],
    display: Display,
    *,
    keep_protected: bool,
    clock: Callable[[], float] = time.monotonic,
) -> Outcome:
    """Deletes all resources of an opened stack; with `keep_protected`, all but the protected ones and what
    those depend on. Without it the engine refuses to begin when any is protected.

    `changes` are those of the preview, and `clock` gives seconds. A failure is no exception: the outcome says
    it."""
    from pulumi.automation import CommandError

    watch = _Watch(display, clock)
    opened.cli.on_stop = lambda: display.say(Line("bad", STOPPING))
    with display:
        try:
            opened.engine.destroy(exclude_protected=keep_protected, on_event=watch.hear)
        except CommandError as error:
            return _outcome(opened, watch, changes, error)
    return Outcome(watch.done, [], [], {}, is_stopped=False, notes=[])


def created(engine_plan: Mapping[str, Any]) -> set[str]:
    """The URNs of what the engine would create by its plan, or create anew."""
    plans: Mapping[str, Any] = engine_plan.get("resourcePlans") or {}
    return {urn for urn, plan in plans.items() if CREATIONS & set(plan.get("steps") or [])}


def _outcome(
    opened: OpenedStack, watch: _Watch, changes: Sequence[ResourceChange], error: "CommandError"
) -> Outcome:
    """The outcome of an update or a destroy that failed with `error`."""
    failures = [FailedResource(urn, words) for urn, words in _errors(watch)]
    if not failures and not opened.cli.is_stopping:
        failures = [FailedResource("", _locked(opened, str(error)) or cause(watch.events, error))]
    settled = {*watch.done, *watch.failed}
    left = [change for change in changes if change.urn not in settled]
    return Outcome(watch.done, failures, left, {}, opened.cli.is_stopping, notes=[])


def _locked(opened: OpenedStack, text: str) -> str:
    """The message about the lock that stopped the engine; empty when none did."""
    held = locks_in(text)
    if not held:
        return ""
    return lock_message(
        str(opened.name), held, socket.gethostname(), opened.target.backend, datetime.now(UTC)
    )


def _note_unconfirmed(opened: OpenedStack, watch: _Watch) -> list[str]:
    try:
        return note_unconfirmed(opened, watch.events)
    except Refused as error:
        return [error.message]


def _errors(watch: _Watch) -> Iterator[tuple[str, str]]:
    """The errors by URN, which is empty for the whole update; errors that only follow from others are left
    out."""
    said: dict[str, list[str]] = {}
    for urn, words in errors(watch.events):
        if not UNSEEN.match(words):
            said.setdefault(urn, []).append(words)
    for urn, lines in said.items():
        yield urn, "\n".join(dict.fromkeys(lines))
