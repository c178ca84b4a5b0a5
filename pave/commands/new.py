"""`pave new`."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from catalog.kinds.service import places_of, service_at
from catalog.nearest import did_you_mean
from pave.options import catalog_option, today_option
from pave.refused import Refused
from policies.enforcement import TARGET_LEVEL

if TYPE_CHECKING:
    from catalog.loader import Catalog
    from pave.drafting.service import Draft
    from pave.workspace import Workspace

TIERS = list(dict.fromkeys(tier for tier, _ in TARGET_LEVEL))
STAGES = list(dict.fromkeys(stage for _, stage in reversed(TARGET_LEVEL)))

EXAMPLE = """\b
Examples:
  pave new service tea-kitchen --owner workplace
  pave new service refunds --like customersdot
  pave new catalog our-catalog --project acme-prod --domain acme.example
"""


@click.group(epilog=EXAMPLE)
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
    from pave.drafting import saving as creation
    from pave.drafting import service as new_service
    from pave.workspace import Workspace

    if wrong := new_service.check_name(name):
        raise Refused(wrong)
    if not root.is_dir():
        raise Refused(f"There is no catalog at {root}. Make one: pave new catalog {root}")
    work = Workspace(root, today.date())
    _refuse_if_taken(work, name)
    ground = creation.ground(work)
    if model is not None:
        owner = None if owner is None else _team(work, owner)
        draft = new_service.like(work.document(model).data, name, owner, tier, stage, ground)
    else:
        team = _team(work, owner)
        draft = new_service.fresh(name, team, tier or "standard", stage or _first_stage(tier), ground)
    _create(work, {f"services/{name}.yaml": draft}, name, model)


@command.command(epilog="\b\nExample:\n  pave new catalog our-catalog --project acme-prod\n")
@click.argument("root", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--project", metavar="ID", help="The project in Google Cloud.")
@click.option("--domain", metavar="DOMAIN", help="The domain below which services answer.")
@today_option
def catalog(root: Path, project: str | None, domain: str | None, today: datetime) -> None:
    """Write the first environment, team and service."""
    from pave.drafting import catalog as new_catalog
    from pave.workspace import Workspace

    there = sorted(path for kind in ("environments", "services", "teams") for path in (root / kind).glob("*"))
    if there:
        raise Refused(f"There is a catalog at {root} already: {there[0]}. Add to it with pave new service.")
    is_new = not root.exists()
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(f"{root} can't be made: {error.strerror or error}.") from error
    try:
        _create(Workspace(root, today.date()), new_catalog.drafts(project, domain), new_catalog.SERVICE)
    except Refused:
        if is_new and not any(root.iterdir()):
            root.rmdir()
        raise


def _first_stage(tier: str | None) -> str:
    """What the business can't do without is no experiment."""
    return "beta" if tier == "critical" else "experiment"


def _refuse_if_taken(work: "Workspace", name: str) -> None:
    known = work.catalog.documents["Service"].get(name)
    path = work.root / (known.path if known else f"services/{name}.yaml")
    if known or path.exists():
        raise Refused(f"{path} is there already. Choose another name, or edit it.")


def _team(work: "Workspace", asked: str | None) -> str:
    known = sorted(work.catalog.documents["Team"])
    if asked in known or (asked is None and len(known) == 1):
        return asked or known[0]
    if asked is None:
        raise Refused(f"Say who owns it: --owner TEAM. Teams: {', '.join(known)}.")
    hint = did_you_mean(asked, known, "Teams")
    raise Refused(f"There is no team `{asked}` in {work.root}. {hint}")


def _create(work: "Workspace", drafts: Mapping[str, "Draft"], service: str, model: str | None = None) -> None:
    """Writes drafts that pass their check, and says what is left to do until `service` answers."""
    from pave.drafting import saving as creation

    wanted = creation.with_drafts(work, drafts)
    creation.save(work, drafts)
    click.echo(f"Written, and allowed by `pave check`: {', '.join(str(work.root / path) for path in drafts)}")
    _say_what_to_fill_in(work.root, wanted, drafts)
    if model is not None:
        left = "; ".join(what for draft in drafts.values() for what in draft.left_out)
        click.echo(
            f"\nAll else is as {model} has it: read it once." + (f" Not taken over: {left}." if left else "")
        )
    _say_what_to_do(work.root, drafts, service)
    _say_what_happens(wanted, drafts, service)


def _say_what_to_fill_in(root: Path, wanted: "Catalog", drafts: Mapping[str, "Draft"]) -> None:
    from catalog.document import readable

    click.echo("\nFill in what only you know:")
    places = {
        f"{root / path}:{wanted.file(path).mark(pointer)[0].line}": readable(pointer, draft.data)
        for path, draft in drafts.items()
        for pointer in draft.notes
    }
    _say_in_columns(places)


def _say_what_to_do(root: Path, drafts: Mapping[str, "Draft"], service: str) -> None:
    where = "" if root == Path("catalog") else f" --catalog {root}"
    what = str(root / next(iter(drafts))) if len(drafts) == 1 else str(root)
    judged = f" {what}" if len(drafts) == 1 else ""
    click.echo("\nThen:")
    _say_in_columns(
        {
            f"pave check{judged}{where}": "what blocks, and what comes next",
            f"pave plan {service}{where}": "what would exist; blocked until each image is built",
            f"git add {what}": "commit it, and open a merge request",
        }
    )


def _say_what_happens(wanted: "Catalog", drafts: Mapping[str, "Draft"], service: str) -> None:
    from catalog.kinds.service import Service
    from components.design.service import designed
    from stacks.stack import foundation_stack, stack_of

    documents = [wanted.file(path) for path in drafts]
    applied = {str(foundation_stack(d.name)): "" for d in documents if d.kind == "Environment"}
    secrets: list[str] = []
    for name in places_of(wanted, service):
        found = service_at(wanted, service, name)
        assert isinstance(found, Service)
        made = designed(wanted, found)
        applied[str(stack_of(found))] = f"https://{made.edge.host}" if made.edge is not None else ""
        secrets += [
            f"gcloud secrets versions add {secret.resource} --project {made.project} --data-file=FILE"
            for secret in made.secrets
        ]
    click.echo("\nThe merge request shows the verdict and the plan. Once it is merged, this is applied:")
    _say_in_columns(applied)
    if secrets:
        click.echo("\nIts pods wait for secrets. Give each a value once the apply has made it:")
        _say_in_columns(dict.fromkeys(secrets, ""))


def _say_in_columns(rows: Mapping[str, str]) -> None:
    width = max(map(len, rows), default=0)
    for left, right in rows.items():
        click.echo(f"  {left:{width}}  {right}".rstrip())
