"""The unit of an environment of a catalog."""

from collections.abc import Iterator

from catalog.kind import Documents
from catalog.kinds.environment import Environment
from catalog.kinds.observability_unit import ObservabilityUnit
from catalog.kinds.service import Service, service_at
from catalog.kinds.team import Team
from catalog.neighbourhood import neighbourhood
from catalog.place import environment_of, places_in
from components.design.monitoring.model import Monitoring
from components.design.monitoring.monitoring import monitoring
from components.design.service import design
from components.design.unit.model import UnitDesign
from components.design.unit.unit import design_unit


def designed_unit(catalog: Documents, name: str) -> UnitDesign | None:
    """The design of the unit of that environment; None when the catalog has no usable one."""
    unit, environment = catalog.find(ObservabilityUnit, name), catalog.find(Environment, name)
    owner = None if unit is None else catalog.find(Team, unit.spec.owner)
    if unit is None or environment is None or owner is None:
        return None
    watched = {each: _monitored(catalog, each) for each in _running(catalog, name)}
    return design_unit(unit, environment, owner, watched)


def _monitored(catalog: Documents, service: Service) -> Monitoring:
    around = neighbourhood(catalog, service)
    return monitoring(service, design(service, around), around)


def _running(catalog: Documents, environment: str) -> Iterator[Service]:
    for document in catalog.documents["Service"].values():
        for place in places_in(document.data):
            if environment_of(place) == environment:
                found = service_at(catalog, document.name, place)
                if isinstance(found, Service):
                    yield found
