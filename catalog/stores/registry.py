"""Every kind of store there is."""

import functools
from importlib import import_module
from operator import or_
from pkgutil import iter_modules
from typing import TYPE_CHECKING, TypeAlias

from catalog.stores import kinds
from catalog.stores.store import Store


@functools.cache
def store_kinds() -> dict[str, type[Store]]:
    """Each by the word for it in a service's file: `postgres` is the class `Postgres` of
    `catalog/stores/kinds/postgres.py`."""
    names = sorted(module.name for module in iter_modules(kinds.__path__))
    return {name: getattr(import_module(f"{kinds.__name__}.{name}"), name.capitalize()) for name in names}


if TYPE_CHECKING:
    AnyStore: TypeAlias = Store
else:  # what a document is read as: the kinds, told apart by their word
    AnyStore = functools.reduce(or_, store_kinds().values())
