"""The unit of an environment of a catalog."""

from collections.abc import Iterator

from catalog.kind import Documents
from catalog.kinds.environment import Environment
from catalog.kinds.observability_unit import ObservabilityUnit
from catalog.kinds.service import Service, service_at
from catalog.place import environment_of, places_in
from components.design.unit.model import UnitDesign
from components.design.unit.unit import design_unit


def designed_unit(catalog: Documents, name: str) -> UnitDesign | None:
    """The design of the unit of that environment; None when the catalog has no usable one."""
    unit, environment = catalog.find(ObservabilityUnit, name), catalog.find(Environment, name)
    if unit is None or environment is None:
        return None
    return design_unit(unit, environment, _running(catalog, name))


def _running(catalog: Documents, environment: str) -> Iterator[Service]:
    for document in catalog.documents["Service"].values():
        for place in places_in(document.data):
            if environment_of(place) == environment:
                found = service_at(catalog, document.name, place)
                if isinstance(found, Service):
                    yield found
