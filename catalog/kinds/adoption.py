"""Adoptions: what of a service existed before pave made any of it, and is taken over as it is."""

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

import msgspec

from catalog.checks.absent import absent
from catalog.document import Document, Json
from catalog.kind import Documents, Fields, OfService, ServiceAsWritten
from catalog.place import Place, places_in
from catalog.problem import Wrong


class KeptValue(Fields, frozen=True):
    """A property in which a resource stays as it is. Its `value` is of JSON's types, and None where the
    resource has none."""

    path: str
    value: Any

    @property
    def steps(self) -> tuple[str, ...]:
        """What leads to it."""
        return tuple(self.path.split("."))


class AdoptedResource(Fields, frozen=True):
    """A resource that is taken over: `type` and `name` say which of the service's it is, `id` which one in
    the cloud, as its provider imports that type."""

    type: str
    name: str
    id: str
    keeps: list[KeptValue]


class AdoptedPlace(Fields, frozen=True):
    """What is taken over at one place, called `name`."""

    name: str
    resources: list[AdoptedResource]


class AdoptionSpec(Fields, frozen=True):
    """All that an adoption's file specifies."""

    environments: list[AdoptedPlace]


class Adoption(OfService):
    """What is taken over of a service. It is called like the service."""

    __slots__ = ()
    spec: AdoptionSpec
    Spec: ClassVar[type[msgspec.Struct] | None] = AdoptionSpec
    is_shown_to_rules: ClassVar[bool] = False  # they see the plan, which says what is kept
    counts_for_all: ClassVar[bool] = False

    @classmethod
    def wrong(cls, written: Json) -> Iterator[Wrong]:
        """A place, a resource or a property that is there twice: which one counts?"""
        places = written["spec"]["environments"]
        yield from _twice([(each["name"],) for each in places], ("spec", "environments"), "name")
        for index, place in enumerate(places):
            at: tuple[str | int, ...] = ("spec", "environments", index, "resources")
            resources = place["resources"]
            yield from _twice([(each["type"], each["name"]) for each in resources], at, "name")
            yield from _twice([(each["type"], each["id"]) for each in resources], at, "id")
            for number, resource in enumerate(resources):
                kept = [(each["path"],) for each in resource.get("keeps", ())]
                yield from _twice(kept, (*at, number, "keeps"), "path")

    @classmethod
    def dangling(cls, document: Document, catalog: Documents) -> Iterator[Wrong]:
        """A service, or a place of it, that isn't there."""
        service = catalog.documents["Service"].get(document.name)
        if service is None:
            fix = "Call it like the service whose resources these are, or delete the file."
            yield absent(catalog, "Service", document.name, ("metadata", "name"), fix)
            return
        there = list(places_in(service.data))
        for index, place in enumerate(document.data["spec"]["environments"]):
            if place["name"] not in there:
                what = f"`{service.name}` doesn't run in {place['name']}."
                at = ("spec", "environments", index, "name")
                yield at, "catalog/reference", what, f"It runs in {', '.join(there)}."

    @classmethod
    def depends(
        cls, service: ServiceAsWritten | None, place: Place, catalog: Documents
    ) -> Iterator[tuple[Document, Any]]:
        """What is taken over at that place."""
        for document, spec in super().depends(service, place, catalog):
            for each in spec["environments"]:
                if each["name"] == place:
                    yield document, each


def _twice(keys: Sequence[tuple[str, ...]], at: tuple[str | int, ...], field: str) -> Iterator[Wrong]:
    for index, key in enumerate(keys):
        if key in keys[:index]:
            what = f"`{key[-1]}` is there twice."
            yield (*at, index, field), "catalog/unique-name", what, "Leave one of the two."


def taken_over(catalog: Documents, service: str, place: Place) -> list[AdoptedResource]:
    """What a service takes over at a place; nothing for most."""
    adoption = catalog.find(Adoption, service)
    if adoption is None:
        return []
    return [each for there in adoption.spec.environments if there.name == place for each in there.resources]
