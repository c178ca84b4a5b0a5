"""What rehearsals have made of phases, in the journal: `pave migrate next` asks for it."""

import getpass
from datetime import UTC, datetime

from pave.migrating.journal import Journal, JournalEntry
from pave.rehearsing.run import RehearsalReport


def write_down(report: RehearsalReport, journal: Journal) -> None:
    """Adds a line for each phase that was tried, with the design that it was tried for."""
    now, person = datetime.now(UTC), getpass.getuser()
    faults = ", ".join(each.name for each in report.faults if each.phase is not None)
    for phase in report.phases:
        if phase.state in {"kept", "broken"}:
            broken = "; ".join(said for each in phase.passages for said in each.broken)
            facts = {
                "state": phase.state,
                "design": phase.design,
                "rate": f"{report.rate:g}",
                "faults": faults,
            }
            journal.add(JournalEntry(now, phase.id, "rehearsed", person, broken, facts))
