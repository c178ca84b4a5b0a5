"""Every kind of store that there is a design of, and the designs of a service's."""

import functools
from collections.abc import Mapping
from importlib import import_module
from operator import or_
from typing import TYPE_CHECKING, TypeAlias

from catalog.kinds.service import Service
from catalog.neighbourhood import Neighbourhood
from catalog.stores.registry import store_kinds
from components.design.stores import kinds
from components.design.stores.model import AskedStore, StoreDesign


@functools.cache
def store_designs() -> dict[str, type[StoreDesign]]:
    """Each by the word for its kind in a service's file: of `postgres` it is the class `PostgresDesign` of
    `components/design/stores/kinds/postgres.py`."""
    return {
        kind: getattr(import_module(f"{kinds.__name__}.{kind}"), f"{named.__name__}Design")
        for kind, named in store_kinds().items()
    }


if TYPE_CHECKING:
    AnyStoreDesign: TypeAlias = StoreDesign
else:  # what rules are told: the kinds, told apart by their word
    AnyStoreDesign = functools.reduce(or_, store_designs().values())


def place(service: Service, around: Neighbourhood, connections: Mapping[str, int]) -> list[StoreDesign]:
    """Every store of the service, in its own order; all workloads together may open so many `connections` to
    each, by its name."""
    return [
        store_designs()[store.kind].of(AskedStore(service, index, around, connections[store.name]))
        for index, store in enumerate(service.spec.stores)
    ]
