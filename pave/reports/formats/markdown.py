"""A note for a merge request: the verdict in one line, what blocks as a table, the rest folded.

`templates/note.md.j2` lays it out, for GitLab. Files are linked from the repository's root, and whatever an
owner wrote stays text.
"""

from collections.abc import Iterable
from typing import NamedTuple

from catalog.filling import Templates
from pave.reports.formats.text import changes
from pave.reports.markup import FILTERS, code, literal
from pave.reports.model import (
    CheckReport,
    Entry,
    PlanReport,
    Report,
    counted_problems,
    entries,
    subject,
)
from pave.reviewing.changes import ResourceChange
from pave.reviewing.wording import KINDS, SIGNS
from pave.terminal import Page
from policies.wording import count

FILES = ("*.md",)

TEMPLATES = Templates(__file__, **FILTERS, counted=count)
NAMED = 3
"""Blocked subjects named in the verdict."""
PROPERTIES = 5
"""Properties shown of a resource that changes."""
FOLDED = {
    "next step": "what does not block yet",
    "undecided": "what can't be decided before values are known",
    "known": "what the baseline has already",
    "waived": "what a waiver allows for a while",
}


class _Resources(NamedTuple):
    """What a plan has: how many resources, the words on what changes, what of it somebody may
    lose or notice, the rest."""

    number: int
    changes: str
    risky: list[ResourceChange]
    rest: list[ResourceChange]


def render(report: Report, page: Page) -> str:
    """The note, which ends in a new line."""
    found = list(entries(report))
    if len(report.decisions) == 1:  # the verdict has named it
        found = [entry._replace(subject="") for entry in found]
    return TEMPLATES.fill(
        "note.md",
        report=report,
        standing=_standing(report),
        gate_changes=report.gate_changes if isinstance(report, CheckReport) else [],
        blocking=_together(entry for entry in found if entry.weight == "blocking"),
        resources=_resources(report) if isinstance(report, PlanReport) and report.plan is not None else None,
        folded=_folded(found),
        in_repository=page.in_repository,
        signs=SIGNS,
        most=PROPERTIES,
        kinds=KINDS,
    )


def _standing(report: Report) -> list[str]:
    """What the verdict rests on, in phrases."""
    judged, parts = report.decisions, []
    if isinstance(report, PlanReport) and report.decision is None:
        parts.append(f"{literal(report.stack)} has no plan and no verdict")
    elif report.failure is not None:
        parts.append("there is no verdict")
    blocked = [decision for decision in judged if not decision.allowed]
    if report.unusable:
        parts.append(count(len(report.unusable), "unusable file"))
    parts += counted_problems(problem for problem in report.problems if not problem.is_known)
    if blocked:
        total = sum(decision.counts.blocking for decision in blocked)
        shown = ", ".join(literal(subject(decision)) for decision in blocked[:NAMED])
        more = f" and {len(blocked) - NAMED} more" if len(blocked) > NAMED else ""
        parts.append(f"{count(total, 'finding')} in {shown}{more}")
    elif len(judged) == 1:
        parts.append(literal(subject(judged[0])))
    if len(judged) > 1:
        parts.append(f"{len(judged) - len(blocked)} of {len(judged)} decisions allowed")
    if declared := sorted({rule for decision in judged for rule in decision.declared}):
        parts.append(f"{count(len(declared), 'rule')} declared, not proven: {', '.join(map(code, declared))}")
    if isinstance(report, CheckReport) and report.baseline is not None:
        found = report.baseline
        against = f"{found.new} new, {found.unchanged} unchanged, {found.fixed} fixed"
        parts.append(f"against {code(found.source)} {against}")
    return parts


def _folded(found: list[Entry]) -> list[tuple[str, list[tuple[Entry, list[str]]]]]:
    """What is there beside what blocks, kind by kind: a summary, and what is folded below it."""
    made = []
    for kind, why in FOLDED.items():
        items = _together(entry for entry in found if _kind(entry) == kind)
        if items:
            number = count(len(items), kind) if kind == "next step" else f"{len(items)} {kind}"
            made.append((f"{number}: {why}", items))
    return made


def _kind(entry: Entry) -> str:
    return entry.weight if entry.weight in {"blocking", *FOLDED} else "next step"


def _together(found: Iterable[Entry]) -> list[tuple[Entry, list[str]]]:
    """Entries that say the same of the same place, once, with all that it was said of."""
    said: dict[tuple[object, ...], tuple[Entry, list[str]]] = {}
    for entry in found:
        key = (entry.rule, entry.document, entry.line, entry.column, entry.message, entry.fix, entry.weight)
        _, subjects = said.setdefault(key, (entry, []))
        if entry.subject and entry.subject not in subjects:
            subjects.append(entry.subject)
    return list(said.values())


def _resources(report: PlanReport) -> _Resources:
    found = report.differences or []
    risky = [one for one in found if _is_risky(one)]
    return _Resources(
        sum(report.counts.values()), changes(report), risky, [one for one in found if one not in risky]
    )


def _is_risky(change: ResourceChange) -> bool:
    """Whether somebody may lose or notice something."""
    is_lost = change.action in {"delete", "replace"} or (change.stateful and change.action == "update")
    return is_lost or any(one.kind != "restart" for one in change.consequences)
