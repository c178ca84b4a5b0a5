"""The unit of an environment of a catalog."""

from catalog.kind import Documents
from catalog.kinds.environment import Environment
from catalog.kinds.observability_unit import ObservabilityUnit
from catalog.kinds.service import services_in
from catalog.kinds.team import Team
from components.design.monitoring.monitored import monitored
from components.design.unit.model import UnitDesign
from components.design.unit.unit import design_unit


def designed_unit(catalog: Documents, name: str) -> UnitDesign | None:
    """The design of the unit of that environment; None when the catalog has no usable one."""
    unit, environment = catalog.find(ObservabilityUnit, name), catalog.find(Environment, name)
    owner = None if unit is None else catalog.find(Team, unit.spec.owner)
    if unit is None or environment is None or owner is None:
        return None
    watched = {each: monitored(catalog, each) for each in services_in(catalog, name)}
    return design_unit(unit, environment, owner, watched)
