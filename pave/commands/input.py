"""`pave input`."""

from datetime import datetime
from pathlib import Path

import click

from pave.options import catalog_option, environment_option, today_option
from pave.refused import Refused

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
    import msgspec

    from pave.workspace import Workspace
    from policies.engines.answer import EngineError
    from policies.redaction import HIDDEN, redacted, secrets_found
    from policies.wording import count
    from stacks.policy_input import input_on

    work = Workspace(root, today.date())
    found = work.service(service, environment)
    plan = None
    if stage == "plan":
        from stacks.plan import record_stack
        from stacks.stack import stack_of

        plan = record_stack(work.catalog, stack_of(found))
    document = input_on(work.catalog, found, work.today, plan)
    said = msgspec.json.decode(document)
    try:
        secrets = secrets_found(work.new_engine().evaluate(document), said)
    except EngineError as error:
        raise Refused(f"What of it is secret can't be told, so nothing is printed: {error}.") from error
    click.echo(msgspec.json.format(msgspec.json.encode(redacted(said, secrets)), indent=2).decode())
    if secrets:
        click.echo(f"pave: {count(len(secrets), 'secret')} left out of it, as `{HIDDEN}`.", err=True)
