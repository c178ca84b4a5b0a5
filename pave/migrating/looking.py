"""What a phase's signals say at one moment, and how that is told and written down."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from components.design.migration.model import PhasePlan
from pave.migrating.asking import SignalAnswer

MARKS = {"holds": "✓", "fails": "✗", "undecided": "?"}


class Look(NamedTuple):
    """The answers to the signals of a phase."""

    answers: Sequence[SignalAnswer]

    @property
    def failing(self) -> list[SignalAnswer]:
        """Those that don't hold."""
        return [each for each in self.answers if each.state == "fails"]

    @property
    def undecided(self) -> list[SignalAnswer]:
        """Those to which nobody has an answer."""
        return [each for each in self.answers if each.state == "undecided"]

    @property
    def text(self) -> str:
        """All of them, a line each."""
        return "".join(f"  {MARKS[each.state]} {each}\n" for each in self.answers)

    @property
    def states(self) -> list[str]:
        """What changes when a signal begins to fail, or to hold."""
        return [each.state for each in self.answers]

    def why(self) -> str:
        """What fails, in one line."""
        return "; ".join(f"{each.signal.kind}: {each.said}" for each in self.failing)

    def facts(self, person: str | None) -> dict[str, str]:
        """What was measured, for the journal; what nobody could say is *declared* where a person answers for
        it."""
        declared = "" if person is None else f", declared by {person}"
        return {
            each.signal.kind: f"{each.state}{declared if each.state == 'undecided' else ''}: {each.said}"
            for each in self.answers
        }


def to_be_said(phase: PhasePlan, look: Look) -> list[str]:
    """What only a person can answer of a phase: what nothing measures, and what nobody could say."""
    return [*phase.verify, *_unsaid(look)]


def _unsaid(look: Look) -> Iterator[str]:
    for each in look.undecided:
        asks = each.signal.asks or each.signal.kind
        yield f"{asks} ({each.signal.kind}: nobody could say, for {each.said})"
