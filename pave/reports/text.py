"""The report for people: verdict first, then each finding with the owner's own lines."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pave.check import Report
from pave.frame import code_frame
from pave.terminal import Page, export
from policies.decision import Decision, Finding

if TYPE_CHECKING:
    from rich.console import Console


def render(report: Report, page: Page) -> str:
    """Unusable files and schema problems, then each decision; the tally last."""
    console = page.console()
    for broken in report.unusable:
        place = page.place(broken.document, broken.line, broken.column)
        console.print(f"UNUSABLE {place}", style="bold red")
        console.print(f"  {broken.message}. {broken.fix}".rstrip())
    for problem in report.problems:
        place = page.place(problem.document, problem.line, problem.column)
        console.print(f"✗ {problem.rule}  {place}", style="bold red")
        _frame(console, page, problem.document, problem.line, problem.column, problem.line, problem.column + 1)
        console.print(f"  {problem.message} {problem.fix}")
        console.print()
    for decision in report.decisions:
        show_decision(console, page, decision)
    console.print(tally(report), style="bold green" if report.allowed else "bold red")
    return export(console)


def show_decision(console: "Console", page: Page, decision: Decision) -> None:
    """One subject: a verdict line, its blocking findings whole, the others in brief."""
    from rich.padding import Padding

    console.print(verdict(decision), style="bold green" if decision.allowed else "bold red")
    for finding in decision.findings:
        if finding.blocking:
            show_finding(console, page, finding)
    others = [finding for finding in decision.findings if not finding.blocking]
    for finding in others:
        mark = "?" if finding.status == "undecided" else "·"
        console.print(f"  {mark} {finding.rule} (level {finding.level})")
        place = page.place(finding.document, finding.line, finding.column)
        console.print(Padding(f"{place}  {finding.message}", (0, 0, 0, 4)), style="dim")
    if decision.findings:
        console.print()


def show_finding(console: "Console", page: Page, finding: Finding) -> None:
    """A finding with its code frame: what, where, why it matters, how to mend it."""
    console.print(f"\n✗ {finding.rule}", style="bold red", end="")
    console.print(f"  {finding.pillar} · level {finding.level} · {finding.severity}", style="dim")
    console.print(f"  {page.place(finding.document, finding.line, finding.column)}", style="cyan")
    _frame(
        console, page, finding.document, finding.line, finding.column, finding.end_line, finding.end_column
    )
    if not finding.written:
        console.print(f"  ({finding.path} is a default that nobody wrote)", style="dim")
    if finding.resource is not None:
        console.print(f"  on {finding.resource.rsplit('::', 1)[1]} ({finding.resource.split('$')[-1].split('::')[0]})")
    _paragraph(console, "what", finding.message)
    _paragraph(console, "why", " ".join(finding.why.split()))
    _paragraph(console, "fix", finding.remediation)


def verdict(decision: Decision) -> str:
    """`BLOCKED  portal · production: 3 block, 4 next steps, 0 undecided (38 rules, level 3)`."""
    counts = decision.counts
    word = "ALLOWED" if decision.allowed else "BLOCKED"
    subject = decision.service or "foundation"
    return (
        f"{word}  {subject} · {decision.environment}: {counts.blocking} block, "
        f"{count(counts.next_steps, 'next step')}, {counts.undecided} undecided "
        f"({counts.rules} rules, level {decision.target_level})"
    )


def tally(report: Report) -> str:
    """The last line: how many were judged, and how they fared."""
    blocked = sum(not decision.allowed for decision in report.decisions)
    parts = [f"{len(report.decisions) - blocked} allowed", f"{blocked} blocked"]
    if report.problems:
        parts.append(count(len(report.problems), "schema problem"))
    if report.unusable:
        parts.append(count(len(report.unusable), "unusable file"))
    return f"{count(len(report.decisions), 'decision')}: {', '.join(parts)}"


def count(number: int, noun: str) -> str:
    """`1 decision`, `2 decisions`."""
    return f"{number} {noun}" + ("" if number == 1 else "s")


def _paragraph(console: "Console", label: str, text: str) -> None:
    from rich.padding import Padding
    from rich.table import Table

    grid = Table.grid(padding=(0, 1))
    grid.add_column(style="bold", width=4)
    grid.add_column()
    grid.add_row(label, text)
    console.print(Padding(grid, (0, 0, 0, 2)))


def _frame(
    console: "Console", page: Page, document: str, line: int, column: int, end_line: int, end_column: int
) -> None:
    rows: Iterable[tuple[str, str]] = code_frame(
        page.lines(document), line, column, end_line, end_column, page.width - 4
    )
    for gutter, text in rows:
        console.print(f"  {gutter} | ", style="dim", end="")
        console.print(text, style="bold red" if not gutter.strip() else None, overflow="crop", no_wrap=True)
