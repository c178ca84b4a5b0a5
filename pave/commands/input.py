"""`pave input`."""

from datetime import datetime
from pathlib import Path

import click

from pave.options import catalog_option, environment_option, today_option

EXAMPLE = """\b
Examples:
  pave input customersdot
  pave input customersdot --stage plan --env staging > input.json
"""


@click.command(epilog=EXAMPLE)
@click.argument("service")
@click.option(
    "--stage", type=click.Choice(["spec", "plan"]), default="spec", show_default=True, help="At which stage."
)
@catalog_option
@environment_option
@today_option
def command(service: str, stage: str, root: Path, environment: str | None, today: datetime) -> None:
    """Print the exact document that a rule sees of a SERVICE, as JSON. Secrets in it are left out."""
    from pave.plain import json_text
    from pave.planning.rule_input import seen_input
    from pave.workspace import Workspace
    from policies.redaction import HIDDEN
    from policies.wording import count

    work = Workspace(root, today.date())
    seen = seen_input(work, work.service(service, environment), stage)
    click.echo(json_text(seen.document), nl=False)
    if seen.secrets:
        click.echo(f"pave: {count(seen.secrets, 'secret')} left out of it, as `{HIDDEN}`.", err=True)
