"""One step of a migration: forward, back, or out of one that was begun.

What is so is in three places, and each survives a crash by itself: the file says which phase is wanted, the
stack's outputs which one it was made in, the journal what was done and when. A step writes the file first,
then updates, then writes the journal; the same command goes on from wherever it was cut."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from catalog.kinds.service import Service, service_at
from catalog.migration.phases import DONE
from catalog.migration.under_way import MovingDocument
from components.design.migration.model import MigrationPlan, PhasePlan
from pave.delivery.command_line import CommandLine
from pave.migrating.entering import Entered, enter, migration_file, phase_in, write_phase
from pave.migrating.journal import Journal, JournalEntry, What, hours_in, latest
from pave.migrating.quiet import why_not_now
from pave.migrating.reading import planned
from pave.migrating.report import time_of
from pave.refused import Refused
from pave.terminal import Page
from pave.workspace import Workspace
from stacks.stack import Stack, service_stack


class Words(NamedTuple):
    """What the person has said: that what is done by hand `is_done` and what was to be verified
    `is_verified`, why the soak ends now (None: it doesn't), which phase without a way back is meant, and
    whose words these are."""

    person: str
    is_done: bool = False
    is_verified: bool = False
    soak: str | None = None
    accepted: str | None = None
    allowed: int | None = None


class Standing(NamedTuple):
    """Where a migration stands: its plan, the phase that its file says (`wanted`) and the one that the stack
    was made in (`made`, None before the first)."""

    plan: MigrationPlan
    stack: Stack
    wanted: str
    made: str | None
    entries: Sequence[JournalEntry]

    @property
    def is_begun(self) -> bool:
        """Whether the phase that the file says isn't the stack's yet, or not all of it."""
        last = latest(self.entries, self.wanted, ("applied", "returned", "waits", "failed"))
        return self.made != self.wanted or (last is not None and last.what in {"waits", "failed"})

    def phase(self, name: str) -> PhasePlan:
        """A phase of the plan."""
        return next(each for each in self.plan.phases if each.id == name)

    def beside(self, offset: int) -> str | None:
        """The phase before (-1) or after (1) the one that the file says; `done` after the last, None before
        the first."""
        order = [*(each.id for each in self.plan.phases), DONE]
        place = order.index(self.wanted) + offset
        return order[place] if 0 <= place < len(order) else None


class Walk:
    """The steps of one service's migration, with what they work with. `now` is the clock (UTC)."""

    def __init__(
        self,
        work: Workspace,
        way: MovingDocument,
        line: CommandLine,
        now: datetime,
        page: Page,
        say: Callable[[str], None],
        environ: Mapping[str, str],
    ) -> None:
        self._work, self._way, self._line = work, way, line
        self._now, self._page, self._say = now, page, say
        stack = service_stack(way.name, way.place)
        self._journal = Journal(line.cloud.state, str(stack))
        plan = planned(work, way)
        self.standing = Standing(
            plan, stack, plan.phase, phase_in(line.cloud, str(stack), environ), self._journal.read()
        )

    def next(self, words: Words) -> str:
        """Goes into the next phase, or on with the one that was begun. Gives `applied`, `waits`, `failed` or
        `refused`; what it says tells why."""
        standing = self.standing
        if standing.wanted == DONE and standing.made is None:
            self._say(f"{self._way.name} has arrived: there is no next phase.\n")
            return "applied"
        if standing.is_begun:
            return self._enter(standing.wanted, words, was=None)
        if (waiting := self._soaking(words)) is not None:
            self._say(waiting)
            return "waits"
        following = standing.beside(1)
        assert following is not None
        return self._enter(following, words, was=standing.wanted)

    def back(self, words: Words) -> str:
        """Goes back to the phase before. Raises Refused beyond a point of no return."""
        standing = self.standing
        earlier = standing.beside(-1)
        if earlier is None:
            raise Refused(f"{self._way.name} is as it was: there is no phase before `{standing.wanted}`.")
        if standing.wanted != DONE and (why := standing.phase(standing.wanted).no_return):
            raise Refused(
                f"No way leads back out of `{standing.wanted}`: {why} What is after it can be taken back, up"
                " to"
                f" here. {standing.phase(standing.wanted).rollback}"
            )
        if standing.is_begun and standing.made != earlier:
            raise Refused(
                f"`{standing.wanted}` was begun and isn't all there. To go on:"
                f" {self._line.of('migrate next')}; to give it up: {self._line.of('migrate abort')}"
            )
        return self._leave(earlier, words, "returned")

    def abort(self, words: Words) -> str:
        """Gives up a phase that was begun and isn't all there. Raises Refused where none is."""
        standing = self.standing
        if not standing.is_begun or (earlier := standing.beside(-1)) is None:
            raise Refused(
                f"Nothing is begun: {self._way.name} is in `{standing.wanted}`, all of it."
                f" To go back a phase: {self._line.of('migrate rollback')}"
            )
        is_final = standing.wanted != DONE and bool(standing.phase(standing.wanted).no_return)
        was_tried = latest(standing.entries, standing.wanted, ("failed", "waits")) is not None
        if is_final and (standing.made == standing.wanted or was_tried):
            raise Refused(
                f"`{standing.wanted}` may have done what can't be undone. To go on:"
                f" {self._line.of('migrate next')}"
            )
        return self._leave(earlier, words, "given-up")

    def _soaking(self, words: Words) -> str | None:
        """Why the phase that it is in isn't over: it soaks, or nobody has verified it. None when it is
        over."""
        standing = self.standing
        if standing.wanted == DONE:
            return None
        phase = standing.phase(standing.wanted)
        gone = hours_in(standing.entries, phase.id, self._now)
        if gone is not None and gone < phase.soak_hours:
            if words.soak is None:
                left = time_of(round(phase.soak_hours - gone, 1))
                return (
                    f"WAITS  `{phase.id}` soaks for {time_of(phase.soak_hours)}, {left} are left.\n"
                    f"To end it on your word: {self._line.of('migrate next', '--end-soak', 'REASON')}\n"
                )
            self._write(phase.id, "soak-ended", words, words.soak)
        if phase.verify and not latest(standing.entries, phase.id, ("verified",)):
            if not words.is_verified:
                asked = "".join(f"  - {each}\n" for each in phase.verify)
                return (
                    f"WAITS  nobody has said that `{phase.id}` is well:\n{asked}"
                    f"When it is: {self._line.of('migrate next', '--verified')}\n"
                )
            self._write(phase.id, "verified", words, " ".join(phase.verify))
        return None

    def _enter(self, phase: str, words: Words, *, was: str | None) -> str:
        """Into a phase: `was` is what the file said before, None when it says the phase already."""
        if phase != DONE and (why := self._why_not(self.standing.phase(phase), words)):
            self._say(why)
            return "waits"
        if was is not None:
            self._write(phase, "begun", words)
            write_phase(self._file, phase)
        entered = self._update(words, keeps=False)
        if entered.how == "refused" and was is not None:
            write_phase(self._file, was)
        return self._ended(phase, entered, words, "applied")

    def _leave(self, phase: str, words: Words, what: What) -> str:
        was = self.standing.wanted
        write_phase(self._file, phase)
        entered = self._update(words, keeps=True)
        if entered.how == "refused":
            write_phase(self._file, was)
        if entered.how == "applied":
            self._write(was, what, words)
        return self._ended(phase, entered, words, "returned")

    def _update(self, words: Words, *, keeps: bool) -> Entered:
        line = self._line._replace(stack=str(self.standing.stack))
        return enter(line, self._now.date(), self._page, self._say, keeps=keeps, allowed=words.allowed)

    def _ended(self, phase: str, entered: Entered, words: Words, done: What) -> str:
        named: dict[str, What] = {"applied": done, "waits": "waits", "failed": "failed"}
        what = named.get(entered.how, "given-up")
        self._write(phase, what, words, facts=entered.facts)
        return entered.how

    def _why_not(self, phase: PhasePlan, words: Words) -> str:
        """Why a phase doesn't begin, as text for the person; empty when it does."""
        if phase.no_return and words.accepted != phase.id:
            return (
                f"WAITS  No way leads back out of `{phase.id}`: {phase.no_return}\n"
                f"If it is meant: {self._line.of('migrate next', '--accept', phase.id)}\n"
            )
        if reasons := list(why_not_now(phase, self._peak_hours(), self._now)):
            return "".join(f"WAITS  {each}\n" for each in reasons)
        before = [each for each in phase.by_hand if each.when == "before"]
        if (before or phase.needs) and not words.is_done:
            asked = "".join(f"  - {each}\n" for each in phase.needs)
            for work in before:
                asked += f"  - by hand: {work.what}\n" + "".join(f"      {each}\n" for each in work.commands)
            return (
                f"WAITS  `{phase.id}` ({phase.title}) needs first:\n{asked}"
                f"When all of it is so: {self._line.of('migrate next', '--done')}\n"
            )
        return ""

    def _peak_hours(self) -> set[int]:
        """Both what the owner says of today and of what is to be: they are the same users."""
        found = service_at(self._work.catalog, self._way.name, self._way.place)
        hours = set(found.spec.traffic.peak_hours) if isinstance(found, Service) else set()
        return hours | {*self._way.own.data["spec"].get("traffic", {}).get("peakHours", ())}

    @property
    def _file(self) -> Path:
        return migration_file(self._work.catalog, self._way.migration.path)

    def _write(
        self, phase: str, what: What, words: Words, note: str = "", facts: dict[str, str] | None = None
    ) -> None:
        self._journal.add(JournalEntry(self._now, phase, what, words.person, note, facts or {}))
