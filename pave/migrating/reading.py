"""Finds the migration that a command's argument names, and plans it."""

from datetime import date
from pathlib import Path

from catalog.editing.splice import splice
from catalog.editing.writing import write
from catalog.kinds.observability_unit import ObservabilityUnit
from catalog.loader import Catalog
from catalog.migration.phases import TODAY
from catalog.migration.under_way import MovingDocument
from catalog.place import environment_of, places_in
from catalog.yaml.text import parse
from components.design.migration.model import MigrationPlan
from components.design.migration.plan import NoPlan, plan
from pave.refused import Refused, WrongSpecs
from pave.workspace import Workspace


def plan_of(root: Path, service: str) -> MigrationPlan:
    """The plan of a service's migration. Raises Refused, and WrongSpecs where its files say no way."""
    work = Workspace(root, date.min)
    return planned(work, way_of(work, service))


def planned(work: Workspace, way: MovingDocument) -> MigrationPlan:
    """The plan of a way. Raises WrongSpecs where its files say none."""
    try:
        return plan(work.catalog, way)
    except NoPlan as error:
        raise WrongSpecs("\n".join(work.told(work.quoting.problems(error.problems)))) from error


def way_of(work: Workspace, service: str) -> MovingDocument:
    """The way of a service, by its name or its file. Raises Refused where there is none."""
    document = work.document(service)
    way = work.catalog.way(document.name)
    if way is None:
        raise Refused(without_migration(work.catalog, document.name, document.path))
    return way


def in_phase(text: bytes, path: str, phase: str) -> bytes:
    """The text of a migration's file at `path`, saying that phase."""
    return splice(text, parse(text, path), ("spec", "phase"), phase)


def measured_at(work: Workspace, way: MovingDocument, budget: str | None) -> str | None:
    """Where it is asked what was measured of a service that moves: the server that `--budget` names, else
    that of its environment's unit; None where nobody says one."""
    if budget is not None and "://" in budget:
        return budget
    unit = work.catalog.find(ObservabilityUnit, environment_of(way.place))
    return None if unit is None else unit.spec.asked_at


def without_migration(catalog: Catalog, service: str, path: str) -> str:
    """What to do where a service has no migration."""
    broken = catalog.broken("Migration", service)
    if broken is not None:
        return f"{broken} can't be used. Mend it: pave check"
    spec, today = catalog.documents["Service"][service], f"examples/{service}-today.yaml"
    place = next(iter(places_in(spec.data)), "production")
    file = {
        "apiVersion": "pave/v1",
        "kind": "Migration",
        "metadata": {"name": service},
        "spec": {
            "environment": environment_of(place),
            "from": today,
            "owner": spec.data["metadata"]["owner"],
            "phase": TODAY,
        },
    }
    lines = "".join(f"\n    {line}" for line in write(file).splitlines())
    return (
        f"{service} has no migration. {path} says where it ends. Keep how it is today, as main has it:\n"
        f"    git show main:{catalog.root}/{path} > {catalog.root}/{today}\n"
        f"and write {catalog.root}/migrations/{service}.yaml:{lines}"
    )
