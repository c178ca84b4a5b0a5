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
from components.design.model import AvailabilityDesign
from components.design.service import designed


class Improvement(msgspec.Struct, frozen=True, rename="camel"):
    """A change on top of those before it in a list, and what they give together, in percent and minutes a
    window. `minutes_saved` is what this one adds."""

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


def improvements(catalog: Catalog, service: Service) -> list[Improvement]:
    """What would save minutes, each step on top of the ones before it. They stand in the order of what each
    would save alone, the most first; what saves nothing more once those are done is left out."""
    now = designed(catalog, service).availability
    written = service.document.data
    alone = []
    for pointer, value in single_changes(service, written):
        source = service.source(pointer)
        after = _after(catalog, service, edited(service.document, source, value))
        if after is not None and after.designed_minutes < now.designed_minutes:
            alone.append((after.designed_minutes, readable(source, written), source, value))
    found, document, before = [], service.document, now
    for _, path, source, value in sorted(alone, key=lambda each: each[:2]):
        changed = edited(document, source, value)
        after = _after(catalog, service, changed)
        if after is None or after.designed_minutes >= before.designed_minutes:
            continue
        saved = round(before.designed_minutes - after.designed_minutes, 6)
        reached = after.designed >= after.promised
        found.append(Improvement(path, value, after.designed, after.designed_minutes, saved, reached))
        document, before = changed, after
    return found


def _after(catalog: Catalog, service: Service, document: Document) -> AvailabilityDesign | None:
    try:
        return designed(catalog, _effective(catalog, document, service.place)).availability
    except NotAssumable:
        return None
