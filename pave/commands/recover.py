"""`pave recover`."""

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from pave.delivery.engine.target import AskedCloud
from pave.delivery.options import break_glass_option, target_options
from pave.options import LongCommand, catalog_option, environment_option
from pave.refused import Refused

EXAMPLE = """\b
Examples:
  pave recover lunch-menu
  pave recover customersdot --env production --adopt customersdot-db-g1
"""


@click.command(cls=LongCommand, epilog=EXAMPLE)
@click.argument("stack", metavar="STACK|SERVICE")
@catalog_option
@environment_option
@target_options
@click.option(
    "--adopt",
    "adopted",
    multiple=True,
    metavar="NAME",
    help="Manage a resource that exists already and that an update would create, if it is this stack's.",
)
@click.option("--id", "ids", multiple=True, metavar="URN=ID", help="It was created, and this is its id.")
@click.option("--gone", multiple=True, metavar="URN", help="It wasn't created.")
@break_glass_option
def command(
    stack: str,
    root: Path,
    environment: str | None,
    cloud: AskedCloud,
    adopted: tuple[str, ...],
    ids: tuple[str, ...],
    gone: tuple[str, ...],
    break_glass: tuple[str, ...],
) -> None:
    """Go on after an update that was cut off: by a kill, a crash, a lost connection.

    Takes over the lock of a process of this machine that is certainly gone, and looks in the cloud what that
    update had begun: what is there, and proven to be this stack's, is adopted; what isn't there will be
    created by the next update. It changes nothing in the cloud. A state that a full disk has cut off it first
    takes back to the last whole one. `pave up` begins with the rest too. `--id` and `--gone` are for what
    pave asks about.

    Exit 0 done, or nothing to do; 2 when somebody holds the lock, or when it can't be told what exists."""
    from pave.delivery.engine.cut_state import mend
    from pave.delivery.engine.stack import deployed, open_stack
    from pave.delivery.left_over import stack_there
    from pave.delivery.preview import asked_word
    from pave.delivery.recovery.recover import adopt, recover
    from pave.workspace import Workspace

    told: dict[str, str | None] = dict.fromkeys(gone)
    for each in ids:
        urn, sign, id_ = each.partition("=")
        if not (urn.startswith("urn:pulumi:") and sign and id_):
            raise Refused(f"--id takes URN=ID, not {each!r}.")
        told[urn] = id_
    work = Workspace(root, datetime.now(UTC).date())
    target = cloud.existing_target(os.environ)
    name = stack_there(work, stack, environment, deployed(target))
    for line in mend(target.backend, str(name)):
        click.echo(line)
    opened = open_stack(
        target, work.catalog, root, name, work.today, asked_word(break_glass, "--break-glass", work.today)
    )
    done = recover(opened, click.echo, told).done
    if adopted:
        done += adopt(opened, adopted).done
    for line in done or (f"Nothing of {opened.name} was cut off.",):
        click.echo(line)
