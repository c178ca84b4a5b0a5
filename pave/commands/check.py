"""`pave check`."""

import os
import sys
from datetime import datetime
from pathlib import Path

import click

from pave.asked_rules import AskedRules
from pave.options import catalog_option, environment_option, report_options, today_option
from pave.refused import Refused
from pave.rules_options import rules_options

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
@rules_options
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
    asked: AskedRules,
) -> None:
    """Judge specs against the rules: exit 0 allowed, 1 blocked, 2 unusable; then the reports say why.

    PATH is a file or a folder of specs; without one, the whole catalog is judged."""
    from pave.checking.cache import VerdictCache, program_digest
    from pave.checking.check import Question, check
    from pave.gitlab.approvals import GitLab
    from pave.reports import output
    from pave.terminal import has_colour, screen_width
    from pave.workspace import Workspace, expand
    from policies.private_folder import cache_directory

    wanted = output.outputs(outputs)
    files = expand(paths, root)
    kept, program = (None, b"") if no_cache else (cache_directory() / "verdicts", program_digest())
    cache = VerdictCache(kept, root, program)
    if cache.spoilt is not None:
        what = f"pave: {cache.spoilt} is not as it was left: it was cut short, or changed by somebody else."
        click.echo(f"{what} All is judged anew.", err=True)
    work = Workspace(root, today.date(), files, asked, cache.load)
    question = Question(paths, tuple(files), environment, baseline, target)
    report = check(question, work, cache, GitLab.from_environment(os.environ))
    cache.save()
    page = work.page(colour=has_colour(), width=screen_width())
    output.write(wanted, report, page)
    if report.failure is not None and format_ == "text":
        raise Refused(report.failure.message)
    click.echo(output.render(format_, report, page), nl=False)
    sys.exit(report.exit_code)
