"""The report for people: verdicts first, each finding with the owner's own lines, the tally last. Of a plan,
what would exist or change comes before the verdict on it."""

import textwrap
from collections import Counter
from collections.abc import Iterator

from catalog.document import Origin
from catalog.problem import Problem
from pave.reports.model import REFUSED, CheckReport, PlanReport, Report, counted_problems
from pave.reviewing.changes import Changes
from pave.reviewing.wording import SIGNS, describe_changes
from pave.terminal import Page
from policies.wording import Line, code_frame, count, describe_decision, labelled

FILES = ("*.txt",)


def render(report: Report, page: Page) -> str:
    """Unusable files and schema problems, then each decision; the tally last."""
    if isinstance(report, CheckReport):
        return page.text(_lines(report, page))
    if report.decision is None:
        return page.text(_why_not(report, page))
    verdict = page.text(describe_decision(report.decision, page.lines, page.place, page.width))
    before = [*_refused(report, page), *_resources(report, page), *_records_elsewhere(report, page)]
    return f"{page.text(before)}\n{verdict}"


def _refused(report: PlanReport, page: Page) -> Iterator[Line]:
    """First of all: what no update makes, though the rules may have nothing against what it would lead to."""
    for problem in report.problems:
        yield Line("bad", f"✗ {problem.rule.removeprefix(REFUSED)}")
        yield Line("place", f"  {page.place(problem.document)}:{problem.line}:{problem.column}")
        for label, text in (("what", problem.message), ("why", problem.why), ("fix", problem.fix)):
            yield from labelled(label, text, page.width)
    if report.problems:
        refused = count(len(report.problems), "change")
        yield Line("bad", f"REFUSED  {report.stack}: `pave up` makes none of it, because of {refused}")
        yield Line("plain", "")


def _why_not(report: PlanReport, page: Page) -> Iterator[Line]:
    yield from _wrong(report, page)
    wrong = ", ".join(_tally(report))
    yield Line("bad", f"{report.stack}: no plan and no verdict{f', because of {wrong}' if wrong else ''}")


def _wrong(report: Report, page: Page) -> Iterator[Line]:
    """Unusable files, what is wrong with documents or gates, and why there is no verdict."""
    for broken in report.unusable:
        place = [page.place(broken.document), broken.line, broken.column]
        yield Line("bad", "UNUSABLE")
        yield Line("place", f"  {':'.join(str(part) for part in place if part is not None)}")
        yield Line("plain", f"  {broken.message.rstrip('.')}. {broken.fix}".rstrip())
    for problem in report.problems:
        yield Line("bad", f"✗ {problem.rule}{'  (in the baseline)' if problem.is_known else ''}")
        yield Line("place", f"  {page.place(problem.document)}:{problem.line}:{problem.column}")
        at = (problem.line, problem.column)
        quoted = page.unjudged(problem.document)
        yield from code_frame(quoted, *at, problem.line, problem.column + 1, page.width)
        yield Line("plain", f"  {problem.message} {problem.fix}")
        yield Line("plain", "")
    if report.failure is not None:
        yield Line("bad", "UNUSABLE")
        yield Line("place", f"  {page.place(report.failure.document)}")
        yield Line("plain", f"  {report.failure.message}")


def _lines(report: CheckReport, page: Page) -> Iterator[Line]:
    yield from _wrong(report, page)
    yield from _undecided(report, page)
    for decision in report.decisions:
        yield from describe_decision(decision, page.lines, page.place, page.width)
        if decision.findings:
            yield Line("plain", "")
    for change in report.gate_changes:
        yield Line("bad", f"! {change.path} changes {change.part}: its code owners have to approve that")
    if report.baseline is not None:
        found = report.baseline
        counted = f"{found.new} new, {found.unchanged} unchanged, {found.fixed} fixed"
        yield Line("plain", f"against {found.source}: {counted}")
    yield Line("good" if report.allowed else "bad", tally(report))


def _undecided(report: CheckReport, page: Page) -> Iterator[Line]:
    """What can't be decided, once for each cause."""
    by_cause: dict[str, list[Problem]] = {}
    for each in report.undecided:
        by_cause.setdefault(f"{each.message} {each.fix}", []).append(each)
    for cause, waiting in by_cause.items():
        yield Line("bad", f"UNDECIDED  {cause}")
        for each in waiting:
            yield Line("place", f"  {page.place(each.document)}:{each.line}:{each.column}")
        yield Line("plain", "")


def tally(report: CheckReport) -> str:
    """The last line: how many were judged, and how they fared."""
    if report.failure is not None:
        return ", ".join(["no verdict", *_tally(report)])
    blocked = sum(not decision.allowed for decision in report.decisions)
    parts = [f"{len(report.decisions) - blocked} allowed", f"{blocked} blocked", *_tally(report)]
    if report.undecided:
        parts.append(f"{len({each.document for each in report.undecided})} undecided")
    return f"{count(len(report.decisions), 'decision')}: {', '.join(parts)}"


def _tally(report: Report) -> Iterator[str]:
    yield from counted_problems(report.problems)
    if report.unusable:
        yield count(len(report.unusable), "unusable file")


def _resources(report: PlanReport, page: Page) -> Iterator[Line]:
    total, held = sum(report.counts.values()), len(report.protected)
    yield Line("plain", f"{report.stack}: {count(total, 'resource')}, {held} protected")
    if report.incomparable is not None:
        yield Line("plain", f"  against {report.against}: no plan to compare with: {report.incomparable}")
    if report.differences is None:
        yield from (Line("plain", f"  {number:>3} {type_}") for type_, number in report.counts.items())
        if report.protected:
            held_names = f"protected: {', '.join(report.protected)}"
            rows = textwrap.wrap(held_names, page.width - 2, break_long_words=False, break_on_hyphens=False)
            yield from (Line("faint", f"  {row}") for row in rows)
    else:
        yield Line("plain", f"  against {report.against}: {changes(report)}")
        compared = Changes(report.differences, total, 0)
        yield from describe_changes(compared, lambda origin: _from(origin, page), page.width)


def _records_elsewhere(report: PlanReport, page: Page) -> Iterator[Line]:
    if report.records_elsewhere:
        yield Line("plain", "  DNS records that others have to make:")
    for record in report.records_elsewhere:
        value = "what the stack's output records_elsewhere says" if record.value is None else record.value
        said = f"{record.name} {record.type} {value} ({record.holder}): {record.why}"
        for row in textwrap.wrap(said, page.width - 6, break_long_words=False, break_on_hyphens=False):
            yield Line("faint", f"    {row}")


def _from(origin: Origin | None, page: Page) -> str:
    return "" if origin is None else f"from {page.place(origin.document)}#{origin.pointer}"


def changes(report: PlanReport) -> str:
    """`2 to create, 1 to delete`."""
    found = Counter(change.action for change in report.differences or ())
    return ", ".join(f"{found[action]} to {action}" for action in SIGNS if found[action]) or "nothing changes"
