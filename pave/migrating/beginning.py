"""Whether a phase may begin: what has to be so before it, measured or said."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from catalog.kinds.environment import Environment
from components.design.migration.model import PhasePlan
from components.design.migration.quiet import quiet_or_not
from pave.delivery.command_line import CommandLine
from pave.migrating.asking import Signals
from pave.migrating.looking import Look
from pave.migrating.standing import Standing
from pave.rehearsing.counterpart import Counterpart, counterpart_of


class Words(NamedTuple):
    """What the person has said: that what is done by hand `is_done` and what was to be verified
    `is_verified`, why the soak ends now (None: it doesn't), which phase without a way back is meant, why one
    begins that nobody has rehearsed, why one that was taken back by itself may begin again, and whose words
    these are. With `wait` soaks are watched, looking `every` so many seconds."""

    person: str
    is_done: bool = False
    is_verified: bool = False
    soak: str | None = None
    accepted: str | None = None
    allowed: int | None = None
    unrehearsed: str | None = None
    lift: str | None = None
    wait: bool = False
    every: float = 60.0


class Beginning:
    """What a phase waits for, by where a migration stands, in its `environment`. `peak_hours` are the
    service's own (UTC)."""

    def __init__(
        self,
        standing: Standing,
        signals: Signals,
        line: CommandLine,
        environment: Environment,
        peak_hours: Collection[int],
    ) -> None:
        self._standing, self._signals, self._line = standing, signals, line
        self._environment, self._peak_hours = environment, peak_hours

    def why_not(self, phase: PhasePlan, words: Words, now: datetime) -> tuple[str, dict[str, str]]:
        """Why a phase doesn't begin, as text for the person, empty when it does; and what is to be written
        down of how it begins."""
        if phase.no_return and words.accepted != phase.id:
            return (
                f"WAITS  No way leads back out of `{phase.id}`: {phase.no_return}\n"
                f"If it is meant: {self._line.of('migrate next', '--accept', phase.id)}\n"
            ), {}
        moves = quiet_or_not(phase.id, self._environment, self._peak_hours, now)
        if phase.is_cut_over and moves.why_not:
            return "".join(f"WAITS  {each}\n" for each in moves.why_not), {}
        if why := self._unrehearsed(phase, words):
            return why, {}
        look = Look(self._signals.ask([each for each in phase.signals if each.when == "before"], now, now))
        if look.failing:
            return f"{look.text}WAITS  `{phase.id}` doesn't begin: {look.why()}\n", {}
        if not words.is_done and (asked := _needed(phase, look)):
            return (
                f"{look.text}WAITS  `{phase.id}` ({phase.title}) needs first:\n{asked}"
                f"When all of it is so: {self._line.of('migrate next', '--done')}\n"
            ), {}
        facts = look.facts(words.person)
        if words.unrehearsed is not None and not self._standing.is_rehearsed(phase):
            facts["unrehearsed"] = words.unrehearsed
        return "", facts

    def _unrehearsed(self, phase: PhasePlan, words: Words) -> str:
        if words.unrehearsed is not None or self._standing.is_rehearsed(phase):
            return ""
        if not isinstance(counterpart_of(phase), Counterpart):
            return ""
        rehearse = self._line._replace(stack=self._standing.plan.service).of("migrate rehearse")
        return (
            f"WAITS  `{phase.id}` can be rehearsed, and nobody has, as it is now.\n"
            f"To rehearse it: {rehearse}\n"
            f"Or say why it isn't: {self._line.of('migrate next', '--unrehearsed', 'REASON')}\n"
        )


def _needed(phase: PhasePlan, look: Look) -> str:
    """What has to be so first, a line each."""
    lines = [f"  - {each}\n" for each in phase.needs]
    lines += [
        f"  - {each.signal.asks} ({each.signal.kind}: nobody could say, for {each.said})\n"
        for each in look.undecided
    ]
    for work in (each for each in phase.by_hand if each.when == "before"):
        lines.append(f"  - by hand: {work.what}\n")
        lines += [f"      {each}\n" for each in work.commands]
    return "".join(lines)
