"""What a unit needs of its environment, beside what services need there."""

from catalog.kind import Documents
from catalog.kinds.environment import Environment
from catalog.kinds.observability_unit import ObservabilityUnit
from catalog.kinds.team import Team
from components.design.capacity.fit import Others, Pods
from components.design.node import Size
from components.design.unit.model import Process, UnitDesign
from components.design.unit.unit import design_unit


def unit_needs(catalog: Documents, environment: Environment) -> Others | None:
    """Its pods and disks: the same whomever it tells of what. None where nothing of its own watches the
    environment, or nobody knows what it is."""
    unit = catalog.find(ObservabilityUnit, environment.name)
    owner = None if unit is None else catalog.find(Team, unit.spec.owner)
    if unit is None or owner is None:
        return None
    return needs(design_unit(unit, environment, owner, {}))


def needs(design: UnitDesign) -> Others:
    """What the copies of its processes ask for, with what stands beside each."""
    return Others(
        pods=[Pods(design.namespace, each.name, _size(each), each.copies) for each in design.processes],
        disk_gb=sum(each.copies * each.disk_gb for each in design.processes),
    )


def _size(process: Process) -> Size:
    cpu = process.cpu + sum(each.cpu for each in process.beside)
    return Size(round(1000 * cpu), process.memory_mb + sum(each.memory_mb for each in process.beside))
