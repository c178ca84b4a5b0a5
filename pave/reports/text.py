"""The report for people: verdicts first, each finding with the owner's own lines, the tally last."""

from collections.abc import Iterator

from pave.check import Report
from pave.terminal import Page
from policies.wording import Line, code_frame, count, describe_decision


def render(report: Report, page: Page) -> str:
    """Unusable files and schema problems, then each decision; the tally last."""
    return page.text(_lines(report, page))


def _lines(report: Report, page: Page) -> Iterator[Line]:
    for broken in report.unusable:
        place = [page.place(broken.document), broken.line, broken.column]
        yield Line("bad", f"UNUSABLE {':'.join(str(part) for part in place if part is not None)}")
        yield Line("plain", f"  {broken.message.rstrip('.')}. {broken.fix}".rstrip())
    for problem in report.problems:
        yield Line("bad", f"✗ {problem.rule}")
        yield Line("place", f"  {page.place(problem.document)}:{problem.line}:{problem.column}")
        at = (problem.line, problem.column)
        yield from code_frame(page.lines(problem.document), *at, problem.line, problem.column + 1, page.width)
        yield Line("plain", f"  {problem.message} {problem.fix}")
        yield Line("plain", "")
    for decision in report.decisions:
        yield from describe_decision(decision, page.lines, page.place, page.width)
        if decision.findings:
            yield Line("plain", "")
    yield Line("good" if report.allowed else "bad", tally(report))


def tally(report: Report) -> str:
    """The last line: how many were judged, and how they fared."""
    blocked = sum(not decision.allowed for decision in report.decisions)
    parts = [f"{len(report.decisions) - blocked} allowed", f"{blocked} blocked"]
    if report.problems:
        parts.append(count(len(report.problems), "schema problem"))
    if report.unusable:
        parts.append(count(len(report.unusable), "unusable file"))
    return f"{count(len(report.decisions), 'decision')}: {', '.join(parts)}"
