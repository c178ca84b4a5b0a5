"""What the rules say of each phase of a migration before a service is in it: what stops it, what is waived.

A phase may break what neither the beginning nor the end does; who learns of it in the middle of the way has
to wait there for an approval."""

from collections.abc import Iterator, Sequence

import msgspec

from catalog.migration.under_way import MovingDocument
from pave.checking.judge import Judge
from pave.migrating.reading import in_phase
from pave.refused import WrongSpecs
from pave.workspace import Workspace


class PhaseGate(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """The rules on a service's spec in a `phase`: those that `blocks` it, and those `waived` in it. The rules
    on its plan are asked when it is entered."""

    phase: str
    blocks: list[str]
    waived: list[str]


def gates(work: Workspace, way: MovingDocument, only: str | None = None) -> list[PhaseGate]:
    """What is said of each phase of a way, or `only` of one, on the day of `work`. Raises EngineError, and
    WrongSpecs for a phase that is no usable service."""
    engine = work.new_engine()
    found = []
    for phase in way.phases:
        if only not in {None, phase.id}:
            continue
        text = in_phase(way.migration.text, way.migration.path, phase.id)
        catalog = work.catalog.with_text(way.migration.path, text)
        judged = catalog.judged(catalog.documents["Service"][way.name], way.place)
        if isinstance(judged, list):
            raise WrongSpecs("\n".join(work.told(judged)))
        findings = Judge(catalog, lambda: engine, work.bundle.rules, work.today).decide(judged).findings
        found.append(
            PhaseGate(
                phase=phase.id,
                blocks=sorted({each.rule for each in findings if each.blocking}),
                waived=sorted({each.rule for each in findings if each.waiver is not None}),
            )
        )
    return found


def of_all(found: Sequence[PhaseGate], file: str) -> Iterator[str]:
    """What to know of all gates of a way before it begins, in sentences; `file` is the migration's."""
    stopped = [each for each in found if each.blocks]
    if stopped:
        yield f"The rules stop {'a phase' if len(stopped) == 1 else f'{len(stopped)} phases'}:"
        for rule in sorted({rule for each in stopped for rule in each.blocks}):
            yield f"- {rule}: {_span([each.phase for each in stopped if rule in each.blocks])}"
        yield f"Mend what its own file can, and name the others in `waives` of {file} before you begin."
    waived = {rule for each in found for rule in each.waived}
    if waived:
        yield f"On the way {_rules(len(waived))} waived; what is, in a phase, is said with --phase."


def of_one(gate: PhaseGate) -> str:
    """What is said of one phase."""
    said = f"stopped by {', '.join(gate.blocks)}" if gate.blocks else "passes"
    return f"{said}; waived in it: {', '.join(gate.waived)}" if gate.waived else said


def _rules(number: int) -> str:
    return "a rule is" if number == 1 else f"{number} rules are"


def _span(phases: Sequence[str]) -> str:
    return phases[0] if len(phases) == 1 else f"{phases[0]} to {phases[-1]}, {len(phases)} in all"
