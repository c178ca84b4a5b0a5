"""`pave secrets`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pave.command_group import CommandGroup
from pave.delivery.command_line import CommandLine
from pave.delivery.engine.target import AskedCloud
from pave.delivery.options import target_options
from pave.exit_code import ExitCode
from pave.options import LongCommand, catalog_option, environment_option
from pave.refused import Refused

if TYPE_CHECKING:
    from components.design.model import Design
    from stacks.stack import Stack

EXAMPLE = """\b
Examples:
  pave secrets status customersdot --env production
  pave secrets set customersdot --env production stripe-api-key        asks for it, and doesn't show it
  pave secrets set customersdot --env production stripe-api-key <FILE  all of it, but the last line break
"""


@click.group(cls=CommandGroup, epilog=EXAMPLE)
def command() -> None:
    """Set the values behind a service's secrets, and see which are missing.

    Pods start when all their secrets have a value: `pave up` makes the holders, and leaves for later what
    still waits. No value is ever shown, nor stands on a command line, in a plan or in a state."""


@command.command(cls=LongCommand)
@click.argument("stack", metavar="STACK|SERVICE")
@catalog_option
@environment_option
@target_options
def status(stack: str, root: Path, environment: str | None, cloud: AskedCloud) -> None:
    """Say which secrets of a service have a value.

    Exit 0 when all have, 1 when some have none, 2 unusable."""
    import os

    from pave.delivery.held_back import to_be_set
    from pave.delivery.secret_values import secret_values, valued

    name, design = _service(stack, root, environment)
    there = valued(design, design.secrets, secret_values(cloud.existing_target(os.environ)))
    click.echo(f"{name}, in {cloud}:")
    widest = max((len(secret.name) for secret in design.secrets), default=0)
    for secret in design.secrets:
        has = "set    " if secret.name in there else "missing"
        by = f"written by `pave up`, from store {secret.store}" if secret.store else "set by people"
        click.echo(f"{secret.name:<{widest}}  {has}  {by}; read by {', '.join(secret.readers)}")
    if not design.secrets:
        click.echo(f"{name} has no secrets.")
    line = CommandLine(str(name), root, cloud)
    missing = [each for each in to_be_set(design) if each.name not in there]
    for secret in missing:
        click.echo(f"next: {line.of('secrets set', secret.name)}")
    sys.exit(ExitCode.NO if missing else ExitCode.OK)


@command.command(name="set", cls=LongCommand)
@click.argument("stack", metavar="STACK|SERVICE")
@click.argument("secret")
@catalog_option
@environment_option
@target_options
def set_(stack: str, secret: str, root: Path, environment: str | None, cloud: AskedCloud) -> None:
    """Add a version of a secret: the value is read from standard input, or asked for at a terminal.

    The version before stays. A workload reads the new one when it is started again.

    Exit 0 done, 2 unusable."""
    import os

    from catalog.nearest import did_you_mean
    from pave.delivery.secret_values import holder, secret_values

    name, design = _service(stack, root, environment)
    found = next((each for each in design.secrets if each.name == secret), None)
    if found is None:
        known = did_you_mean(secret, [each.name for each in design.secrets])
        raise Refused(f"{name} reads no secret `{secret}`. {known}")
    if found.store is not None:
        raise Refused(f"`pave up` writes {secret}: it is what store {found.store} asks for.")
    value = _asked_for(secret)
    version = secret_values(cloud.existing_target(os.environ)).add(holder(design, found), value)
    click.echo(f"{version} of {cloud} holds it from now on.")


def _service(stack: str, root: Path, environment: str | None) -> "tuple[Stack, Design]":
    from datetime import UTC, datetime

    from pave.delivery.left_over import one_place
    from pave.delivery.secret_values import design_of
    from pave.workspace import Workspace

    work = Workspace(root, datetime.now(UTC).date())
    name = one_place(work, stack, environment)
    design = design_of(work, name)
    if design is None:
        raise Refused(f"{name} has no secrets: only services have some.")
    return name, design


def _asked_for(secret: str) -> bytes:
    """What stands on standard input, without its last line break. Raises Refused when that is nothing."""
    if sys.stdin.isatty():
        value = str(click.prompt(f"Value of {secret}", hide_input=True, confirmation_prompt=True)).encode()
    else:
        value = sys.stdin.buffer.read().removesuffix(b"\n").removesuffix(b"\r")
    if not value:
        raise Refused(f"The value of {secret} is empty: nothing was set.")
    return value
