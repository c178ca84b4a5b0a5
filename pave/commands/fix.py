"""`pave fix`."""

import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pave.options import catalog_option, environment_option, policies_option, today_option
from pave.refused import Refused

if TYPE_CHECKING:
    from catalog.problem import Problem
    from catalog.yaml.parsed import Unusable
    from pave.fixing.mender import Fix, Left, Mending
    from pave.terminal import Page
    from pave.workspace import Workspace
    from policies.wording import Line, Style

EXAMPLE = """\b
Examples:
  pave fix catalog/services/portal.yaml
  pave fix catalog/examples/customersdot-today.yaml --diff
  pave fix --rule reliability/backups-are-kept --env production
"""


@click.command(epilog=EXAMPLE)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@click.option("--diff", "is_diff", is_flag=True, help="Print what would change, and change nothing.")
@click.option("--rule", "rules", multiple=True, metavar="RULE", help="Only what this rule finds.")
@catalog_option
@environment_option
@today_option
@policies_option
def command(
    paths: tuple[Path, ...],
    is_diff: bool,
    rules: tuple[str, ...],
    root: Path,
    environment: str | None,
    today: datetime,
    policies: Path | None,
) -> None:
    """Write the values that rules ask for into specs; nothing else in a file changes.

    PATH is a file or a folder of specs; without one, the whole catalog is mended. An edit that does not
    remove its finding, or makes another rule block, is taken back. Exit 0 when nothing is left that blocks,
    1 when something is, 2 when the input is unusable."""
    from pave.fixing.mender import Mender
    from pave.fixing.verdicts import Bench
    from pave.terminal import has_colour, progress, screen_width
    from pave.workspace import Workspace, expand, require_place, require_rule
    from policies.engines.answer import EngineError

    files = expand(paths, root)
    work = Workspace(root, today.date(), files, policies=policies)
    catalog = work.catalog
    if environment is not None:
        require_place(catalog, environment)
    for rule in rules:
        require_rule(rule, work.bundle.rules)
    only = {catalog.shown(path): path for path in files}
    named = [d.path for kind in ("Service", "Environment") for d in catalog.documents[kind].values()]
    named = [path for path in named if path in only] if paths else named
    unusable = [error for error in catalog.unusable if not paths or error.path in only]
    problems = [problem for problem in catalog.problems if not paths or problem.document in only]
    if not (named or unusable or problems):
        raise Refused("Nothing to fix: no service or environment was found.")
    bench = Bench(work.new_engine, work.bundle.rules, work.today)
    try:
        with progress("Mending"):
            done = Mender(catalog, bench, named, rules or work.bundle.rules).mend(environment)
    except EngineError as error:
        raise Refused(str(error)) from error
    done = done._replace(problems=work.quoting.problems(sorted({*done.problems, *problems})))
    page = work.page(colour=has_colour(), width=screen_width())
    places = {path: only.get(path, root / path) for path in done.documents}
    if is_diff:
        _print_diff(work, done, page)
    else:
        _write(work, done, places)
    click.echo(page.text(_words(done, unusable, page, is_diff)), nl=False, err=is_diff)
    sys.exit(2 if unusable else 1 if done.blocking or done.problems else 0)


def _print_diff(work: "Workspace", done: "Mending", page: "Page") -> None:
    from pave.fixing.rewriting import unified_diff

    for path, document in done.documents.items():
        diff = unified_diff(page.place(path), work.catalog.file(path).text, document.text)
        sys.stdout.buffer.write(diff)
    sys.stdout.flush()


def _write(work: "Workspace", done: "Mending", places: Mapping[str, Path]) -> None:
    from pave.files import FileChanged, replace_file

    written: list[str] = []
    for path, document in done.documents.items():
        try:
            replace_file(places[path], document.text, before=work.catalog.file(path).text)
        except FileChanged as error:
            what = f"{error} was changed in the meantime, and is as it was. Run it again."
        except OSError as error:
            what = f"{places[path]} can't be written: {error.strerror or error}."
        else:
            written.append(str(places[path]))
            continue
        raise Refused(what + (f" Written before it: {', '.join(written)}." if written else ""))


def _words(done: "Mending", unusable: list["Unusable"], page: "Page", is_diff: bool) -> Iterator["Line"]:
    from policies.wording import Line, count

    for error in unusable:
        yield Line("bad", f"UNUSABLE {error}")
    for problem in done.problems:
        yield from _problem(problem, page)
    for fix in sorted(done.fixes, key=lambda fix: (fix.finding.document, fix.line, fix.column)):
        yield from _fix(fix, page)
    if done.left:
        yield Line("plain", "\nLeft to you:" if done.fixes else "Left to you:")
    for left in done.left:
        yield from _left(left, page)
    would = "would be mended" if is_diff else "mended"
    files = f" in {count(len(done.documents), 'file')}" if done.documents else ""
    tally = f"{count(len(done.fixes), 'finding')} {would}{files}; {done.blocking} left that block"
    if done.problems:
        tally += f", and {count(len(done.problems), 'schema problem')}"
    is_good = not (done.blocking or done.problems or unusable)
    yield Line("good" if is_good else "bad", tally if not (done.left or done.fixes) else f"\n{tally}")


def _problem(problem: "Problem", page: "Page") -> Iterator["Line"]:
    from policies.wording import Line

    yield Line("bad", f"✗ {problem.rule}")
    yield Line("place", f"  {page.place(problem.document)}:{problem.line}:{problem.column}")
    yield Line("plain", f"  {problem.message} {problem.fix}")


def _fix(fix: "Fix", page: "Page") -> Iterator["Line"]:
    from policies.wording import Line

    was = "default" if fix.was is None else fix.was
    only = f", in {fix.environment}" if fix.environment else ""
    yield Line("good", f"✓ {fix.finding.path}: {was} → {fix.now}{only}")
    place = f"{page.place(fix.finding.document)}:{fix.line}:{fix.column}"
    yield Line("faint", f"  {place}  {fix.finding.rule}")


def _left(left: "Left", page: "Page") -> Iterator["Line"]:
    import textwrap

    from policies.wording import Line

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
