"""`pave new`."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pave.command_group import CommandGroup
from pave.options import catalog_option, today_option
from pave.refused import Refused
from policies.enforcement import TARGET_LEVEL

if TYPE_CHECKING:
    from pave.drafting.service import Draft
    from pave.workspace import Workspace

TIERS = list(dict.fromkeys(tier for tier, _ in TARGET_LEVEL))
STAGES = list(dict.fromkeys(stage for _, stage in reversed(TARGET_LEVEL)))

EXAMPLE = """\b
Examples:
  pave new service tea-kitchen --owner workplace
  pave new service refunds --like customersdot
  pave new vendor twilio
  pave new catalog our-catalog --project acme-prod --domain acme.example
"""


@click.group(cls=CommandGroup, epilog=EXAMPLE)
def command() -> None:
    """Make the first version of a service's spec, or of a whole catalog: one that passes its check."""


@command.command(epilog="\b\nExample:\n  pave new service refunds --like customersdot\n")
@click.argument("name")
@click.option("--owner", metavar="TEAM", help="Default: the only team there is, or that of --like.")
@click.option("--tier", type=click.Choice(TIERS), help="Default: standard, or that of --like.")
@click.option(
    "--stage",
    type=click.Choice(STAGES),
    help="Default: experiment; beta for what is critical; with --like its own, beta at most.",
)
@click.option("--like", "model", metavar="SERVICE", help="Take over the shape of this service.")
@catalog_option
@today_option
def service(
    name: str,
    owner: str | None,
    tier: str | None,
    stage: str | None,
    model: str | None,
    root: Path,
    today: datetime,
) -> None:
    """Write services/NAME.yaml, and say what is left to do."""
    from pave.drafting.request import ServiceRequest, draft_service
    from pave.drafting.service import check_name
    from pave.workspace import Workspace

    if wrong := check_name(name):
        raise Refused(wrong)
    if not root.is_dir():
        raise Refused(f"There is no catalog at {root}. Make one: pave new catalog {root}")
    work = Workspace(root, today.date())
    drafts = draft_service(work, ServiceRequest(name, owner, tier, stage, model))
    _create(work, drafts, name, model)


@command.command(epilog="\b\nExample:\n  pave new vendor twilio\n")
@click.argument("name")
@catalog_option
@today_option
def vendor(name: str, root: Path, today: datetime) -> None:
    """Write vendors/NAME.yaml, which services name that call it."""
    from pave.drafting.saving import save, with_drafts
    from pave.drafting.service import check_name
    from pave.drafting.vendor import vendor as draft
    from pave.workspace import Workspace

    if wrong := check_name(name):
        raise Refused(wrong)
    work = Workspace(root, today.date())
    path = f"vendors/{name}.yaml"
    if name in work.catalog.documents["Vendor"] or (root / path).exists():
        raise Refused(f"{root / path} is there already. Choose another name, or edit it.")
    drafts = {path: draft(name)}
    with_drafts(work, drafts)
    save(work, drafts)
    click.echo(f"Written: {root / path}. Fill in what only its contract says.")
    click.echo(f"A service depends on it: spec.dependencies: [{{name: {name}, vendor: {name}, need: hard}}]")


@command.command(epilog="\b\nExample:\n  pave new catalog our-catalog --project acme-prod\n")
@click.argument("root", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--project", metavar="ID", help="The project in Google Cloud.")
@click.option("--domain", metavar="DOMAIN", help="The domain below which services answer.")
@today_option
def catalog(root: Path, project: str | None, domain: str | None, today: datetime) -> None:
    """Write the first environment, team and service."""
    from pave.drafting.catalog import SERVICE, drafts
    from pave.drafting.saving import folder_for_catalog
    from pave.workspace import Workspace

    with folder_for_catalog(root):
        _create(Workspace(root, today.date()), drafts(project, domain), SERVICE)


def _create(work: "Workspace", drafts: Mapping[str, "Draft"], service: str, model: str | None = None) -> None:
    """Writes drafts that pass their check, and says what is left to do until `service` answers."""
    from pave.drafting.next_steps import next_steps
    from pave.drafting.saving import save, with_drafts

    wanted = with_drafts(work, drafts)
    save(work, drafts)
    click.echo(next_steps(work.root, wanted, drafts, service, model), nl=False)
