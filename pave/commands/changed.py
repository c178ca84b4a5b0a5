"""`pave changed`."""

from pathlib import Path

import click

from pave.options import catalog_option, format_option

EXAMPLE = """\b
Examples:
  pave changed --since origin/main
  pave changed --since HEAD~1 --format json
"""


@click.command(epilog=EXAMPLE)
@click.option("--since", required=True, metavar="REF", help="The git revision to compare with.")
@catalog_option
@format_option("text", "json", "markdown")
def command(since: str, root: Path, format_: str) -> None:
    """List the stacks that are affected by what changed since a git revision.

    Decided by effect: a service's own file, its environment, teams, vendors, waivers and the services around
    it count by what its stack takes from them. Any file that isn't known to be harmless affects every stack.
    Foundations come before what stands on them."""
    from pave.planning.changed import changes_since
    from pave.reports.changes import RENDERERS
    from pave.terminal import progress
    from pave.workspace import catalog_folder

    with progress(f"Comparing with {since}"):
        report = changes_since(since, catalog_folder(root))
    click.echo(RENDERERS[format_](report), nl=False)
