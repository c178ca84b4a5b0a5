"""What a service's design knows of who watches its environment."""

from catalog.kinds.observability_unit import ObservabilityUnit
from components.design.element import Element


class WatchingUnit(Element, frozen=True):
    """The unit that watches the service's environment. `managed` says whose managed Prometheus evaluates
    beside it and tells it: `google` or `none`. `sees_schedules`: it is told what Kubernetes does."""

    managed: str
    sees_schedules: bool


def watching(unit: ObservabilityUnit | None) -> WatchingUnit | None:
    """What counts of a unit to a service; None where nothing of its own watches the environment."""
    if unit is None:
        return None
    return WatchingUnit(
        name=unit.name,
        origin=unit.origin("spec", "managed"),
        managed=unit.spec.managed,
        sees_schedules=unit.spec.images.state is not None,
    )
