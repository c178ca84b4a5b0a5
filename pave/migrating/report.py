"""A migration's plan, for people who have a minute and for those who look closely."""

from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from catalog.filling import Templates
from components.design.migration.model import MigrationPlan, PhasePlan
from pave.layout import in_columns, wrapped
from pave.migrating.gated import PhaseGate, of_all, of_one
from pave.migrating.journal import JournalEntry
from pave.plain import json_text, told
from pave.refused import Refused
from pave.reports.markup import FILTERS
from pave.terminal import styled
from policies.wording import Line, Style

MARKS = {"past": "✓", "now": "▶", "next": "·", "later": "·"}
STYLES: dict[str, Style] = {"past": "faint", "now": "good", "next": "plain", "later": "plain"}
_TEMPLATES = Templates(__file__, **FILTERS)


class MigrationReport(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What `pave migrate plan` and `status` print with `--format json`: the `plan`, of which `--phase` leaves
    one phase; the phase that the stack was `made` in (None: nobody asked, or nobody knows of one), whether
    one `is_begun` and not all there, the `next` one, what was done so far, and what the rules say of each
    phase (`gates`, of a plan)."""

    api_version: Literal["pave/v1"] = "pave/v1"
    kind: Literal["MigrationReport"] = "MigrationReport"
    plan: MigrationPlan
    made: str | None = None
    is_begun: bool = False
    next: str | None = None
    journal: list[JournalEntry] = []
    gates: list[PhaseGate] = []


def as_json(plan: MigrationPlan, phase: str | None, gates: Sequence[PhaseGate]) -> str:
    """The plan for programs, or one phase of it. Raises Refused for a phase that there isn't."""
    shown = plan.phases if phase is None else [phase_of(plan, phase)]
    following = next((each.id for each in plan.phases if each.state == "next"), None)
    shortened = msgspec.structs.replace(plan, phases=shown)
    return json_text(MigrationReport(plan=shortened, next=following, gates=list(gates)))


def as_markdown(plan: MigrationPlan, phase: str | None, gates: Sequence[PhaseGate]) -> str:
    """The plan for a merge request, or one phase of it. Raises Refused for a phase that there isn't."""
    shown = plan.phases if phase is None else [phase_of(plan, phase)]
    return _TEMPLATES.fill(
        "plan.md",
        plan=told(plan),
        shown=told(shown),
        gates={each.phase: told(each) for each in gates},
        is_whole=phase is None,
        time=time_of,
    )


def as_text(
    plan: MigrationPlan, phase: str | None, gates: Sequence[PhaseGate], *, colour: bool, width: int
) -> str:
    """The plan for a person: all phases in a table, or one with all that is known of it. Raises Refused for a
    phase that there isn't."""
    if phase is None:
        return styled(_table(plan, gates, width), colour=colour)
    one = phase_of(plan, phase)
    return styled(_phase(plan, one, of_one(gates[0]), width), colour=colour)


def phase_of(plan: MigrationPlan, phase: str) -> PhasePlan:
    """A phase by its id. Raises Refused."""
    from catalog.nearest import did_you_mean

    for each in plan.phases:
        if each.id == phase:
            return each
    hint = did_you_mean(phase, [each.id for each in plan.phases], "Phases")
    raise Refused(f"{plan.service} has no phase `{phase}`. {hint}")


def time_of(hours: float) -> str:
    """`3 d` of 72 hours."""
    if hours >= 48 and hours % 24 == 0:
        return f"{hours / 24:g} d"
    return f"{hours:g} h" if hours >= 1 else f"{60 * hours:g} min"


def _table(plan: MigrationPlan, gates: Sequence[PhaseGate], width: int) -> Iterator[Line]:
    first, last = plan.phases[0], plan.phases[-1]
    yield Line(
        "plain", f"{plan.service} · {plan.environment}: {len(plan.phases) - 1} phases, in `{plan.phase}`"
    )
    yield Line("plain", f"  from {plan.starts_from}, {first.designed:.3f} %  to {last.designed:.3f} %")
    rows = [("", "phase", "class", "errors", "back", "soak", "gives", "what")]
    for each in plan.phases:
        back = "no return" if each.no_return else f"{each.rollback_minutes:g} min"
        rows.append(
            (
                MARKS[each.state],
                each.id,
                each.change_class if each.number else "",
                f"{each.minutes:g} min" if each.minutes else "",
                back if each.number else "",
                time_of(each.soak_hours) if each.soak_hours else "",
                f"{each.designed:.3f} %",
                each.title,
            )
        )
    for row in in_columns(rows, width):
        yield Line("plain", row)
    total = sum(each.minutes for each in plan.phases)
    days = sum(each.soak_hours for each in plan.phases) / 24
    together = (
        f"All phases together: at most {total:g} minutes with errors for everybody, of"
        f" {plan.promised_minutes:.1f} that may be in {plan.window_days} days; {days:.0f} days of soak."
    )
    for row in wrapped(together, width):
        yield Line("plain", row)
    returns = [each.id for each in plan.phases if each.no_return]
    said = f"No way back leads out of {', '.join(returns)}." if returns else "Every phase can be taken back."
    yield Line("plain", said)
    for sentence in of_all(gates, f"migrations/{plan.service}.yaml"):
        yield from (Line("plain", row) for row in wrapped(sentence, width))
    yield Line("command", f"next: {_following(plan)}")


def _following(plan: MigrationPlan) -> str:
    coming = next((each for each in plan.phases if each.state == "next"), None)
    if coming is not None:
        return f"pave migrate plan {plan.service} --phase {coming.id}"
    return f"pave plan {plan.service}"


def _phase(plan: MigrationPlan, phase: PhasePlan, gate: str, width: int) -> Iterator[Line]:
    yield Line(
        "plain", f"{plan.service} · {plan.environment} · phase {phase.number} of {len(plan.phases) - 1}"
    )
    yield Line("good", f"{phase.id}: {phase.title}")
    for name, value in (*_facts(plan, phase), ("gate", gate)):
        for row in wrapped(value, width, f"  {name:<14}"):
            yield Line("plain", row)
    yield from _measured(phase, width)
    for title, said in (("Before it", phase.needs), ("It is well when", phase.verify)):
        if said:
            yield Line("plain", f"{title}:")
        for each in said:
            yield from (Line("plain", row) for row in wrapped(each, width, "  - "))
    for when, title in (("before", "By hand, before its update"), ("after", "By hand, after its update")):
        works = [each for each in phase.by_hand if each.when == when]
        if works:
            yield Line("plain", f"{title}:")
        for work in works:
            yield from (Line("plain", row) for row in wrapped(work.what, width, "  - "))
            yield from (Line("command", f"      {command}") for command in work.commands)


def _measured(phase: PhasePlan, width: int) -> Iterator[Line]:
    """What pave asks by itself, and how."""
    for when, title in (("before", "Measured before it"), ("after", "Measured while it soaks")):
        asked = [each for each in phase.signals if each.when == when]
        if asked:
            yield Line("plain", f"{title}:")
        for each in asked:
            bound = f"{'at least' if each.is_least else 'at most'} {each.limit:g} {each.unit}"
            said = f"{each.kind}, {bound}: {(each.nothing and f'undecided, for {each.nothing}') or each.asks}"
            yield from (Line("plain", row) for row in wrapped(said, width, "  - "))
            if each.query:
                yield Line("command", f"      {each.query}")
    if phase.returns:
        yield Line("plain", "Where one fails, the phase before is written at once.")


def _facts(plan: MigrationPlan, phase: PhasePlan) -> Iterator[tuple[str, str]]:
    yield "how", phase.semantics
    if phase.noticed:
        yield "noticed", phase.noticed
    if phase.minutes:
        yield "errors", f"{phase.minutes:g} minutes at most, {phase.budget_percent:g} % of the error budget"
    if phase.number:
        yield (
            "back",
            phase.rollback if phase.no_return else f"{phase.rollback} ({phase.rollback_minutes:g} min)",
        )
        yield "no return", phase.no_return or f"not yet; from here back to {phase.rollback_to}"
        yield "class", f"{phase.change_class}, announced {phase.lead_days} days before"
    if phase.soak_hours:
        yield "soak", time_of(phase.soak_hours)
    if phase.losing:
        yield "goes", ", ".join(phase.losing)
    yield "gives", f"{phase.designed:.3f} %, {phase.designed_minutes:.1f} minutes in {plan.window_days} days"
    if phase.source:
        yield "source", phase.source
