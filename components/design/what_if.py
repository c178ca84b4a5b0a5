"""The availability of a service as it is designed, and as it would be after a change."""

from collections.abc import Sequence
from typing import Any

import msgspec

from catalog.document import Document, readable
from catalog.editing.edit import NoSuchPlace, edited, pointer_for, value_of
from catalog.kinds.service import Service, effective
from catalog.loader import Catalog
from catalog.place import Place
from components.design.availability.improvement import single_changes
from components.design.service import designed


class SingleChange(msgspec.Struct, frozen=True, rename="camel"):
    """One change and what it gives, in percent and minutes a window; `minutes_saved` may be negative."""

    path: str
    value: Any
    designed: float
    designed_minutes: float
    minutes_saved: float
    reaches_promise: bool


class NotAssumable(Exception):
    """A change that can't be assumed: what is wrong with it, a line for each reason."""


def assume(catalog: Catalog, service: Service, changes: Sequence[str]) -> Service:
    """The service as if each `PATH=VALUE` had been written. Raises NotAssumable for one that can't be."""
    document = service.document
    for change in changes:
        path, equals, value = change.partition("=")
        if not equals:
            raise NotAssumable(f"`{change}` is no change. Write it like spec.stores[redis].need=soft.")
        try:
            document = edited(document, pointer_for(path.strip(), document.data), value_of(value.strip()))
        except NoSuchPlace as error:
            raise NotAssumable(str(error)) from error
    return _effective(catalog, document, service.place)


def _effective(catalog: Catalog, document: Document, place: Place) -> Service:
    from catalog import validation

    wrong = validation.problems("Service", document.data, document.path, document.parsed)
    if wrong:
        raise NotAssumable("\n".join(str(problem) for problem in wrong))
    found = effective(catalog, document, place)
    if isinstance(found, list):
        raise NotAssumable("\n".join(str(problem) for problem in found))
    return found


def improvements(catalog: Catalog, service: Service) -> list[SingleChange]:
    """Every single change that saves minutes, the one that saves most first."""
    now = designed(catalog, service).availability
    written = service.document.data
    tried = []
    for pointer, value in single_changes(service, written):
        source = service.source(pointer)
        try:
            changed = _effective(catalog, edited(service.document, source, value), service.place)
        except NotAssumable:
            continue
        after = designed(catalog, changed).availability
        tried.append(
            SingleChange(
                path=readable(source, written),
                value=value,
                designed=after.designed,
                designed_minutes=after.designed_minutes,
                minutes_saved=round(now.designed_minutes - after.designed_minutes, 6),
                reaches_promise=after.designed >= after.promised,
            )
        )
    return sorted((c for c in tried if c.minutes_saved > 0), key=lambda c: (-c.minutes_saved, c.path))
