"""Stacks made by the real engine on a local cloud that is thrown away: the last act of the demo."""

import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_urlsafe

import click

from pave.delivery.engine.previews import EngineFailed, cause
from pave.delivery.engine.stack import open_stack
from pave.delivery.engine.target import AskedCloud, local_target
from pave.delivery.held_back import HeldBack
from pave.delivery.preview import JudgedStack, StackPreview, preview_stack
from pave.delivery.progress import Display
from pave.delivery.secret_values import LocalSecretValues, design_of, holder
from pave.delivery.update import apply
from pave.local_cloud.process import stop
from pave.local_cloud.store import Call, CloudStore, store_file
from pave.planning.decide import decide_plan
from pave.terminal import Page, progress
from pave.workspace import Workspace
from policies.wording import Line, count, verdict
from stacks.stack import Stack

CHANGING = ("create", "update", "delete")
NAME = 18
"""Columns for what a line is about."""


@contextmanager
def thrown_away() -> Iterator[Path]:
    """A folder for a local cloud. In the end that is stopped, and all of it is gone."""
    with tempfile.TemporaryDirectory(prefix="pave-demo-") as folder:
        try:
            yield Path(folder)
        finally:
            stop(Path(folder))


class Rehearsal:
    """What stacks of a workspace become on the local cloud in the folder `state`, which is empty at first.

    What it says of the cloud is what the cloud's own log says."""

    def __init__(self, work: Workspace, state: Path, page: Page) -> None:
        self._work = work
        self._state = state
        self._page = page

    def acts(self, blocked: Stack, allowed: Sequence[Stack]) -> Iterator[Line]:
        """Tries a stack that is blocked, makes those that are allowed, in order, and makes them once more.

        Gives a line when one is over. Raises Refused, and EngineFailed when one went otherwise than it
        should."""
        yield self._block(blocked)
        made = []
        for stack in allowed:
            with progress(f"Judging {stack}"):
                made.append(self._judge(stack))
            yield self._make(made[-1])
        yield self._make_again(made)

    def _block(self, stack: Stack) -> Line:
        """Goes round `pave up`, as `pulumi up` does: the gate is in the program."""
        from pulumi.automation import CommandError, EngineEvent

        events: list[EngineEvent] = []
        with progress(f"Trying {stack}"):
            target = local_target(self._state, os.environ)
            opened = open_stack(target, self._work.catalog, self._work.root, stack, self._work.today)
            try:
                with opened.intents.kept(lambda _urn: True):
                    opened.engine.up(on_event=events.append)
            except CommandError as error:
                said = cause(events, error)
            else:
                said = f"Nothing blocks {stack}."
        calls = count(len(self._calls()), "call")
        if not said.startswith("BLOCKED") or self._calls():
            raise EngineFailed(f"The cloud heard {calls}. {said}")
        return _line(_name(stack), f"blocked inside `pulumi up`: {calls} to the cloud")

    def _judge(self, stack: Stack) -> JudgedStack:
        asked, decision = decide_plan(self._work, stack)
        judged = JudgedStack(self._work, stack, asked, decision, None)
        if judged.is_blocked:
            raise EngineFailed(verdict(decision))
        return judged

    def _make(self, judged: JudgedStack) -> Line:
        """Does what `pave up` does. Nothing is there yet that its guards could want to keep."""
        began, before = time.monotonic(), len(self._changes())
        seen = self._apply(judged)
        if seen.held.missing:
            self._set(judged, seen.held)
            self._apply(judged)
        made = count(len(self._changes()) - before, "resource")
        return _line(_name(judged.name), f"{made} created in {time.monotonic() - began:.0f} s")

    def _apply(self, judged: JudgedStack) -> StackPreview:
        seen = self._look(judged)
        display = _Brief(self._page, f"Updating {judged.name}", live=self._page.colour)
        outcome = apply(
            seen.opened,
            seen.changes.found,
            seen.engine_plan,
            display,
            refresh=False,
            held=seen.held,
        )
        if outcome.is_stopped:
            raise KeyboardInterrupt
        if not outcome.is_done:
            raise EngineFailed("\n".join(failure.error for failure in outcome.failures))
        return seen

    def _set(self, judged: JudgedStack, held: HeldBack) -> None:
        """Sets the values that somebody would have to know: made-up ones do on a cloud where nothing runs."""
        design, values = design_of(self._work, judged.name), LocalSecretValues(self._state)
        assert design is not None
        for secret in held.missing:
            values.add(holder(design, secret), token_urlsafe().encode())

    def _make_again(self, made: Sequence[JudgedStack]) -> Line:
        began, before = time.monotonic(), len(self._changes())
        found = sum(len(self._look(judged).changes.found) for judged in made)
        if found or len(self._changes()) != before:
            raise EngineFailed(f"A second update has {count(found, 'change')} to make.")
        return _line("once more", f"nothing to do, seen in {time.monotonic() - began:.0f} s")

    def _look(self, judged: JudgedStack) -> StackPreview:
        return preview_stack(judged, AskedCloud("local", self._state), click.echo, refresh=False)

    def _changes(self) -> list[Call]:
        return [call for call in self._calls() if call.is_done and call.operation in CHANGING]

    def _calls(self) -> list[Call]:
        with closing(CloudStore(store_file(self._state), lambda: datetime.now(UTC))) as store:
            return store.calls()


class _Brief(Display):
    """Shows what is going on; of what is over, only what went wrong."""

    def say(self, line: Line) -> None:
        if line.style != "good":
            super().say(line)


def _name(stack: Stack) -> str:
    return stack.service or stack.kind


def _line(about: str, words: str) -> Line:
    return Line("good", f"{about:<{NAME}}  ✓ {words}")
