"""Where a migration stands: the phase, what it waits for, and what the journal says."""

from collections.abc import Iterator

from catalog.migration.phases import DONE
from pave.migrating.journal import JournalEntry
from pave.migrating.report import MigrationReport
from pave.migrating.standing import Standing
from pave.plain import json_text

SHOWN = 12
"""How many lines of the journal are shown; the file has them all."""


def as_json(standing: Standing) -> str:
    """For programs."""
    return json_text(report(standing))


def report(standing: Standing) -> MigrationReport:
    """The plan, and where it stands."""
    return MigrationReport(
        plan=standing.plan,
        made=standing.made,
        is_begun=standing.is_begun,
        next=standing.beside(1),
        journal=list(standing.entries),
    )


def as_text(standing: Standing) -> str:
    """For a person."""
    return "".join(f"{line}\n" for line in _lines(standing))


def _halted(standing: Standing) -> JournalEntry | None:
    following = standing.beside(1)
    return None if following is None else standing.halted(following)


def _lines(standing: Standing) -> Iterator[str]:
    plan, last = standing.plan, len(standing.plan.phases) - 1
    yield f"{plan.service} · {plan.environment}"
    if standing.wanted == DONE:
        yield "  done: it is what its file says"
    else:
        phase = standing.phase(standing.wanted)
        yield f"  {phase.id}, phase {phase.number} of {last}: {phase.title}"
    if standing.made != standing.wanted and not (standing.wanted == DONE and standing.made is None):
        yield f"  its stack was made in {standing.made or 'no phase that anybody knows'}"
    if (following := standing.beside(1)) is not None and following != DONE:
        yield f"  next {following}: {standing.phase(following).title}"
    if standing.wanted != DONE and (halted := _halted(standing)) is not None:
        yield f"  {halted.phase} was taken back by itself: {halted.note}"
    done = [each for each in standing.entries if each.what != "rehearsed"]
    if done:
        yield "what was done:"
    for each in done[-SHOWN:]:
        yield f"  {each.at:%Y-%m-%d %H:%M} {each.phase} {each.what} by {each.by}" + (
            f": {each.note}" if each.note else ""
        )
