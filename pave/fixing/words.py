"""What `pave fix` says of a mending, line by line."""

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence

from catalog.problem import Problem
from catalog.yaml.parsed import Unusable
from pave.fixing.mending import Fix, Left, Mending
from pave.terminal import Page
from policies.wording import Line, Style, count


def words(
    done: Mending, unusable: Sequence[Unusable], page: Page, *, looked_at: int, is_whole: bool, is_diff: bool
) -> Iterator[Line]:
    """The lines of a summary: what couldn't be read, what was mended, what is left to the owner and why, and
    how many of each.

    Where more than one file was `looked_at`, each that changes is named with its number of findings.
    `is_whole` says that nobody named a file, so that the whole catalog was mended; `is_diff`, that nothing
    was written."""
    would = "would be mended" if is_diff else "mended"
    if is_whole:
        files = count(looked_at, "service and environment file")
        verb = "would be" if is_diff else "is"
        yield Line("plain", f"No PATH was given: the whole catalog {verb} mended, {files}.\n")
    for error in unusable:
        place = [page.place(error.path), error.line, error.column]
        yield Line("bad", f"UNUSABLE {':'.join(str(part) for part in place if part is not None)}")
        yield Line("plain", f"  {error.what}. {error.fix}")
    for problem in done.problems:
        yield from _problem(problem, page)
    for fix in sorted(done.fixes, key=lambda fix: (fix.finding.document, fix.line, fix.column)):
        yield from _fix(fix, page)
    if done.left:
        yield Line("plain", "\nLeft to you:" if done.fixes else "Left to you:")
    for left in done.left:
        yield from _left(left, page)
    gap = "\n" if done.left or done.fixes else ""
    mended = Counter(fix.finding.document for fix in done.fixes) if looked_at > 1 else {}
    for path in sorted(mended):
        yield Line("plain", f"{gap}{page.place(path)}: {count(mended[path], 'finding')} {would}")
        gap = ""
    where = f" in {count(len(done.documents), 'file')}" if done.documents else ""
    tally = f"{count(len(done.fixes), 'finding')} {would}{where}; {done.blocking} left that block"
    if done.problems:
        tally += f", and {count(len(done.problems), 'schema problem')}"
    yield Line("bad" if done.blocking or done.problems or unusable else "good", f"{gap}{tally}")


def _problem(problem: Problem, page: Page) -> Iterator[Line]:
    yield Line("bad", f"✗ {problem.rule}")
    yield Line("place", f"  {page.place(problem.document)}:{problem.line}:{problem.column}")
    yield Line("plain", f"  {problem.message} {problem.fix}")


def _fix(fix: Fix, page: Page) -> Iterator[Line]:
    was = "default" if fix.was is None else fix.was
    only = f", in {fix.environment}" if fix.environment else ""
    yield Line("good", f"✓ {fix.finding.path}: {was} → {fix.now}{only}")
    place = f"{page.place(fix.finding.document)}:{fix.line}:{fix.column}"
    yield Line("faint", f"  {place}  {fix.finding.rule}")


def _left(left: Left, page: Page) -> Iterator[Line]:
    finding = left.finding
    mark = "✗" if finding.blocking else "·"
    yield Line("bad" if finding.blocking else "plain", f"{mark} {finding.rule} (level {finding.level})")
    place = f"{page.place(finding.document)}:{finding.line}:{finding.column}"
    said: list[tuple[Style, str]] = [
        ("faint", f"{place}  {finding.message}"),
        ("plain", finding.remediation),
    ]
    if left.reason:
        said.append(("plain", f"Not mended: {left.reason}"))
    for style, text in said:
        for row in textwrap.wrap(text, page.width - 2, break_long_words=False, break_on_hyphens=False):
            yield Line(style, f"  {row}")
