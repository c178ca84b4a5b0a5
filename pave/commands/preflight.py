"""`pave preflight`."""

import sys
from pathlib import Path

import click

from pave.delivery.engine.target import AskedCloud
from pave.delivery.options import target_options
from pave.options import LongCommand, catalog_option, environment_option, format_option

EXAMPLE = """\b
Examples:
  pave preflight foundation.production
  pave preflight customersdot --env production --cloud gcp
  pave preflight lunch-menu --cloud gcp --format json
"""


@click.command(cls=LongCommand, epilog=EXAMPLE)
@click.argument("stack", metavar="STACK|SERVICE")
@catalog_option
@environment_option
@target_options
@format_option("text", "json")
def command(stack: str, root: Path, environment: str | None, cloud: AskedCloud, format_: str) -> None:
    """Ask the project what only it knows, before anything is made in it: whether APIs are enabled, quotas
    have room, the caller may make the calls, the organisation's policies allow them, names are free, the zone
    above leads to ours, images are there for the nodes, and secrets have values. Changes nothing there.

    `pave up --cloud gcp` asks the same before its first call.

    Exit 0 all is ok; 1 something is not; 2 unusable; 3 nothing is not, but of something it isn't known, or
    it waits for somebody: an update goes as far as it can."""
    import os
    from datetime import UTC, datetime

    from pave.delivery.left_over import one_place
    from pave.plain import json_text
    from pave.planning.decide import decide_plan
    from pave.preflight.asking import preflight
    from pave.preflight.describing import describe_preflight
    from pave.terminal import has_colour, progress, screen_width
    from pave.workspace import Workspace

    work = Workspace(root, datetime.now(UTC).date())
    name = one_place(work, stack, environment)
    with progress(f"Recording {name}"):
        plan, _ = decide_plan(work, name)
    report = preflight(work, name, plan, cloud.target(os.environ))
    if format_ == "json":
        click.echo(json_text(report), nl=False)
    else:
        page = work.page(colour=has_colour(), width=screen_width())
        click.echo(page.text(describe_preflight(report)), nl=False)
    sys.exit(report.exit_code)
