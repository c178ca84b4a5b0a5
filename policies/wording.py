"""A finding in words: the owner's own lines, what is wrong, why it matters, how to mend it.

One wording for the command, the gate inside `pulumi up` and whatever else prints to people. Lines come with
the name of a style, so that who has colour may use it.
"""

import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from policies.decision import Decision, Finding, resource_of
from policies.redaction import without_secrets

Style = Literal["good", "bad", "place", "plain", "faint", "command", "quoted", "mark"]
CONTEXT = 1


class Line(NamedTuple):
    """One line and how it is meant. One that holds a `command` to be typed again, or a line `quoted` from a
    file, stays one; any other may be wrapped."""

    style: Style
    text: str


WHOLE: frozenset[Style] = frozenset(("command", "quoted", "mark"))
"""The styles of lines that aren't wrapped."""


def fitted(lines: Iterable[Line], width: int) -> Iterator[Line]:
    """Lines for a page so many characters wide: those that are longer are wrapped, a bit further in, and no
    word is cut."""
    for line in lines:
        for text in [line.text] if line.style in WHOLE else line.text.split("\n"):
            if len(text) <= width or line.style in WHOLE:
                yield Line(line.style, text)
                continue
            indent = " " * (len(text) - len(text.lstrip()))
            rows = textwrap.wrap(
                text.lstrip(),
                width,
                initial_indent=indent,
                subsequent_indent=f"{indent}  ",
                break_long_words=False,
                break_on_hyphens=False,
            )
            yield from (Line(line.style, row) for row in rows)


def describe_decision(
    decision: Decision, lines: Callable[[str], Sequence[str]], place: Callable[[str], str], width: int
) -> Iterator[Line]:
    """A verdict line, the blocking findings whole, the others in brief.

    `lines` gives a document's lines, `place` its name as the reader calls it. Secrets that were found in a
    document are not quoted."""
    yield Line("good" if decision.allowed else "bad", verdict(decision))
    lines = without_secrets(decision, lines)
    for finding in decision.findings:
        if finding.blocking:
            yield Line("plain", "")
            yield from describe(finding, lines(finding.document), place, width)
    others = [finding for finding in decision.findings if not finding.blocking]
    if others and decision.counts.blocking:
        yield Line("plain", "")
    for finding in others:
        note = f", waived by {finding.waiver}: {finding.approval}" if finding.waiver else ""
        note = ", in the baseline" if finding.is_known else note
        yield Line("plain", f"  {sign(finding)} {finding.rule} (level {finding.level}{note})")
        where = f"{place(finding.document)}:{finding.line}:{finding.column}"
        was = f" In the baseline: {finding.was}" if finding.was else ""
        yield from _wrapped("faint", f"{where}  {finding.message}{was}", width, 4)


def sign(finding: Finding) -> str:
    """How a finding counts, in a letter: `✗` blocks, `·` is a next step, `?` is undecided, `~` is waived, `=`
    is in the baseline."""
    if finding.blocking:
        return "✗"
    if finding.waiver:
        return "~"
    if finding.is_known:
        return "="
    return "?" if finding.status == "undecided" else "·"


def describe(
    finding: Finding, lines: Sequence[str], place: Callable[[str], str], width: int
) -> Iterator[Line]:
    """A finding with its code frame."""
    yield Line("bad", f"{sign(finding)} {finding.rule}  (level {finding.level}, {finding.severity})")
    if finding.because:
        yield from _wrapped("plain", f"binds whatever its tier and stage, for {finding.because}", width, 2)
    yield Line("place", f"  {place(finding.document)}:{finding.line}:{finding.column}")
    yield from code_frame(lines, finding.line, finding.column, finding.end_line, finding.end_column, width)
    if not finding.written:
        yield Line("faint", f"  ({finding.path} is a default that nobody wrote)")
    if finding.resource is not None:
        type_, name = resource_of(finding)
        yield Line("plain", f"  on {name} ({type_})")
    for label, text in (("what", finding.message), ("why", finding.why), ("fix", finding.remediation)):
        yield from labelled(label, text, width)


def code_frame(
    lines: Sequence[str], line: int, column: int, end_line: int, end_column: int, width: int
) -> Iterator[Line]:
    """The lines around a place, with carets under it; nothing when the text isn't to be had.

    Positions count from 1. Long lines are cut, between words, so that the carets stay in sight."""
    if not 1 <= line <= len(lines):
        return
    first, last = max(1, line - CONTEXT), min(len(lines), line + CONTEXT)
    digits = len(str(last))
    room = max(20, width - digits - 5)
    shift = max(0, column + 10 - room)
    for number in range(first, last + 1):
        text = lines[number - 1].replace("\t", " ")
        shown = _clipped(text, shift, room, column - 1 if number == line else None)
        yield Line("quoted", f"  {number:>{digits}} | {shown}".rstrip())
        if number == line:
            length = end_column - column if end_line == line else 1
            at = column - 1 - shift
            yield Line("mark", f"  {'':>{digits}} | {' ' * at}{'^' * max(1, min(length, room - at))}")


def _clipped(text: str, shift: int, room: int, seen: int | None) -> str:
    """What of a line fits into `room` characters from `shift` on, each at its place. A word that would be cut
    is left out, unless it is the one at `seen`, or too long to be missed."""
    begin, end = shift, min(len(text), shift + room)
    if shift:
        between = text.find(" ", shift + 1)
        begin = between if 0 < between <= min(shift + room // 3, seen or end) else shift + 1
    if end < len(text):
        between = text.rfind(" ", begin, end)
        end = between if between > max(end - room // 3, seen or 0) else end - 1
    return (f"{'…':<{begin - shift}}" if shift else "") + text[begin:end] + ("…" if end < len(text) else "")


def verdict(decision: Decision) -> str:
    """`BLOCKED  portal · production: 3 block, 4 next steps, 0 undecided`."""
    counts = decision.counts
    word = "ALLOWED" if decision.allowed else "BLOCKED"
    subject = decision.service or decision.part
    return (
        f"{word}  {subject} · {decision.environment}: {counts.blocking} block, "
        f"{count(counts.next_steps, 'next step')}, {counts.undecided} undecided, {counts.waived} waived"
        + (f", {counts.declared} declared" if counts.declared else "")
        + (f", {counts.known} known" if counts.known else "")
        + (f", {count(decision.problems, 'problem')} of its file" if decision.problems else "")
    )


def count(number: int, noun: str) -> str:
    """`1 decision`, `2 decisions`."""
    return f"{number} {noun}" + ("" if number == 1 else "s")


def labelled(label: str, text: str, width: int) -> Iterator[Line]:
    """A paragraph behind its label, in lines of at most `width` characters."""
    rows = textwrap.wrap(" ".join(text.split()), width - 7, break_long_words=False, break_on_hyphens=False)
    for i, row in enumerate(rows):
        yield Line("plain", f"  {label if i == 0 else '':<4} {row}")


def _wrapped(style: Style, text: str, width: int, indent: int) -> Iterator[Line]:
    rows = textwrap.wrap(text, width - indent, break_long_words=False, break_on_hyphens=False)
    for row in rows:
        yield Line(style, " " * indent + row)
