"""`pave migrate adopt`, as a command line says it."""

import sys
from datetime import datetime
from pathlib import Path

import click

from pave.delivery.engine.target import AskedCloud
from pave.delivery.options import target_options
from pave.options import LongCommand, catalog_option, environment_option, format_option, today_option


@click.command(
    cls=LongCommand,
    epilog="\b\nExamples:\n"
    "  pave migrate adopt customersdot --from assets.json\n"
    "  pave migrate adopt customersdot --from terraform.tfstate --from ids.txt --diff\n"
    "  pave migrate adopt customersdot --from assets.json \\\n"
    "    --as customersdot-db-g1=projects/acme-subscriptions-prod/instances/prdsub-db\n",
)
@click.argument("service")
@click.option(
    "--from",
    "files",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="What exists: an export of the asset inventory, a Terraform state, or ids. May be given again.",
)
@click.option(
    "--as",
    "said",
    multiple=True,
    metavar="NAME=ID",
    help="The resource with this id is the one that the plan calls NAME. May be given again.",
)
@click.option(
    "--new",
    multiple=True,
    metavar="NAME",
    help="What the plan calls NAME is to be made, though something of its kind exists. May be given again.",
)
@click.option("--diff", "is_diff", is_flag=True, help="Print what would be written, and write nothing.")
@catalog_option
@environment_option
@target_options
@today_option
@format_option("text", "json")
def adopt(
    service: str,
    files: tuple[Path, ...],
    said: tuple[str, ...],
    new: tuple[str, ...],
    is_diff: bool,
    root: Path,
    environment: str | None,
    cloud: AskedCloud,
    today: datetime,
    format_: str,
) -> None:
    """Take over what exists of a SERVICE, as it is: the next update imports it, and changes nothing of it.

    What FILE says is compared with the service's plan, and the engine reads the rest from the cloud. Where a
    resource is otherwise, its spec is edited, or, where no spec can say it, the adoption's file keeps it so:
    `adoptions/SERVICE.yaml`, by which `pave up` and `pulumi up` import. What bears the mark of another stack,
    service, team or tool is refused, and then nothing is written.

    Exit 0 proven; 1 refused, blocked, or not proven; 2 unusable; 3 it asks which is which, or nothing of it
    is the service's."""
    from pave.adopting.command import adopt as adopt_

    day = today.date()
    sys.exit(adopt_(service, environment, files, said, new, root, cloud, day, format_, is_diff=is_diff))
