"""Finds the services of a catalog that are at a host."""

from collections.abc import Iterator

from catalog.checks.claims import host_of
from catalog.checks.misplaced import hosts_written
from catalog.loader import Catalog
from catalog.nearest import did_you_mean
from catalog.overrides import merge_override
from catalog.place import Place, environment_of, full_name, places_in
from components.design.edge.host import Fragment, HostEdge, host_edge
from components.design.service import designed
from pave.refused import Refused
from pave.workspace import Workspace, require_place


def edge_at(work: Workspace, asked: str, place: Place | None) -> HostEdge:
    """What stands at a host, or at that of a service, which is asked for by its name or its file. Without a
    place, where it is first.

    Raises Refused where there is no such host, or the internet has no way in."""
    catalog = work.catalog
    if place is not None:
        require_place(catalog, place)
    standing = list(_standing(catalog))
    wanted = asked.lower().rstrip(".")
    found = [each for each in standing if wanted in each.hosts]
    if not found:
        found = [_of_service(work, asked, place, standing)]
    here = [each for each in found if place in {None, each.place, environment_of(each.place)}]
    if not here:
        where = ", ".join(sorted({each.place for each in found}))
        raise Refused(f"{asked} is not in {place}; it is in {where}.")
    first = here[0]
    beside = [
        each
        for each in standing
        if each.hosts[0] == first.hosts[0] and environment_of(each.place) == environment_of(first.place)
    ]
    fragments = []
    for each in beside:
        service = work.service(each.service, each.place)
        fragments.append(Fragment(service, designed(catalog, service)))
    return host_edge(fragments)


def guarded_edge_at(work: Workspace, asked: str, place: Place | None) -> HostEdge:
    """As `edge_at`, of a host that has rules. Raises Refused where nothing stands in front: no rule would be
    no finding, and sound like a pass."""
    edge = edge_at(work, asked, place)
    if not edge.policies:
        raise Refused(
            f"Nothing stands in front of {edge.host} in {edge.environment}: there is no rule to ask."
        )
    return edge


class _Standing:
    """A service at a place, and the hosts at which it answers: its own first."""

    def __init__(self, service: str, place: Place, hosts: list[str]) -> None:
        self.service = service
        self.place = place
        self.hosts = hosts


def _standing(catalog: Catalog) -> Iterator[_Standing]:
    domains = {
        name: environment.data["spec"]["dns"]["domain"]
        for name, environment in catalog.documents["Environment"].items()
    }
    for name, document in sorted(catalog.documents["Service"].items()):
        for place in places_in(document.data):
            merged, _ = merge_override(document.data, place)
            host = host_of(merged, full_name(name, place), domains.get(environment_of(place)))
            if host is not None:
                former = [
                    each for each, at in hosts_written(merged["spec"].get("edge", {})) if at[-1] != "host"
                ]
                yield _Standing(name, place, [host, *former])


def _of_service(work: Workspace, asked: str, place: Place | None, standing: list[_Standing]) -> _Standing:
    catalog = work.catalog
    if "." in asked and "/" not in asked and not asked.endswith((".yaml", ".yml")):
        hosts = sorted({host for each in standing for host in each.hosts})
        raise Refused(f"Nothing in {work.root} is at {asked}. {did_you_mean(asked, hosts, 'Hosts')}")
    service = work.service(asked, place)
    if service.name not in {each.service for each in standing}:
        standing[:] = list(_standing(catalog))  # its file is beside the catalog
    for each in standing:
        if each.service == service.name and each.place == service.place:
            return each
    raise Refused(f"The internet has no way in to {service.name} in {service.place}: it has no host there.")
