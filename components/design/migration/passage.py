"""Where a service stands on its way, and what the phase that it is in may do that else is refused."""

from collections.abc import Collection
from typing import NamedTuple

from catalog.kinds.service import Service, effective
from catalog.loader import Catalog
from catalog.migration.phases import DONE, TODAY
from catalog.migration.under_way import MovingDocument
from catalog.place import Place
from components.design.migration.held import held
from components.design.migration.plan import NoPlan
from components.design.model import Design
from components.design.service import designed

OUTPUT = "migration_phase"
"""The output of a service's stack that says the phase that it is in, as long as it moves."""


class Passage(NamedTuple):
    """The phases of a way in their `order`, `done` last, each with the move that leads into it, and the one
    that its file says. In that phase the resources called `losing` go for good, and those called `releasing`
    are protected no longer; `changing` are those that change in a way that no later change takes back. Each
    name stands for what is called after it, too. `no_return` are the phases that no rollback leads out of."""

    service: str
    order: tuple[str, ...]
    moves: tuple[str, ...]
    current: str
    losing: tuple[str, ...] = ()
    releasing: tuple[str, ...] = ()
    changing: tuple[str, ...] = ()
    no_return: tuple[str, ...] = ()


def passage(catalog: Catalog, service: str, place: Place) -> Passage | None:
    """The passage of a service at a place; None where it has no migration there."""
    way = catalog.way(service) if service in catalog.documents["Service"] else None
    if way is None or way.place != place:
        return None
    current = str(way.migration.data["spec"].get("phase", TODAY))
    order = (*(phase.id for phase in way.phases), DONE)
    no_return = tuple(each.id for each in way.phases if each.step is not None and each.step.no_return)
    moves = (*(phase.move for phase in way.phases), "")
    found = Passage(service, order, moves, current, no_return=no_return)
    if current not in order[1:-1]:
        return found
    step = way.phases[order.index(current)].step
    before, after = (_design(catalog, way, each) for each in (order[order.index(current) - 1], current))
    about = step.about if step is not None and step.semantics == "irreversible" else ""
    return found._replace(
        losing=tuple(sorted({*held(before)} - {*held(after)})),
        releasing=tuple(sorted({*held(before, protected=True)} - {*held(after, protected=True)})),
        changing=tuple(store.resource for store in after.stores if store.name == about),
    )


def is_called_after(name: str, names: Collection[str]) -> bool:
    """Whether a resource is called one of some names, or after one."""
    return any(name == each or name.startswith(f"{each}-") for each in names)


def _design(catalog: Catalog, way: MovingDocument, phase: str) -> Design:
    found = effective(catalog, way.at_phase(phase), way.place)
    if not isinstance(found, Service):
        raise NoPlan(found)
    return designed(catalog, found)
