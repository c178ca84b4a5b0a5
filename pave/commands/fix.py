"""`pave fix`."""

import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from catalog.yaml.text import STANDARD_INPUT
from pave.asked_rules import AskedRules
from pave.exit_code import ExitCode
from pave.options import catalog_option, environment_option, today_option
from pave.refused import Refused
from pave.rules_options import own_rules_option

if TYPE_CHECKING:
    from pave.fixing.mending import Mending
    from pave.terminal import Page
    from pave.workspace import Workspace

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
@own_rules_option
def command(
    paths: tuple[Path, ...],
    is_diff: bool,
    rules: tuple[str, ...],
    root: Path,
    environment: str | None,
    today: datetime,
    asked: AskedRules,
) -> None:
    """Write the values that rules ask for into specs; nothing else in a file changes.

    PATH is a file or a folder of specs; without one, the whole catalog is mended. What only its owner can
    make true (`need: soft`, a date, an objective) is left to them. An edit that does not remove its finding,
    or makes another rule block, is taken back. Exit 0 when nothing is left that blocks, 1 when something is,
    2 when the input is unusable."""
    from pave.fixing.mender import Mender
    from pave.fixing.rejudging import StandingJudge
    from pave.fixing.words import words
    from pave.terminal import has_colour, progress, screen_width
    from pave.workspace import Workspace, expand, require_place, require_rule
    from policies.engines.answer import EngineError

    if Path(STANDARD_INPUT) in paths:
        raise Refused("`pave fix` writes into files, and standard input is none. Name the file.")
    files = expand(paths, root)
    work = Workspace(root, today.date(), files, rules=asked)
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
    judge = StandingJudge(work.new_engine, work.bundle.rules, work.today)
    try:
        with progress("Mending"):
            done = Mender(catalog, judge, named, rules or work.bundle.rules).mend(environment)
    except EngineError as error:
        raise Refused(str(error)) from error
    done = done._replace(problems=work.quoting.problems(sorted({*done.problems, *problems})))
    page = work.page(colour=has_colour(), width=screen_width())
    said = words(done, unusable, page, looked_at=len(named), is_whole=not paths, is_diff=is_diff)
    places = {path: only.get(path, root / path) for path in done.documents}
    if is_diff:
        _print_diffs(work, done, page)
    else:
        _write(work, done, places)
    click.echo(page.text(said), nl=False, err=is_diff)
    wrong = done.blocking or done.problems
    sys.exit(ExitCode.UNUSABLE if unusable else ExitCode.NO if wrong else ExitCode.OK)


def _print_diffs(work: "Workspace", done: "Mending", page: "Page") -> None:
    from pave.fixing.printing import print_diff

    for path, document in done.documents.items():
        print_diff(work, path, page.place(path), work.catalog.file(path).text, document.text)


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
