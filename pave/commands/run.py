"""`pave run`."""

from datetime import datetime
from pathlib import Path

import click

from pave.options import catalog_option, environment_option, today_option

EXAMPLE = """\b
Examples:
  pave run usage-api > compose.yaml
  pave run usage-api --env staging | docker compose -f - up
"""


@click.command(epilog=EXAMPLE)
@click.argument("service")
@catalog_option
@environment_option
@today_option
def command(service: str, root: Path, environment: str | None, today: datetime) -> None:
    """Print a Compose file to try a SERVICE's images here, told and held to what the cluster would.

    `pave explain contract` says what that is. Nothing is started, and no secret is in the file: Compose asks
    for those that your shell doesn't have. A schedule runs with `docker compose run NAME`."""
    import msgspec

    from pave.planning.rule_input import secret_places
    from pave.refused import Refused
    from pave.trial.compose import compose, not_started
    from pave.trial.secrets_said import secrets_said
    from pave.workspace import Workspace
    from stacks.plan import record_stack
    from stacks.stack import stack_of

    work = Workspace(root, today.date())
    found = work.service(service, environment)
    if all(workload.runtime == "vm" for workload in found.spec.workloads):
        raise Refused(f"All of {found.full_name} runs on machines of today: there is no image to try.")
    said = secrets_said(found, secret_places(work, found))
    content = compose(found, record_stack(work.catalog, stack_of(found)), said)
    for line in not_started(found, content["services"]):
        click.echo(f"# {line}")
    click.echo(msgspec.yaml.encode(content).decode(), nl=False)
