"""How a property of a resource is said in a service's file.

A module in `words/` is of one type of resource: `WORDS` says for a property, by its dotted path, what a
service's file says of the element that the resource was made for (a store, a machine) so that the property
is as it is."""

import functools
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any, NamedTuple

from catalog.document import Json
from catalog.kinds.environment import EnvironmentSpec
from catalog.yaml.parsed import Pointer


class WordContext(NamedTuple):
    """What a word may ask: the `element` as its owner wrote it, and the environment."""

    element: Json
    environment: EnvironmentSpec


Saying = Iterable[tuple[Pointer, Any]]
"""Fields of the element, and their values."""

Word = Callable[[Any, WordContext], Saying]
"""What makes of a property's value what a file says; nothing where no file can say it."""


@functools.cache
def _modules() -> Mapping[str, ModuleType]:
    package = import_module("pave.adopting.words")
    modules = [import_module(f"{package.__name__}.{each.name}") for each in iter_modules(package.__path__)]
    return {module.TYPE: module for module in modules}


def said(token: str, property_: str, value: Any, context: WordContext) -> list[tuple[Pointer, Any]]:
    """What a file says so that the property of a resource of that type is so; nothing where it can't."""
    word: Word | None = _modules()[token].WORDS.get(property_) if token in _modules() else None
    return [] if word is None else list(word(value, context))


def elements(token: str, data: Json, at: Pointer) -> list[Pointer]:
    """Where a service's file, which says `data`, says it of a resource that was made for the element at `at`:
    there, and where a module knows others (`elements`), in all of these."""
    find = getattr(_modules().get(token), "elements", None)
    return [at] if find is None else list(find(data, at))


def field(*path: str) -> Word:
    """A field that has the property's own value."""
    return lambda value, _: [(path, value)]


def one_of(path: Pointer, values: Mapping[Any, Any]) -> Word:
    """A field that has another value for each of the property's."""
    return lambda value, _: [(path, values[value])] if value in values else []
