"""The text that a person gets on one stack: its changes and refusals, its verdict, how its update ended."""

import textwrap
from collections.abc import Iterator, Sequence
from datetime import timedelta

from catalog.document import Origin
from catalog.loader import Catalog
from pave.delivery.command_line import CommandLine
from pave.delivery.engine.previews import EngineFailed
from pave.delivery.engine.target import Target
from pave.delivery.held_back import HeldBack
from pave.delivery.preview import JudgedStack
from pave.delivery.update import Outcome
from pave.reviewing.advice import advice
from pave.reviewing.changes import Changes, ResourceChange
from pave.reviewing.guards import Refusal
from pave.reviewing.wording import (
    called,
    cut,
    describe_changes,
    describe_refusal,
    kind,
    places,
    plain,
    tally,
    value,
)
from pave.terminal import Page
from policies.wording import Line, count, describe_decision, labelled, sign
from policies.wording import verdict as in_a_line
from stacks.gate.break_glass import can_be_waived
from stacks.gate.seal import OUTPUT
from stacks.stack import Stack

LONGEST = 120
"""How many characters of a stack's output are shown."""
LEFT = 10
"""How many resources are named that an update didn't get to."""


class Screen:
    """Text on the stack `name` of a catalog, deployed to `target`; `page` has the reader's width and
    colours."""

    def __init__(self, name: Stack, catalog: Catalog, target: Target, page: Page) -> None:
        self._name = name
        self._target = target
        self._page = page
        self._place = places(catalog, page.place)

    def changes(self, changes: Changes, refusals: Sequence[Refusal]) -> str:
        """What would change, the counts, and the refusals with what to do instead."""
        origins = {change.urn: change.origin for change in changes.found}
        return self._page.text(self._changes(changes, refusals, origins))

    def _changes(
        self, changes: Changes, refusals: Sequence[Refusal], origins: dict[str, Origin | None]
    ) -> Iterator[Line]:
        yield Line("plain", f"{self._name} on {self._target}")
        yield from describe_changes(changes, self._place, self._page.width)
        yield Line("plain", tally(changes))
        if changes.hidden and not changes.found:
            yield Line("faint", "Nothing changes in the cloud, only what the state remembers of it.")
        for refusal in refusals:
            yield Line("plain", "")
            where = self._place(origins.get(refusal.urn))
            yield from describe_refusal(refusal, where, self._page.width)

    def kept(self, kept: Sequence[ResourceChange]) -> str:
        """What stays of a stack that is destroyed; empty where nothing does."""
        if not kept:
            return ""
        names = ", ".join(map(called, kept))
        words = f"{names}, and what that stands on. The next `pave up {self._name}` goes on with it."
        return self._page.text(labelled("kept", words, self._page.width))

    def held_back(self, held: HeldBack, line: CommandLine) -> str:
        """What waits for values of secrets, the commands that set them, and the one that then goes on."""
        return self._page.text(self._held_back(held, line))

    def _held_back(self, held: HeldBack, line: CommandLine) -> Iterator[Line]:
        missing = count(len(held.missing), "secret")
        waiting = ", ".join(urn.rpartition("::")[2] for urn in held.urns)
        verb = "waits" if len(held.urns) == 1 else "wait"
        yield Line("bad", f"WAITS  {self._name}: {missing} without a value")
        yield Line("plain", f"  {waiting} {verb} for that, and what depends on them is left for later")
        for secret in held.missing:
            yield Line("command", f"  {line.of('secrets set', secret.name)}")
        yield Line("command", f"Then, to go on: {line.of('up')}")

    def outcome(self, outcome: Outcome, again: str, following: str) -> str:
        """How an update or a destroy ended: what was done, what failed and why, what is left, and the next
        command: `again` when it didn't end well, else `following`, if that isn't empty."""
        return self._page.text(self._outcome(outcome, again, following))

    def _outcome(self, outcome: Outcome, again: str, following: str) -> Iterator[Line]:
        if outcome.is_done:
            yield Line("good", f"DONE  {self._name}: {_counted(outcome)}")
            yield from _outputs(outcome, self._page.width)
            if following:
                yield Line("command", f"next: {following}")
            return
        for failure in outcome.failures:
            yield Line("plain", "")
            yield Line("bad", f"✗ {_resource(failure.urn)}" if failure.urn else "✗ the update")
            for line in failure.error.splitlines():
                yield Line("plain", f"  {plain(line)}".rstrip())
            if words := advice(failure.error):
                yield from labelled("fix", words, self._page.width)
        yield Line("plain", "")
        for note in outcome.notes:
            yield Line("plain", plain(note))
        word = "STOPPED" if outcome.is_stopped else "FAILED"
        yield Line("bad", f"{word}  {self._name}: {_counted(outcome)}")
        for change in outcome.left[:LEFT]:
            yield Line("plain", f"  not done: {change.action} {called(change)}")
        if len(outcome.left) > LEFT:
            yield Line("plain", f"  and {len(outcome.left) - LEFT} more")
        yield Line("command", f"What is done stays. To go on: {again}")


def failed(name: Stack, error: EngineFailed, page: Page) -> str:
    """Why a preview failed; when the gate in the program blocked, in the gate's own words."""
    if str(error).startswith("BLOCKED"):
        return f"{error}\nNothing was changed.\n"
    lines = [Line("bad", f"FAILED  {name}: what would change can't be told. Nothing was changed.")]
    lines += [Line("plain", f"  {plain(line)}".rstrip()) for line in str(error).splitlines()]
    return page.text([*lines, *labelled("fix", advice(str(error)), page.width)])


def verdict(judged: JudgedStack, page: Page) -> str:
    """The gate's verdict with every finding, and whether a broken glass lets it pass."""
    lines = describe_decision(judged.decision, page.lines, page.place, page.width)
    return page.text([*lines, *_glass(judged), *_way_out(judged)])


def short_verdict(judged: JudgedStack, page: Page) -> str:
    """The gate's verdict in a line, the rules of what it counts with their places, and whether a broken glass
    lets it pass."""
    decision = judged.decision
    lines = [Line("good" if decision.allowed else "bad", in_a_line(decision))]
    for one in decision.findings:
        where = f"{page.place(one.document)}:{one.line}:{one.column}"
        lines.append(Line("plain", f"  {sign(one)} {one.rule}  {where}"))
    if lines[1:]:
        lines.append(Line("faint", f"  what each says: pave plan {judged.name}"))
    return page.text([*lines, *_glass(judged)])


def _glass(judged: JudgedStack) -> Iterator[Line]:
    glass = judged.glass
    if glass is None or judged.decision.allowed:
        return
    yield Line("plain", "")
    what = "does not pass all of it" if judged.is_blocked else "lets it pass"
    yield Line("bad", f"BROKEN GLASS for {glass.incident} by {glass.person}, to {glass.expires}: {what}.")
    yield Line("plain", f"  {glass.reason}")


def _way_out(judged: JudgedStack) -> Iterator[Line]:
    """How to break the glass, if every blocking rule may be waived."""
    blocking = [one for one in judged.decision.findings if one.blocking]
    if not judged.is_blocked or not all(can_be_waived(one, judged.work.bundle.rules) for one in blocking):
        return
    tomorrow = judged.work.today + timedelta(days=1)
    fields = ("incident=…", "reason=…", "person=…", f"expires={tomorrow}")
    said = " ".join(f"--break-glass {field}" for field in fields)
    yield Line("plain", "")
    yield Line("command", f"In an incident: pave up {judged.name} {said}")


def _counted(outcome: Outcome) -> str:
    return f"{len(outcome.done)} done, {len(outcome.failures)} failed, {len(outcome.left)} not done"


def _outputs(outcome: Outcome, width: int) -> Iterator[Line]:
    shown = {name: found for name, found in outcome.outputs.items() if name != OUTPUT and found}
    indent = 4 + max(map(len, shown), default=0)
    for name, found in shown.items():
        if isinstance(found, list) and all(isinstance(each, str) for each in found):
            text = ", ".join(map(plain, found))
        else:
            is_text = isinstance(found, str) and found != "[secret]"
            text = cut(plain(found) if is_text else value(found, LONGEST), LONGEST)
        first = f"  {name:<{indent - 4}}  "
        lines = textwrap.wrap(
            text,
            max(width, indent + 20),
            initial_indent=first,
            subsequent_indent=" " * indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
        yield from (Line("plain", each) for each in lines)


def _resource(urn: str) -> str:
    return f"{kind(urn.split('::')[2].rpartition('$')[2])} {plain(urn.rpartition('::')[2])}"
