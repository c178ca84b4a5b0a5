"""Carries out the phases of a plan on the stage: into each, back, and into it again, under load."""

import contextlib
import time
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple
from zlib import crc32

import msgspec
import psycopg
import redis

from components.design.migration.model import MigrationPlan, PhasePlan
from pave.exit_code import ExitCode
from pave.rehearsing.counterpart import Counterpart, StagePassage, Unrehearsed, counterpart_of
from pave.rehearsing.fault import FAULTS, PAVE, STEPS
from pave.rehearsing.programs import NotRehearsed, until
from pave.rehearsing.promise import Kept, MeasuredPassage, broken, measured
from pave.rehearsing.stage import PassageCut, RehearsalStage, stage

JOBS_SECONDS = 10.0
"""How long jobs may take before they count as not done."""

SEED = 16
"""Of the moments at which pave is cut off."""

Direction = Literal["into", "back", "again", "returned"]
RehearsalState = Literal["kept", "broken", "not rehearsed", "not reached"]


class RehearsedPassage(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """One passage: into a phase, back out of it, into it again, or `returned` by itself after it broke its
    promise. `killed` is what was killed in it, empty for nothing; `measured` is None where a part failed
    before it could be; `broken` are the promises that weren't kept."""

    direction: Direction
    killed: str
    measured: MeasuredPassage | None
    broken: list[str]


class RehearsedPhase(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """A phase of the plan; `design` tells whether it is still that. `stands` says what it was on the stage,
    or why it was nothing. What the plan promises: `promised_minutes` of errors at most, and
    `rollback_minutes`."""

    id: str
    move: str
    title: str
    design: str
    state: RehearsalState
    stands: str
    promised_minutes: float
    rollback_minutes: float
    no_return: str
    passages: list[RehearsedPassage]


class StruckFault(msgspec.Struct, frozen=True):
    """Something that was to be killed, and the phase in which it was; None where nothing could take over."""

    name: str
    phase: str | None


class RehearsalReport(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What `pave migrate rehearse --format json` prints. `rate` are orders a second, and `soak`
    seconds that each passage was watched. `faults` are those that were asked for."""

    api_version: Literal["pave/v1"] = "pave/v1"
    kind: Literal["RehearsalReport"] = "RehearsalReport"
    service: str
    environment: str
    rate: float
    soak: float
    faults: list[StruckFault]
    phases: list[RehearsedPhase]

    @property
    def exit_code(self) -> ExitCode:
        """NO when a promise was broken; WAITS when a phase, or the fault, couldn't be tried here."""
        states = {each.state for each in self.phases}
        if "broken" in states:
            return ExitCode.NO
        if states - {"kept"} or any(each.phase is None for each in self.faults):
            return ExitCode.WAITS
        return ExitCode.OK


class RehearsalPace(NamedTuple):
    """Orders a second; seconds that each passage is watched afterwards; seconds between two runs of the
    schedule."""

    rate: float = 20.0
    soak: float = 2.0
    tick: float = 0.5


def rehearse(
    plan: MigrationPlan, pace: RehearsalPace, faults: Sequence[str], say: Callable[[str], None]
) -> RehearsalReport:
    """Carries out all phases of a plan, and kills by the names in `faults`; `say` is told of each phase.
    Raises Refused where a program lacks, and NotRehearsed where the stage can't be set."""
    todo = [(phase, counterpart_of(phase)) for phase in plan.phases if phase.number]
    with stage(pace.rate, pace.tick) as parts:
        if _starts_with_standby(plan.phases[0]):
            parts.add_standby()
        running = [phase.id for phase, found in todo if isinstance(found, Counterpart)]
        middle = running[len(running) // 2] if running else ""
        walk = _Walk(parts, pace, faults, middle, say)
        time.sleep(pace.soak)
        phases = [walk.phase(phase, found) for phase, found in todo]
    return RehearsalReport(
        service=plan.service,
        environment=plan.environment,
        rate=pace.rate,
        soak=pace.soak,
        faults=[StruckFault(name, walk.struck.get(name)) for name in faults],
        phases=phases,
    )


def _starts_with_standby(phase: PhasePlan) -> bool:
    return any(
        each["kind"] == "postgres"
        and each.get("runtime") != "vm"
        and each.get("availability", "regional") == "regional"
        for each in phase.spec.get("stores", [])
    )


class _Walk:
    """The way through the phases, which ends where one breaks its promise. Each fault strikes in a
    phase of its own, from the one of the id `middle` on, in which something takes over."""

    def __init__(
        self,
        parts: RehearsalStage,
        pace: RehearsalPace,
        faults: Sequence[str],
        middle: str,
        say: Callable[[str], None],
    ) -> None:
        self._parts, self._pace, self._middle, self._say = parts, pace, middle, say
        self._faults = {name: FAULTS[name] for name in faults if name != PAVE}
        self._cuts = PAVE in faults
        self._drawn = 0
        self._from_here = False
        self._is_over = False
        self.struck: dict[str, str] = {}

    def phase(self, phase: PhasePlan, found: Counterpart | Unrehearsed) -> RehearsedPhase:
        """A phase, as far as the way leads."""
        self._from_here = self._from_here or phase.id == self._middle
        if isinstance(found, Unrehearsed):
            return _told(phase, "not rehearsed", found.why, [])
        if self._is_over:
            return _told(phase, "not reached", found.stands, [])
        passages = self._passages(phase, found)
        self._is_over = any(each.broken for each in passages)
        state: RehearsalState = "broken" if self._is_over else "kept"
        self._say(f"{phase.id}: {state}")
        return _told(phase, state, found.stands, passages)

    def _passages(self, phase: PhasePlan, found: Counterpart) -> list[RehearsedPassage]:
        done = [self._pass(phase, "into", found.forward)]
        if done[-1].broken:
            if found.back is not None and done[-1].measured is not None:
                done.append(self._pass(phase, "returned", found.back))
            return done
        if found.back is None:
            return done
        done.append(self._pass(phase, "back", found.back))
        if not done[-1].broken:
            done.append(self._pass(phase, "again", found.forward))
        return done

    def _pass(self, phase: PhasePlan, direction: Direction, passage: StagePassage) -> RehearsedPassage:
        begun = time.monotonic()
        killed, allowed = "", 0.0
        try:
            killed = self._carry_out(passage, phase)
            took = time.monotonic() - begun
            time.sleep(self._pace.soak / 2)
            coming = self._coming() if direction == "into" else None
            if coming is not None:
                self.struck[coming] = phase.id
                fault = self._faults[coming]
                killed, allowed = " and ".join(filter(None, [killed, fault.what])), fault.allowed
                fault.strike(self._parts)
            time.sleep(self._pace.soak / 2)
            seen = self._measure(begun, took)
        except (NotRehearsed, psycopg.Error, redis.RedisError, OSError) as error:
            return RehearsedPassage(direction=direction, killed=killed, measured=None, broken=[str(error)])
        going_back = direction in {"back", "returned"}
        found = broken(phase, seen, is_back=going_back, allowed=allowed)
        return RehearsedPassage(direction=direction, killed=killed, measured=seen, broken=found)

    def _carry_out(self, passage: StagePassage, phase: PhasePlan) -> str:
        """Carries out a passage; where pave is cut off in it, begins it again, and says so: before its first
        step, and once more, by chance, between others."""
        said = []
        self._drawn += 1
        chance = crc32(f"{SEED}/{self._drawn}".encode())
        for before in (0, 1 + chance % (STEPS - 1)) if self._cuts else ():
            self._parts.cut_after = before
            try:
                passage(self._parts)
            except PassageCut:
                said.append(before)
            else:
                break
            finally:
                self._parts.cut_after = None
        else:
            passage(self._parts)
        if said:
            self.struck.setdefault(PAVE, phase.id)
        return f"pave, after {' and '.join(map(str, said))} of its steps" if said else ""

    def _coming(self) -> str | None:
        """The name of the fault that strikes now."""
        waiting = [name for name in self._faults if name not in self.struck] if self._from_here else []
        return next((name for name in waiting if self._faults[name].possible(self._parts)), None)

    def _measure(self, begun: float, took: float) -> MeasuredPassage:
        """What the requests since a moment came to, once their jobs have had their time."""
        load, now = self._parts.load, time.monotonic()
        load.until_answered(now)
        ever = {each.order for each in load.asked(before=now) if each.is_acknowledged}
        primary = self._parts.primary

        def billed() -> set[int]:
            return {row[0] for row in primary.rows("SELECT order_id FROM bills")}

        with contextlib.suppress(NotRehearsed):  # what is missing is counted below
            until(lambda: ever <= billed() or self._parts.is_done_with_jobs(), "", patience=JOBS_SECONDS)
        # One whole tick may pass before the one before it has to be closed; a clock that was cut catches up.
        due = int(time.time() / self._pace.tick) - 2
        with contextlib.suppress(NotRehearsed):
            until(
                lambda: primary.ask("SELECT coalesce(max(tick), 0) FROM closings")[0] >= due, "", patience=5
            )
        kept = Kept(
            frozenset(row[0] for row in primary.rows("SELECT id FROM orders")),
            [row[0] for row in primary.rows("SELECT order_id FROM bills")],
            [row[0] for row in primary.rows("SELECT tick FROM closings")],
            due,
        )
        return measured(load.asked(begun, now), ever, kept, took, primary.behind())


def _told(
    phase: PhasePlan, state: RehearsalState, stands: str, passages: list[RehearsedPassage]
) -> RehearsedPhase:
    return RehearsedPhase(
        id=phase.id,
        move=phase.move,
        title=phase.title,
        design=phase.design,
        state=state,
        stands=stands,
        promised_minutes=phase.minutes,
        rollback_minutes=phase.rollback_minutes,
        no_return=phase.no_return,
        passages=passages,
    )
