"""One step of a migration: forward, back, or out of one that was begun.

What is so is in three places, and each survives a crash by itself: the file says which phase is wanted, the
stack's outputs which one it was made in, the journal what was done and when. A step writes the journal first,
then the file, then updates, then writes the journal; the same command goes on from wherever it was cut."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from catalog.kinds.environment import Environment
from catalog.kinds.service import Service, service_at
from catalog.migration.phases import DONE
from catalog.migration.under_way import MovingDocument
from catalog.place import environment_of
from components.design.migration.model import PhasePlan
from pave.delivery.command_line import CommandLine
from pave.migrating.asking import Signals
from pave.migrating.beginning import Beginning, Words
from pave.migrating.entering import Entered, enter, migration_file, phase_in, write_phase
from pave.migrating.journal import Journal, JournalEntry, What, latest
from pave.migrating.looking import Look, to_be_said
from pave.migrating.reading import planned
from pave.migrating.report import time_of
from pave.migrating.standing import TO, Standing
from pave.refused import Refused
from pave.terminal import Page
from pave.workspace import Workspace
from stacks.stack import service_stack


class WalkClock:
    """The time (UTC), and how to let some of it go by, in seconds."""

    def __init__(self, now: Callable[[], datetime], sleep: Callable[[float], None]) -> None:
        self.now, self.sleep = now, sleep


class Walk:
    """The steps of one service's migration, with what they work with."""

    def __init__(
        self,
        work: Workspace,
        way: MovingDocument,
        line: CommandLine,
        clock: WalkClock,
        page: Page,
        say: Callable[[str], None],
        environ: Mapping[str, str],
        signals: Signals,
        journal: Callable[[str], Journal],
    ) -> None:
        self._work, self._way, self._line = work, way, line
        self._clock, self._page, self._say, self._signals = clock, page, say, signals
        stack = service_stack(way.name, way.place)
        self._journal = journal(str(stack))
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
        if (to := standing.returning_to) is not None:
            return self._leave(to, words, "returned")
        if standing.is_begun:
            return self._enter(standing.wanted, words, was=None)
        if standing.said_since(standing.wanted, "halted") is not None and (back := standing.beside(-1)):
            return self._leave(back, words, "returned")  # it was cut off before the way back began
        if (ended := self._settle(words)) is not None:
            return ended
        following = standing.beside(1)
        assert following is not None
        return self._enter(following, words, was=standing.wanted)

    def back(self, words: Words) -> str:
        """Goes back to the phase before. Raises Refused beyond a point of no return."""
        standing = self.standing
        if (to := standing.returning_to) is not None:
            return self._leave(to, words, "returned")
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
        if (to := standing.returning_to) is not None:
            return self._leave(to, words, "given-up")
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

    def _settle(self, words: Words) -> str | None:
        """Why the phase that it is in isn't over: a signal fails, it soaks, or nobody has answered for what
        nothing measures. None when it is over."""
        if self.standing.wanted == DONE:
            return None
        phase = self.standing.phase(self.standing.wanted)
        look = self._look(phase)
        seen: list[str] = []
        while True:
            if look.failing:
                return self._unwell(phase, look, words)
            left = self.standing.hours_left(phase, self._clock.now())
            if left and words.soak is not None:
                self._write(phase.id, "soak-ended", words, words.soak)
                left = 0.0
            if not left:
                return self._verified(phase, look, words)
            if not words.wait:
                self._say(
                    f"{look.text}WAITS  `{phase.id}` soaks for {time_of(phase.soak_hours)},"
                    f" {time_of(round(left, 1))} are left.\n"
                    f"To watch it meanwhile: {self._line.of('migrate next', '--wait')}\n"
                    f"To end it on your word: {self._line.of('migrate next', '--end-soak', 'REASON')}\n"
                )
                return "waits"
            if look.states != seen:
                self._say(f"{self._clock.now():%H:%M} `{phase.id}` soaks\n{look.text}")
                seen = look.states
            self._clock.sleep(min(words.every, 3600 * left))
            look = self._look(phase)

    def _look(self, phase: PhasePlan) -> Look:
        """What the signals of a phase say now. One that somebody else has made counts from now."""
        now = self._clock.now()
        since = self.standing.since(phase.id)
        if since is None and phase.number and (phase.soak_hours or phase.signals):
            self._journal_only(phase.id, "seen", "pave")
            since = now
        asked = [each for each in phase.signals if each.when == "after"]
        return Look(self._signals.ask(asked, since or now, now))

    def _unwell(self, phase: PhasePlan, look: Look, words: Words) -> str:
        self._say(f"{look.text}FAILED  `{phase.id}` isn't well: {look.why()}\n")
        back = self.standing.beside(-1)
        if not phase.returns or back is None:
            self._write(phase.id, "unwell", words, look.why(), look.facts(None))
            if not phase.no_return:
                self._say(f"To take it back: {self._line.of('migrate rollback')}\n")
            return "failed"
        self._say(f"HALTED  Users are led back, as in `{back}`.\n")
        self._write(phase.id, "halted", words, look.why(), look.facts(None))
        how = self._leave(back, words, "returned")
        return "failed" if how == "applied" else how

    def _verified(self, phase: PhasePlan, look: Look, words: Words) -> str | None:
        if not (phase.verify or look.answers) or self.standing.said_since(phase.id, "verified") is not None:
            return None
        asked = to_be_said(phase, look)
        if asked and not words.is_verified:
            listed = "".join(f"  - {each}\n" for each in asked)
            self._say(
                f"{look.text}WAITS  nobody has said that `{phase.id}` is well:\n{listed}"
                f"When it is: {self._line.of('migrate next', '--verified')}\n"
            )
            return "waits"
        declared = f"declared: {' '.join(asked)}" if asked else ""
        self._write(phase.id, "verified", words, declared, look.facts(words.person if asked else None))
        return None

    def _enter(self, phase: str, words: Words, *, was: str | None) -> str:
        """Into a phase: `was` is what the file said before, None when it says the phase already."""
        facts: dict[str, str] = {}
        if (halted := self.standing.halted(phase)) is not None:
            if words.lift is None:
                self._say(
                    f"WAITS  `{phase}` was taken back on {halted.at:%Y-%m-%d %H:%M}: {halted.note}\n"
                    f"Once that is mended: {self._line.of('migrate next', '--lift', 'REASON')}\n"
                )
                return "waits"
            self._write(phase, "lifted", words, words.lift)
        if phase != DONE:
            begins = Beginning(
                self.standing, self._signals, self._line, self._environment(), self._peak_hours()
            )
            why, facts = begins.why_not(self.standing.phase(phase), words, self._clock.now())
            if why:
                self._say(why)
                return "waits"
        if was is not None:
            self._write(phase, "begun", words, facts=facts)
            write_phase(self._file, phase)
        entered = self._update(words, keeps=False)
        if entered.how == "refused" and was is not None:
            write_phase(self._file, was)
        ended = self._ended(phase, entered, words, "applied")
        if ended != "applied" or phase == DONE:
            return ended
        self._stands(phase)
        return self._after(self.standing.phase(phase), words)

    def _after(self, phase: PhasePlan, words: Words) -> str:
        """A first look at a phase that was just made, and where asked at all of its soak."""
        if words.wait:
            ended = self._settle(words._replace(soak=None))
            return ended if ended in {"failed", "refused"} else "applied"
        look = self._look(phase)
        if look.failing:
            return self._unwell(phase, look, words)
        self._say(look.text)
        return "applied"

    def _leave(self, phase: str, words: Words, what: What) -> str:
        was = self.standing.wanted
        if self.standing.returning_to is None:
            self._write(was, "leaving", words, facts={TO: phase})
        if was != phase:
            write_phase(self._file, phase)
        entered = self._update(words, keeps=True)
        if entered.how == "refused" and was != phase:
            write_phase(self._file, was)
        return self._ended(phase, entered, words, "returned", given_up=was if what == "given-up" else None)

    def _update(self, words: Words, *, keeps: bool) -> Entered:
        line = self._line._replace(stack=str(self.standing.stack))
        now = self._clock.now()
        return enter(line, now, self._page, self._say, keeps=keeps, allowed=words.allowed)

    def _ended(
        self, phase: str, entered: Entered, words: Words, done: What, *, given_up: str | None = None
    ) -> str:
        named: dict[str, What] = {"applied": done, "waits": "waits", "failed": "failed"}
        what = named.get(entered.how, "given-up")
        if given_up is not None and what == done:
            self._write(given_up, "given-up", words)
        self._write(phase, what, words, facts=entered.facts)
        return entered.how

    def _stands(self, phase: str) -> None:
        self.standing = self.standing._replace(wanted=phase, made=phase)

    def _environment(self) -> Environment:
        found = self._work.catalog.find(Environment, environment_of(self._way.place))
        assert found is not None, "the phases were planned in it"
        return found

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
        self._journal_only(phase, what, words.person, note, facts)

    def _journal_only(
        self, phase: str, what: What, by: str, note: str = "", facts: dict[str, str] | None = None
    ) -> None:
        entry = JournalEntry(self._clock.now(), phase, what, by, note, facts or {})
        self._journal.add(entry)
        self.standing = self.standing._replace(entries=[*self.standing.entries, entry])
