"""Where a migration stands, by its file, its stack and its journal. Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from catalog.migration.phases import DONE
from components.design.migration.model import MigrationPlan, PhasePlan
from pave.migrating.journal import JournalEntry, What, latest
from stacks.stack import Stack

TO = "to"
"""The fact of a return that says which phase it leads to."""

MADE: tuple[What, ...] = ("applied", "returned", "seen")
"""What is written down of a phase once its stack is made in it."""


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
        """Whether the phase that the file says isn't the stack's yet, or not all of it: a stack says its
        phase before it deletes what goes."""
        last = latest(self.entries, self.wanted, (*MADE, "begun", "waits", "failed", "given-up"))
        is_open = last is not None and last.what in {"begun", "waits", "failed"}
        return self.made != self.wanted or is_open

    @property
    def returning_to(self) -> str | None:
        """The phase to which a return was begun that hasn't ended; None where none was, or the file says
        something else by now."""
        steps = [each for each in self.entries if each.what in {"begun", "leaving", "given-up", *MADE}]
        if not steps or steps[-1].what != "leaving":
            return None
        to = steps[-1].facts.get(TO)
        return to if self.wanted in {to, steps[-1].phase} else None

    def phase(self, name: str) -> PhasePlan:
        """A phase of the plan."""
        return next(each for each in self.plan.phases if each.id == name)

    def beside(self, offset: int) -> str | None:
        """The phase before (-1) or after (1) the one that the file says; `done` after the last, None before
        the first."""
        order = [*(each.id for each in self.plan.phases), DONE]
        place = order.index(self.wanted) + offset
        return order[place] if 0 <= place < len(order) else None

    def halted(self, phase: str) -> JournalEntry | None:
        """Why a phase was taken back by itself, as long as nobody has lifted that."""
        last = latest(self.entries, phase, ("halted", "lifted"))
        return last if last is not None and last.what == "halted" else None

    def since(self, phase: str) -> datetime | None:
        """When the stack was last made in a phase; None where the journal doesn't know."""
        made = latest(self.entries, phase, MADE)
        return None if made is None else made.at

    def said_since(self, phase: str, what: What) -> JournalEntry | None:
        """What was last said of a phase after its stack was made in it."""
        said = None
        for each in self.entries:
            if each.phase == phase and each.what in MADE:
                said = None
            elif each.phase == phase and each.what == what:
                said = each
        return said

    def hours_left(self, phase: PhasePlan, now: datetime) -> float:
        """How much of a phase's soak is to come: all of it where nobody knows since when it is, none where
        somebody has ended it."""
        since = self.since(phase.id)
        if not phase.soak_hours or self.said_since(phase.id, "soak-ended") is not None:
            return 0.0
        gone = 0.0 if since is None else (now - since).total_seconds() / 3600
        return max(0.0, phase.soak_hours - gone)

    def is_rehearsed(self, phase: PhasePlan) -> bool:
        """Whether a rehearsal of this very phase, from the design before it to its own, has kept what is
        promised of it. The last one counts."""
        last = latest(self.entries, phase.id, ("rehearsed",))
        return last is not None and (last.facts.get("state"), last.facts.get("design")) == (
            "kept",
            phase.design,
        )
