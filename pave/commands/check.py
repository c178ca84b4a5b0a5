"""`pave check`."""

import sys
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pave.options import Refused, catalog_option, environment_option, format_option, today_option

if TYPE_CHECKING:
    from pave.check import Report
    from pave.workspace import Workspace

EXAMPLE = """\b
Examples:
  pave check
  pave check catalog/services/customersdot.yaml --env production
  pave check catalog/examples/customersdot-today.yaml --format json
"""


@click.command(epilog=EXAMPLE)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@catalog_option
@environment_option
@today_option
@format_option("text", "json")
@click.option("--no-cache", is_flag=True, help="Judge again even if nothing changed.")
def command(
    paths: tuple[Path, ...],
    root: Path,
    environment: str | None,
    today: datetime,
    format_: str,
    no_cache: bool,
) -> None:
    """Judge specs against the rules: exit 0 allowed, 1 blocked, 2 unusable.

    PATH is a file or a folder of specs; without one, the whole catalog is judged."""
    from pave.terminal import Page, has_colour, progress, screen_width
    from pave.verdict_cache import VerdictCache, key_of
    from pave.workspace import Workspace, cache_directory, expand

    files = expand(paths)
    work = Workspace(root, today.date(), files)
    cache = VerdictCache(cache_directory())
    key = None if no_cache else key_of(root, files, work.bundle.revision, (paths, environment, work.today))
    made = None if key is None else cache.find(key)
    if made is None:
        with progress("Judging"):
            made = _judge(work, files if paths else None, environment)
        if key is not None:
            cache.keep(key, made)
    page = Page(work.lines, root, colour=has_colour(), width=screen_width())
    click.echo(import_module(f"pave.reports.{format_}").render(made, page), nl=False)
    sys.exit(made.exit_code)


def _judge(work: "Workspace", files: list[Path] | None, environment: str | None) -> "Report":
    from pave.check import Judge, check, report
    from policies.engine import EngineError

    catalog = work.catalog
    if environment is not None and environment not in catalog.documents["Environment"]:
        known = ", ".join(sorted(catalog.documents["Environment"])) or "none"
        raise Refused(f"There is no environment `{environment}` in {work.root}. Known: {known}.")
    only = None if files is None else {catalog.shown(path) for path in files}
    documents = [d for kind in ("Service", "Environment", "Waiver") for d in catalog.documents[kind].values()]
    selected = [d for d in documents if only is None or d.path in only]
    judge = Judge(catalog, work.new_engine, work.bundle.rules, work.today)
    try:
        decisions, problems = check(catalog, selected, environment, judge)
    except EngineError as error:
        raise Refused(str(error)) from error
    made = report(catalog, decisions, problems, work.today, work.bundle.revision, only)
    if not (made.decisions or made.problems or made.unusable):
        raise Refused("Nothing to check: no service or environment was found.")
    return made
