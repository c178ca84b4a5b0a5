"""What was measured of a passage from one phase to another, and what of it the plan didn't promise."""

from collections.abc import Collection, Sequence
from itertools import pairwise

import msgspec

from components.design.migration.model import PhasePlan
from pave.rehearsing.load import PATIENCE, AskedOrder


class MeasuredPassage(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What happened in a passage and the time after it. `asked` requests, of which `failed` got no answer
    or a bad one; `failing_seconds` from when the first of these was due until one due later was answered
    well after the last; `longest_gap` in seconds between two orders that were acknowledged one after the
    other; `slowest` seconds of one that was. Since the rehearsal began: `lost_writes` of acknowledged orders
    that aren't in the database, `lost_jobs` that nobody has done, `doubled_jobs`, `missed_ticks` and
    `doubled_ticks` of the schedule. `lag` of the standby in seconds at the end; `served` requests by
    copy."""

    took: float
    asked: int
    failed: int
    failing_seconds: float
    longest_gap: float
    slowest: float
    lost_writes: int
    lost_jobs: int
    doubled_jobs: int
    missed_ticks: int
    doubled_ticks: int
    lag: float
    served: dict[str, int]


class Kept(msgspec.Struct, frozen=True):
    """What is in the database: orders, what was billed in the order of bills, and the ticks closed. The tick
    `due` is the last one that has to be."""

    orders: frozenset[int]
    bills: Sequence[int]
    ticks: Sequence[int]
    due: int


def measured(
    asked: Sequence[AskedOrder], ever: Collection[int], kept: Kept, took: float, lag: float
) -> MeasuredPassage:
    """What requests of a passage, in the order in which they were due, and what is kept amount to. `ever` are
    the orders acknowledged since the rehearsal began."""
    failed = [each for each in asked if not each.is_acknowledged]
    acknowledged = [each for each in asked if each.is_acknowledged]
    ticks = set(kept.ticks)
    return MeasuredPassage(
        took=round(took, 2),
        asked=len(asked),
        failed=len(failed),
        failing_seconds=round(_failing(asked), 2),
        longest_gap=round(_gap(acknowledged), 2),
        slowest=round(max((each.seconds for each in acknowledged), default=0.0), 2),
        lost_writes=len(set(ever) - kept.orders),
        lost_jobs=len(set(ever) - set(kept.bills)),
        doubled_jobs=len(kept.bills) - len(set(kept.bills)),
        missed_ticks=len(set(range(min(ticks, default=kept.due), kept.due + 1)) - ticks),
        doubled_ticks=len(kept.ticks) - len(ticks),
        lag=round(lag, 3),
        served=_served(acknowledged),
    )


def broken(phase: PhasePlan, seen: MeasuredPassage, *, is_back: bool, allowed: float = 0.0) -> list[str]:
    """What a passage into a phase, or back out of it, did that the plan doesn't promise. `allowed` are
    seconds of errors that a fault may cost besides."""
    found = []
    promised = 60 * phase.minutes + allowed
    if seen.failed and not promised:
        found.append(
            f"{seen.failed} of {seen.asked} requests failed; the plan promises that none does"
            f" (clients give up after {PATIENCE:g} s)."
        )
    elif seen.failing_seconds > promised:
        found.append(f"Requests failed for {seen.failing_seconds:g} s; the plan promises {promised:g} s.")
    if is_back and phase.rollback_minutes and seen.took > 60 * phase.rollback_minutes:
        found.append(f"Going back took {seen.took:g} s; the plan promises {phase.rollback_minutes:g} min.")
    never = (
        (seen.lost_writes, "acknowledged orders are lost"),
        (seen.lost_jobs, "jobs of acknowledged orders were not done"),
        (seen.doubled_jobs, "jobs were done twice"),
        (seen.missed_ticks, "runs of the schedule are missing"),
        (seen.doubled_ticks, "runs of the schedule happened twice"),
    )
    return [*found, *(f"{number} {what}." for number, what in never if number)]


def _failing(asked: Sequence[AskedOrder]) -> float:
    failed = [at for at, each in enumerate(asked) if not each.is_acknowledged]
    if not failed:
        return 0.0
    after = asked[failed[-1] + 1] if failed[-1] + 1 < len(asked) else None
    last = asked[failed[-1]]
    return (after.due if after is not None else last.due + last.seconds) - asked[failed[0]].due


def _gap(acknowledged: Sequence[AskedOrder]) -> float:
    ends = sorted(each.due + each.seconds for each in acknowledged)
    return max((later - earlier for earlier, later in pairwise(ends)), default=0.0)


def _served(acknowledged: Sequence[AskedOrder]) -> dict[str, int]:
    names = [each.copy for each in acknowledged]
    return {name: names.count(name) for name in sorted(set(names))}
