"""A note for a merge request: the verdict in one line, what blocks as a table, the rest folded.

GitLab's Markdown (https://docs.gitlab.com/user/markdown/), which is GitHub's too but for a few references
like `@group`. Files are linked from the repository's root, and whatever an owner wrote stays text.
"""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from pave.reports.formats.text import SIGNS, changes
from pave.reports.model import (
    CheckReport,
    Difference,
    Entry,
    GateChange,
    PlanReport,
    Report,
    counted_problems,
    entries,
    subject,
)
from pave.terminal import Page
from policies.wording import count

FILES = ("*.md",)

ESCAPED = re.compile(r"([\\`*_\[\]<>&~$^]|[@#!%](?=[\w\"']))")
"""What starts formatting, HTML or one of GitLab's references. After a backslash it is itself
(https://docs.gitlab.com/user/markdown/#escape-characters)."""
LINE_BREAK = re.compile(r"\s*[\r\n]\s*")
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


def render(report: Report, page: Page) -> str:
    """The note, which ends in a new line."""
    blocks = [_verdict(report)]
    found = list(entries(report))
    if len(report.decisions) == 1:  # the verdict has named it
        found = [entry._replace(subject="") for entry in found]
    if isinstance(report, CheckReport) and report.gate_changes:
        blocks.append("\n".join(_gate_change(change) for change in report.gate_changes))
    blocking = [entry for entry in found if entry.weight == "blocking"]
    if blocking:
        rows = [_row(*one, page) for one in _together(blocking)]
        blocks.append(_table(("Where", "What", "Fix", "Rule"), rows))
    if isinstance(report, PlanReport) and report.plan is not None:
        blocks += _resources(report, page)
    for kind, why in FOLDED.items():
        items = [_item(*one, page) for one in _together(entry for entry in found if _kind(entry) == kind)]
        if items:
            number = count(len(items), kind) if kind == "next step" else f"{len(items)} {kind}"
            blocks.append(_folded(f"{number}: {why}", "\n".join(items)))
    if any(entry.finding is not None for entry in blocking):
        blocks.append("`pave explain RULE` says why a rule is there and shows what passes.")
    return "\n\n".join(blocks) + "\n"


def _verdict(report: Report) -> str:
    word = ("✓ Allowed", "✗ Blocked", "✗ Unusable")[report.exit_code]
    judged, parts = report.decisions, []
    if isinstance(report, PlanReport) and report.decision is None:
        parts.append(f"{_escape(report.stack)} has no plan and no verdict")
    elif report.failure is not None:
        parts.append("there is no verdict")
    blocked = [decision for decision in judged if not decision.allowed]
    if report.unusable:
        parts.append(count(len(report.unusable), "unusable file"))
    parts += counted_problems(problem for problem in report.problems if not problem.is_known)
    if blocked:
        total = sum(decision.counts.blocking for decision in blocked)
        shown = ", ".join(_escape(subject(decision)) for decision in blocked[:NAMED])
        more = f" and {len(blocked) - NAMED} more" if len(blocked) > NAMED else ""
        parts.append(f"{count(total, 'finding')} in {shown}{more}")
    elif len(judged) == 1:
        parts.append(_escape(subject(judged[0])))
    if len(judged) > 1:
        parts.append(f"{len(judged) - len(blocked)} of {len(judged)} decisions allowed")
    if isinstance(report, CheckReport) and report.baseline is not None:
        found = report.baseline
        against = f"{found.new} new, {found.unchanged} unchanged, {found.fixed} fixed"
        parts.append(f"against {_code(found.source)} {against}")
    return f"**{word}**: {'; '.join(parts)}"


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


def _row(entry: Entry, subjects: list[str], page: Page) -> tuple[str, ...]:
    on = "".join(f"<br>{_escape(one)}" for one in subjects)
    return _link(entry, page) + on, _text(entry.message), _text(entry.fix), _code(entry.rule)


def _item(entry: Entry, subjects: list[str], page: Page) -> str:
    note = ", ".join((*map(_escape, subjects), *_notes(entry)))
    on = f" ({note})" if note else ""
    said = f"{_text(entry.message)} {_text(entry.fix)}".rstrip()
    return f"- {_link(entry, page)} {_code(entry.rule)}{on}: {said}"


def _notes(entry: Entry) -> Iterator[str]:
    if entry.finding is not None:
        yield f"level {entry.finding.level}"
        if entry.finding.waiver is not None:
            yield f"waived by {_escape(entry.finding.waiver)}"


def _link(entry: Entry, page: Page) -> str:
    path = page.in_repository(entry.document)
    return f"[{_escape(path.rsplit('/', 1)[-1])}:{entry.line}]({quote(path)}#L{entry.line})"


def _gate_change(change: GateChange) -> str:
    return f"- {_code(change.path)} changes {_escape(change.part)}: its code owners have to approve that."


def _resources(report: PlanReport, page: Page) -> Iterator[str]:
    total, held = sum(report.counts.values()), len(report.protected)
    size = f"{count(total, 'resource')}, {held} protected"
    against = f"**Against** {_code(report.against or '')}:"
    if report.incomparable is not None:
        yield f"{against} no plan to compare with: {_text(report.incomparable)}"
    if report.differences is None:
        rows = [(str(number), _code(type_)) for type_, number in report.counts.items()]
        yield _folded(size, _table(("Number", "Type"), rows))
        return
    yield f"{against} {changes(report)}; {size} in the end"
    risky = [d for d in report.differences if d.action == "delete" or (d.stateful and d.action == "update")]
    rest = [d for d in report.differences if d not in risky]
    if risky:
        yield _differences(risky, page)
    if rest:
        yield _folded(f"{count(len(rest), 'change')} without a loss of data", _differences(rest, page))


def _differences(found: list[Difference], page: Page) -> str:
    rows = []
    for one in found:
        holds = " **holds data**" if one.stateful and one.action != "create" else ""
        shown = ", ".join(_code(name) for name in one.properties[:PROPERTIES])
        more = f" and {len(one.properties) - PROPERTIES} more" if len(one.properties) > PROPERTIES else ""
        source = ""
        if one.origin is not None and one.action != "delete":
            source = f"{_code(page.in_repository(one.origin.document))} {_code(one.origin.pointer)}".rstrip()
        name = f"{_code(SIGNS[one.action])} {one.action} {_code(one.name)}{holds}"
        rows.append((name, _code(one.type), shown + more, source))
    return _table(("Resource", "Type", "What changes", "From"), rows)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A bar ends a cell even within code, so that none goes into one as it is."""
    cells = [[cell.replace("|", "\\|") for cell in row] for row in (head, ("---",) * len(head), *rows)]
    return "\n".join(f"| {' | '.join(row)} |" for row in cells)


def _folded(summary: str, content: str) -> str:
    """The blank lines make the content Markdown again; the summary holds nothing that an owner wrote."""
    return f"<details><summary>{summary}</summary>\n\n{content}\n\n</details>"


def _text(text: str) -> str:
    """A sentence of a rule, in which code between backquotes stays code and all else is text."""
    parts = re.split(r"`([^`]*)`", text)  # every second one stood between two of them
    return "".join(_code(part) if i % 2 else _escape(part) for i, part in enumerate(parts))


def _code(text: str) -> str:
    inner = " ".join(text.split()).replace("`", "'")
    return f"`{inner}`" if inner else ""


def _escape(text: str) -> str:
    return ESCAPED.sub(r"\\\1", LINE_BREAK.sub(" ", text))
