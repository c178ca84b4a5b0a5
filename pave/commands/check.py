"""`pave check`."""

import os
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pave.engine_options import AskedServer, engine_options
from pave.options import catalog_option, environment_option, policies_option, report_options, today_option
from pave.refused import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from catalog.document import Document
    from catalog.loader import Catalog
    from pave.checking.cache import VerdictCache
    from pave.gitlab.approvals import GitLab
    from pave.reports.model import CheckReport
    from pave.workspace import Workspace

EXAMPLE = """\b
Examples:
  pave check
  pave check catalog/services/customersdot.yaml --env production
  pave check catalog/examples/customersdot-today.yaml --format json
  pave check --output gl-code-quality-report.json --output pave.sarif --output pave.junit.xml
"""


@click.command(epilog=EXAMPLE)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@catalog_option
@environment_option
@today_option
@report_options
@engine_options
@policies_option
@click.option("--baseline", metavar="REF|FILE", help="Only what is not in this baseline blocks.")
@click.option("--target", metavar="REF", help="Say what differs from this branch about the gate itself.")
@click.option("--no-cache", is_flag=True, help="Judge all again, even what did not change.")
def command(
    paths: tuple[Path, ...],
    root: Path,
    environment: str | None,
    today: datetime,
    format_: str,
    outputs: tuple[str, ...],
    baseline: str | None,
    target: str | None,
    no_cache: bool,
    server: AskedServer | None,
    policies: Path | None,
) -> None:
    """Judge specs against the rules: exit 0 allowed, 1 blocked, 2 unusable; then the reports say why.

    PATH is a file or a folder of specs; without one, the whole catalog is judged."""
    import msgspec

    from pave.checking.baseline import apply_baseline, known_at
    from pave.checking.broken_glasses import with_broken_glasses
    from pave.checking.cache import VerdictCache, program_digest
    from pave.checking.gate_changes import gate_changes
    from pave.checking.judge import Unanswered, no_verdict
    from pave.gitlab.approvals import GitLab
    from pave.reports import output as formats
    from pave.terminal import has_colour, progress, screen_width
    from pave.workspace import Workspace, expand
    from policies.private_folder import cache_directory

    wanted = formats.outputs(outputs)
    files = expand(paths, root)
    cache = VerdictCache(None if no_cache else cache_directory() / "verdicts", root, program_digest())
    if cache.spoilt is not None:
        what = f"pave: {cache.spoilt} is not as it was left: it was cut short, or changed by somebody else."
        click.echo(f"{what} All is judged anew.", err=True)
    work = Workspace(root, today.date(), files, server, policies, cache.load)
    platform = GitLab.from_environment(os.environ)
    key = cache.report_key(root, files, work.bundle, (paths, environment, work.today))
    is_asked = server is not None or platform is not None  # what others say is asked each time
    named = files if paths else None
    made = None if is_asked else cache.find_report(key)
    try:
        if made is None:
            with progress("Judging"):
                made = _judge(work, cache, named, environment, platform)
            if not is_asked:
                cache.keep_report(key, made, work.catalog.looked_for)
        if baseline is not None:
            with progress(f"Judging {baseline}"):
                known = known_at(
                    baseline, root, lambda earlier: _judge_at(work.at(earlier), cache, environment)
                )
            made = apply_baseline(made, baseline, known)
    except Unanswered as error:
        only = _only(work.catalog, named)
        made = no_verdict(work.catalog, error, work.today, work.bundle.revision, only)
    made = with_broken_glasses(made, root, is_whole=not paths and environment is None)
    if target is not None:
        made = msgspec.structs.replace(made, gate_changes=gate_changes(target, root))
    made = msgspec.structs.replace(made, problems=work.quoting.problems(made.problems))
    cache.save()
    page = work.page(colour=has_colour(), width=screen_width())
    formats.write(wanted, made, page)
    if made.failure is not None and format_ == "text":
        raise Refused(made.failure.message)
    click.echo(formats.render(format_, made, page), nl=False)
    sys.exit(made.exit_code)


def _only(catalog: "Catalog", files: list[Path] | None) -> set[str] | None:
    """Some files as the catalog calls them; None for all."""
    return None if files is None else {catalog.shown(path) for path in files}


def _judge_at(earlier: "Workspace", cache: "VerdictCache", environment: str | None) -> "CheckReport":
    """An earlier catalog, whole, by the rules of now."""
    known = earlier.catalog.known_places()
    return _judge(earlier, cache, None, environment if environment in known else None, None)


def _judge(
    work: "Workspace",
    cache: "VerdictCache",
    files: list[Path] | None,
    environment: str | None,
    platform: "GitLab | None",
) -> "CheckReport":
    from pave.checking.judge import Judge, check, report
    from pave.gitlab.approvals import ask

    catalog = work.catalog
    if environment is not None and environment not in catalog.known_places():
        known = ", ".join(catalog.known_places()) or "none"
        raise Refused(f"There is no environment `{environment}` in {work.root}. Known: {known}.")
    only = _only(catalog, files)
    documents = [d for kind in ("Service", "Environment", "Waiver") for d in catalog.documents[kind].values()]
    selected = [d for d in documents if only is None or d.path in only]
    selected = list(dict.fromkeys([*selected, *_judged_with(catalog, selected)]))
    approvals = ask(platform, catalog.all_waivers(), work.root)
    judge = Judge(catalog, work.new_engine, work.bundle.rules, work.today, approvals)
    decided = None if work.server else cache.decisions(catalog, work.bundle, work.today, approvals)
    decisions, problems = check(catalog, selected, environment, judge, decided)
    made = report(catalog, decisions, problems, work.today, work.bundle.revision, only)
    if not (made.decisions or made.problems or made.unusable):
        raise Refused(
            "Nothing to check: no service, environment or waiver was found. A team or a vendor is judged "
            "with the services that name it: `pave check` without a file."
        )
    return made


def _judged_with(catalog: "Catalog", selected: "Iterable[Document]") -> "Iterator[Document]":
    """What waivers are for: whether one holds, and is needed, shows there."""
    for waiver in (document for document in selected if document.kind == "Waiver"):
        spec = waiver.data["spec"]
        kind, name = (
            ("Service", spec["service"]) if "service" in spec else ("Environment", spec["environment"])
        )
        if name in catalog.documents[kind]:
            yield catalog.documents[kind][name]
