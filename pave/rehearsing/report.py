"""A rehearsal in words."""

from collections.abc import Iterator

from pave.layout import in_columns, wrapped
from pave.rehearsing.run import RehearsalReport, RehearsedPassage, RehearsedPhase
from pave.terminal import styled
from policies.wording import Line, Style

MARKS: dict[str, tuple[str, Style]] = {
    "kept": ("✓", "good"),
    "broken": ("✗", "bad"),
    "not rehearsed": ("–", "faint"),
    "not reached": ("·", "faint"),
}
SAID = {"into": "into it", "back": "back", "again": "again", "returned": "returned"}

NOT_THE_CLOUD = (
    "Real PostgreSQL, Redis, HAProxy and processes on this machine: the order of the steps and their safety"
    " are tried, not how long Google takes for them."
)


def as_text(report: RehearsalReport, *, colour: bool, width: int) -> str:
    """The report for a person."""
    return styled(_lines(report, width), colour=colour)


def _lines(report: RehearsalReport, width: int) -> Iterator[Line]:
    yield Line(
        "plain",
        f"{report.service} · {report.environment}: rehearsed with {report.rate:g} orders a second",
    )
    for phase in report.phases:
        yield from _phase(phase, width)
    yield from (Line("plain", row) for row in wrapped(_verdict(report), width))
    yield from (Line("faint", row) for row in wrapped(NOT_THE_CLOUD, width))


def _phase(phase: RehearsedPhase, width: int) -> Iterator[Line]:
    mark, style = MARKS[phase.state]
    yield Line(style, f"{mark} {phase.id}: {phase.state}")
    yield from (Line("faint", row) for row in wrapped(phase.stands, width, "    "))
    rows = [_row(each) for each in phase.passages]
    if rows:
        head = ("", "took", "asked", "failed", "for", "gap", "slowest", "lag")
        for row in in_columns([head, *rows], width - 4, right=range(1, 7)):
            yield Line("plain", f"    {row}")
    for passage in phase.passages:
        if passage.killed:
            yield Line("plain", f"    killed {SAID[passage.direction]}: {passage.killed}")
        for each in passage.broken:
            yield from (Line("bad", row) for row in wrapped(each, width, f"    {SAID[passage.direction]}: "))


def _row(passage: RehearsedPassage) -> tuple[str, ...]:
    seen = passage.measured
    if seen is None:
        return (SAID[passage.direction], *[""] * 7)
    numbers = (seen.took, seen.failing_seconds, seen.longest_gap, seen.slowest, seen.lag)
    took, failing, gap, slowest, lag = (f"{number:.2f} s" for number in numbers)
    return SAID[passage.direction], took, str(seen.asked), str(seen.failed), failing, gap, slowest, lag


def _verdict(report: RehearsalReport) -> str:
    states = [each.state for each in report.phases]
    broken = [each.id for each in report.phases if each.state == "broken"]
    if broken:
        return f"STOPPED in {broken[0]}: it doesn't keep what the plan promises."
    seen = [
        last.measured for each in report.phases for last in each.passages[-1:] if last.measured is not None
    ]
    counted = ""
    if seen:
        last = seen[-1]
        counted = (
            f" {last.lost_writes} acknowledged orders lost; {last.lost_jobs} jobs lost,"
            f" {last.doubled_jobs} done twice; {last.missed_ticks} runs of the schedule missed,"
            f" {last.doubled_ticks} doubled."
        )
    spared = [each.name for each in report.faults if each.phase is None]
    missed = f" Not killed, as no phase had what takes over: {', '.join(spared)}." if spared else ""
    return (
        f"{states.count('kept')} phases keep what the plan promises, and"
        f" {states.count('not rehearsed')} weren't rehearsed.{counted}{missed}"
    )
