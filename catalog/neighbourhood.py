"""What a service refers to, and who refers to it: all of the catalog that its design and its verdict may
depend on beside its own file and its environment."""

import functools
from collections.abc import Mapping, Sequence
from types import GenericAlias
from typing import Any

import msgspec

from catalog.kind import Documents, Effective, Fields, K, ServiceAsWritten, kinds
from catalog.kinds.observability_unit import ObservabilityUnit
from catalog.kinds.service import Service
from catalog.kinds.service_dependencies import Neighbour, dependents, neighbours
from catalog.validation import kind_folders


class Neighbourhood:
    """The part of the catalog around one service.

    `services` holds the service itself and those that it calls or hears, by name; `dependents` are the names
    of those that depend on it, `unit` is what watches its environment, None where nothing does. The documents
    of other kinds that it refers to are found by their kind; of a kind that services don't name, that is all
    of them."""

    def __init__(
        self,
        documents: Mapping[type[Effective], Mapping[str, Effective]],
        services: Sequence[Neighbour],
        dependents: Sequence[str],
        unit: ObservabilityUnit | None,
    ) -> None:
        self._documents = documents
        self.services = list(services)
        self._services = {service.name: service for service in services}
        self.dependents = list(dependents)
        self.unit = unit

    def all(self, kind: type[K]) -> list[K]:
        """The documents of a kind, by name."""
        return [found for found in self._documents.get(kind, {}).values() if isinstance(found, kind)]

    def find(self, kind: type[K], name: str) -> K:
        """The document of that kind and name, which the service names. Raises KeyError when it doesn't."""
        found = self._documents[kind][name]
        assert isinstance(found, kind)
        return found

    def service(self, name: str) -> Neighbour:
        """The service of that name: itself, or one that it calls or hears."""
        return self._services[name]

    def shown(self) -> msgspec.Struct:
        """What rules see of it, as `input.spec.catalog`: a list for each kind, by its folder's name."""
        listed = {
            kind_folders()[kind.__name__]: [
                named_type(kind.__name__)(name=name, **_fields(one)) for name, one in found.items()
            ]
            for kind, found in self._documents.items()
        }
        return shown_type()(services=self.services, dependents=self.dependents, **listed)


def neighbourhood(catalog: Documents, service: Service) -> Neighbourhood:
    """The part of the catalog around a service. All that it names exists: else it would not be effective."""
    written = Service.written_at(service.document, service.place, catalog)
    return Neighbourhood(
        {kind: _named(catalog, kind, written) for kind in kinds().values() if kind.is_shown_to_rules},
        neighbours(catalog, service.document, service.place),
        dependents(catalog, service.name),
        catalog.find(ObservabilityUnit, service.environment.name),
    )


def _named(catalog: Documents, kind: type[K], service: ServiceAsWritten | None) -> dict[str, K]:
    names = sorted(set(kind.around(service, catalog)))
    return {name: found for name in names if (found := catalog.find(kind, name)) is not None}


@functools.cache
def shown_type() -> type[msgspec.Struct]:
    """The type of what rules see as `input.spec.catalog`: a field for each kind that is shown to them."""
    fields: list[tuple[str, Any]] = [
        (kind_folders()[name], GenericAlias(list, (named_type(name),)))
        for name, kind in kinds().items()
        if kind.is_shown_to_rules
    ]
    fields += [("services", list[Neighbour]), ("dependents", list[str])]
    return msgspec.defstruct("Neighbourhood", fields, bases=(Fields,), frozen=True, kw_only=True)


@functools.cache
def named_type(kind: str) -> type[msgspec.Struct]:
    """The type of what rules see of a document of that kind: the fields of its `spec`, and its name. What a
    kind without a typed `spec` says is all in `spec`."""
    typed = kinds()[kind].Spec
    fields: list[tuple[str, Any]] = [("name", str)]
    if typed is None:
        fields.append(("spec", dict[str, Any]))
    return msgspec.defstruct(f"Named{kind}", fields, bases=(typed or Fields,), frozen=True, kw_only=True)


def _fields(found: Effective) -> dict[str, Any]:
    if not isinstance(found.spec, msgspec.Struct):
        return {"spec": found.spec}
    return {field: getattr(found.spec, field) for field in found.spec.__struct_fields__}
