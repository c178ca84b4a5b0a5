"""Services: what an owner writes, and what that is at one place once overrides and defaults are filled in."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, ClassVar

import msgspec

from catalog import validation
from catalog.checks.absent import absent
from catalog.checks.addresses import impossible_addresses
from catalog.checks.calls import impossible_calls
from catalog.checks.capacity import impossible_machines
from catalog.checks.claims import claims_of_service
from catalog.checks.commands import unsplit_commands
from catalog.checks.countries import unknown_countries
from catalog.checks.doubled_names import doubled_names
from catalog.checks.exposure import unread_edge
from catalog.checks.fractions import fractions
from catalog.checks.grants import impossible_grants
from catalog.checks.guests import unfit_guests
from catalog.checks.instances import unfit_instance
from catalog.checks.limit_keys import unfit_limit_keys
from catalog.checks.links import broken_links
from catalog.checks.misplaced import misplaced_service
from catalog.checks.ranges import impossible_sources
from catalog.checks.references import dangling
from catalog.checks.reserved_names import reserved_names
from catalog.checks.running import contradictions
from catalog.checks.schedules import impossible_schedules
from catalog.checks.stores import wrong_stores
from catalog.checks.strangers import named_by_nobody
from catalog.checks.topics import missing_topics
from catalog.checks.variables import clashing_variables
from catalog.defaults import filled
from catalog.document import Document, Json, source_pointer
from catalog.kind import SPEC, Claim, Documents, Effective, ServiceAsWritten
from catalog.kinds.environment import Environment
from catalog.kinds.service_defaults import with_computed
from catalog.kinds.service_dependencies import dependents, neighbours
from catalog.kinds.service_spec import Metadata, ServiceSpec
from catalog.kinds.zone import Zone
from catalog.migration.under_way import MovingDocument
from catalog.overrides import merge_override
from catalog.place import Place, environment_of, full_name, instance_of, places_in, said_of
from catalog.problem import BROKEN_NEIGHBOUR, Problem, Wrong, problem_at
from catalog.yaml.parsed import Pointer


class Service(Effective):
    """A service at one place, with the overrides for it merged in and every default filled in.

    `metadata` and `spec` are typed; `environment` is where it runs, and `zone` its zone's file, None where
    there is none that can be used."""

    __slots__ = ("environment", "metadata", "place", "zone")
    spec: ServiceSpec
    Spec: ClassVar[type[msgspec.Struct] | None] = ServiceSpec
    is_shown_to_rules: ClassVar[bool] = False  # as `input.spec.service`, and to each other in `services`
    counts_for_all: ClassVar[bool] = False

    def __init__(
        self,
        document: Document,
        data: Json,
        sources: Mapping[Pointer, Pointer],
        environment: Environment,
        place: Place,
        zone: Zone | None,
    ) -> None:
        super().__init__(document, data, sources)
        self.environment = environment
        self.place = place
        self.zone = zone
        self.metadata = msgspec.convert(data["metadata"], Metadata)

    @property
    def full_name(self) -> str:
        """What it is called among all that is in its environment; `name` is that of its file."""
        return full_name(self.name, self.place)

    @classmethod
    def wrong(cls, written: Json) -> Iterable[Wrong]:
        """Names that stand twice, and client ranges that are none. All else is asked at each place, with what
        differs there."""
        return [*doubled_names(written)] or impossible_sources(written)

    @classmethod
    def claims(cls, document: Document, catalog: Documents) -> Iterable[Claim]:
        """The hosts that it answers at, and the names of its resources, at each of its places."""
        environments = catalog.documents["Environment"]
        domains = {name: each.data["spec"]["dns"]["domain"] for name, each in environments.items()}
        return claims_of_service(document.data, domains)

    @classmethod
    def places(cls, document: Document) -> Iterable[Place]:
        """Each environment that it runs in, and each instance there."""
        return places_in(document.data)

    @classmethod
    def judged(cls, document: Document, place: Place, catalog: Documents) -> Effective | list[Problem]:
        """The effective service there."""
        return service_at(catalog, document.name, place)

    @classmethod
    def written_at(cls, document: Document, place: Place, catalog: Documents) -> ServiceAsWritten | None:
        """The service's file as it holds there, before anything is filled in or resolved."""
        merged, _ = merge_override(document.data, place)
        environment = catalog.find(Environment, environment_of(place))
        return ServiceAsWritten(document, place, merged, None if environment is None else environment.data)

    @classmethod
    def depends(
        cls, service: ServiceAsWritten | None, place: Place, catalog: Documents
    ) -> Iterator[tuple[Document, Any]]:
        """Its own file, the services that it calls or hears, and those that name it. Of a foundation, what
        those that run on it ask of all that they share."""
        if service is None:
            yield from _asked_together(place, catalog)
            return
        spec = {name: value for name, value in service.data["spec"].items() if name != "environments"}
        links = broken_links(
            service.data, catalog.root / service.document.path, catalog.root.parent, catalog.looked_for
        )
        wrong = _said_by_neighbours(catalog, service.data, place)
        yield service.document, ({**service.data, "spec": spec}, list(links), list(wrong))
        known = catalog.documents["Service"]
        for each in neighbours(catalog, service.document, place):
            yield (service.document if each.name == service.document.name else known[each.name]), each
        for name in dependents(catalog, service.document.name):
            yield known[name], "depends on it"


SHARED = ("tier", "stage", "workloads", "endpoints", "edge")
"""The fields of a service by which it may take from others of its environment."""

UNSHARED = ("image", "imageOwner", "command", "args", "environment", "schedule")
"""What changes with every version of a workload, and is nobody else's share."""


def _asked_together(environment: str, catalog: Documents) -> Iterator[tuple[Document, Any]]:
    for document in catalog.documents["Service"].values():
        for place in places_in(document.data):
            if environment_of(place) == environment:
                spec = merge_override(document.data, place)[0]["spec"]
                asked = {name: spec.get(name) for name in SHARED}
                asked["workloads"] = [
                    {name: value for name, value in each.items() if name not in UNSHARED}
                    for each in spec["workloads"]
                ]
                # Beside each copy with a database stands a proxy, which takes its part too.
                stores = [(each.get("kind"), each.get("runtime")) for each in spec.get("stores", ())]
                # What can't be used, be it for what another says, asks for nothing.
                is_usable = isinstance(service_at(catalog, document.name, place), Service)
                yield document, (place, asked, stores, is_usable)


def services_in(catalog: Documents, environment: str) -> list[Service]:
    """All services in an environment, each instance by itself; those that can't be used are left out."""
    found = (
        service_at(catalog, name, place)
        for name, document in sorted(catalog.documents["Service"].items())
        for place in places_in(document.data)
        if environment_of(place) == environment
    )
    return [service for service in found if isinstance(service, Service)]


def service_at(catalog: Documents, name: str, place: Place) -> Service | list[Problem]:
    """The effective service of that name at a place, or why there is none. Raises KeyError when the catalog
    has no usable service of that name."""
    document = catalog.documents["Service"][name]
    return catalog.remembered((service_at, name, place), lambda: effective(catalog, document, place))


def effective(catalog: Documents, document: Document, place: Place) -> Service | list[Problem]:
    """What `service_at` gives, of a document that need not be the catalog's own. While it moves there, and
    the way can't be read, it can't be used: it would be taken for what it is to be at the end."""
    if lost := _lost(catalog, document, place):
        return lost
    where = catalog.find(Environment, environment_of(place))
    merged, sources = merge_override(document.data, place)
    at: Pointer = next(((*said, "name") for _, said in said_of(document.data, place)), ("spec",))
    if where is None:
        return [problem_at(document, *absent(catalog, "Environment", environment_of(place), at))]
    if sources and not validation.is_valid("Service", merged):
        if strangers := list(named_by_nobody(merged, sources, document.data, place)):
            return [problem_at(document, *wrong) for wrong in strangers]
        found = validation.problems("Service", merged, document.path, document.parsed)
        what = f"With the override for {place}: {found[0].message}"
        return [problem_at(document, at, "catalog/override", what, found[0].fix)]
    wrong = [
        problem_at(document, source_pointer(sources, pointer), rule, what, fix)
        for pointer, rule, what, fix in _said_against(catalog, document, merged, where, place)
    ]
    if wrong:
        return sorted(set(wrong))
    data = with_computed(merged, where.data, place)
    data["spec"] = filled("Service", SPEC, data["spec"])
    data["spec"].pop("environments")
    data["metadata"] = filled("Service", "#/properties/metadata", data["metadata"])
    return Service(document, data, sources, where, place, catalog.find(Zone, where.name))


def _lost(catalog: Documents, document: Document, place: Place) -> list[Problem]:
    """Why nobody knows how far a service has moved."""
    if isinstance(document, MovingDocument):
        return document.problems if document.place == place else []
    broken = catalog.broken("Migration", document.name)
    if broken is None:
        return []
    what = f"The migration of `{document.name}` can't be read, so that nobody knows how far it is."
    at: Pointer = ("metadata", "name")
    return [problem_at(document, at, BROKEN_NEIGHBOUR, what, f"Mend {broken} first.")]


def _said_against(
    catalog: Documents, document: Document, merged: Json, where: Environment, place: Place
) -> Iterable[Wrong]:
    """What no schema can say is wrong with a schema-valid, merged service at a place."""
    return chain(
        dangling(merged, where.data, catalog),
        misplaced_service(merged, where.name, catalog.documents["Environment"]),
        unfit_instance(document.data, merged, place),
        reserved_names(merged, place),
        impossible_sources(merged),
        contradictions(merged),
        unsplit_commands(merged),
        fractions(merged),
        unread_edge(merged),
        unfit_limit_keys(merged),
        unknown_countries(merged),
        _said_by_neighbours(catalog, merged, place),
        impossible_addresses(merged, where.data),
        impossible_schedules(merged),
        impossible_machines(merged),
        wrong_stores(merged),
        impossible_grants(merged),
        clashing_variables(merged),
        broken_links(merged, catalog.root / document.path, catalog.root.parent, catalog.looked_for),
    )


def _said_by_neighbours(catalog: Documents, merged: Json, place: Place) -> Iterator[Wrong]:
    """What is wrong with a service for what others say of themselves, be it where they run."""
    services = catalog.documents["Service"]
    yield from impossible_calls(merged, place, services)
    yield from missing_topics(merged, environment_of(place), services)
    where = catalog.documents["Environment"].get(environment_of(place))
    domain = None if where is None else where.data["spec"]["dns"]["domain"]
    yield from unfit_guests(merged, place, services, domain)


def known_places(catalog: Documents) -> list[Place]:
    """Every environment, and every place in one where a service has an instance; sorted."""
    services = catalog.documents["Service"].values()
    run_in = (place for document in services for place in places_in(document.data))
    return sorted({*catalog.documents["Environment"], *(p for p in run_in if instance_of(p) is not None)})


def places_of(catalog: Documents, name: str) -> list[Place]:
    """Where the service of that name says that it runs, in its own order."""
    return list(places_in(catalog.documents["Service"][name].data))
