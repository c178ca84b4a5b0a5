"""What a service refers to, and who refers to it: all of the catalog that its verdict may depend on."""

from collections.abc import MutableMapping
from typing import Any

import msgspec

from catalog.defaults import TARGET, merge_override
from catalog.document import Document
from catalog.loader import Catalog
from catalog.model import Fields, Service, TeamSpec, VendorSpec
from catalog.place import Place, environment_of


class NamedTeam(TeamSpec, frozen=True, kw_only=True):
    """A team with its name."""

    name: str


class NamedVendor(VendorSpec, frozen=True, kw_only=True):
    """A vendor with its name."""

    name: str


class Neighbour(Fields, frozen=True):
    """Another service (or this one) as its own file describes it. `target` is a percentage."""

    name: str
    owner: str
    tier: str
    target: float
    needs: list[str]
    uses: list[str]


class Neighbourhood(Fields, frozen=True):
    """`services` holds this service and everything it reaches over dependencies, by name; `needs` of each
    are its hard dependencies, `uses` all. `dependents` are the services that name this one."""

    teams: list[NamedTeam]
    vendors: list[NamedVendor]
    services: list[Neighbour]
    dependents: list[str]

    def vendor(self, name: str) -> NamedVendor:
        """The vendor of that name, which the service names."""
        return next(vendor for vendor in self.vendors if vendor.name == name)

    def service(self, name: str) -> Neighbour:
        """The service of that name, which the service reaches."""
        return next(service for service in self.services if service.name == name)


def neighbourhood(catalog: Catalog, service: Service) -> Neighbourhood:
    """The part of the catalog around a service. Everything it names exists: the loader has seen to it."""
    name = service.name
    teams = sorted({service.metadata.owner, service.environment.spec.owner, *_exception_owners(service)})
    vendors = sorted({d.vendor for d in service.spec.dependencies if d.vendor is not None})
    return Neighbourhood(
        teams=[
            NamedTeam(name=n, **_fields(team.spec)) for n in teams if (team := catalog.team(n)) is not None
        ],
        vendors=[
            NamedVendor(name=n, **_fields(vendor.spec))
            for n in vendors
            if (vendor := catalog.vendor(n)) is not None
        ],
        services=reached(catalog, service.document, service.place),
        dependents=catalog.dependents(name),
    )


def reached(
    catalog: Catalog,
    document: Document,
    place: Place,
    known: MutableMapping[tuple[Document, Place], Neighbour] | None = None,
) -> list[Neighbour]:
    """A service and every one that it reaches over dependencies at a place, by name: itself as it is there,
    the others as they are in the environment. `known` takes up what has been found out of each, for the next
    question."""
    known = {} if known is None else known
    found: dict[str, Neighbour] = {}
    waiting = [document.name]
    while waiting:
        at = waiting.pop()
        one = document if at == document.name else catalog.documents["Service"].get(at)
        if at not in found and one is not None:
            here = place if one is document else environment_of(place)
            if (one, here) not in known:
                known[one, here] = _neighbour(one, here)
            found[at] = known[one, here]
            waiting += found[at].uses
    return [found[name] for name in sorted(found)]


def _neighbour(document: Document, place: Place) -> Neighbour:
    data, _ = merge_override(document.data, place)
    spec = data["spec"]
    others = [d for d in spec.get("dependencies", ()) if "service" in d]
    return Neighbour(
        name=document.name,
        owner=data["metadata"]["owner"],
        tier=spec["tier"],
        target=spec.get("availability", {}).get("target", TARGET[spec["tier"]]),
        needs=sorted({d["service"] for d in others if d.get("need", "hard") == "hard"}),
        uses=sorted({d["service"] for d in others}),
    )


def _exception_owners(service: Service) -> set[str]:
    return {e.owner for e in service.spec.edge.waf.exceptions if e.owner is not None}


def _fields(spec: msgspec.Struct) -> dict[str, Any]:
    return {field: getattr(spec, field) for field in spec.__struct_fields__}
