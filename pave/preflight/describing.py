"""Answers about a project in words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pave.exit_code import ExitCode
from pave.preflight.model import PreflightAnswer, PreflightFinding, PreflightReport
from policies.wording import Line, Style

SAID: Mapping[PreflightAnswer, tuple[Style, str]] = {
    "no": ("bad", "✗ no"),
    "undecided": ("plain", "? undecided"),
    "waits": ("plain", "… waits"),
    "ok": ("good", "✓ ok"),
}


OPEN: Sequence[PreflightAnswer] = ("no", "undecided", "waits")
"""All but ok, in the order in which they are said."""


def described(findings: Iterable[PreflightFinding]) -> Iterator[Line]:
    """What isn't ok, each with its fix: together, with their number, those that one fix mends."""
    together: dict[tuple[str, str, str], list[PreflightFinding]] = {}
    for each in findings:
        together.setdefault((each.answer, each.question, each.fix), []).append(each)
    for answer in OPEN:
        style, word = SAID[answer]
        for (of, question, fix), found in together.items():
            if of == answer:
                yield from (Line(style, line) for line in _one_fix(f"{word}  {question}:", found))
                yield Line("plain", f"  fix  {fix}")


def _one_fix(head: str, found: Sequence[PreflightFinding]) -> Iterator[str]:
    if len(found) == 1:
        yield f"{head} {found[0].subject} {found[0].what}"
    elif len({each.what for each in found}) == 1:
        yield f"{head} {found[0].what} ({len(found)})"
        yield from (f"    {each.subject}" for each in found)
    else:
        yield f"{head} {len(found)} that one fix mends"
        yield from (f"    {each.subject} {each.what}" for each in found)


def describe_preflight(report: PreflightReport) -> Iterator[Line]:
    """The report for a person: what isn't ok with its fix, then a count by question."""
    yield from described(report.findings)
    for name in dict.fromkeys(each.question for each in report.findings):
        of = [each for each in report.findings if each.question == name]
        said = ", ".join(
            f"{number} {answer}" for answer in SAID if (number := sum(each.answer == answer for each in of))
        )
        yield Line("faint", f"{name}: {said}")
    open_ = "UNDECIDED" if report.count("undecided") else "WAITS"
    verdict = {ExitCode.OK: "CLEAR", ExitCode.NO: "NOT CLEAR", ExitCode.WAITS: open_}[report.exit_code]
    yield Line(
        "bad" if report.exit_code else "good",
        f"{verdict}  {report.stack}: {report.count('ok')} ok, {report.count('no')} no,"
        f" {report.count('undecided')} undecided, {report.count('waits')} waits",
    )
