"""Which services need which, as their own files say: no defaults are filled in and nothing has to be
resolved."""

from collections.abc import Iterator

import msgspec

from catalog.checks.claims import host_of
from catalog.circles import circles
from catalog.document import Document, Json
from catalog.kind import Documents, Fields
from catalog.kinds.service_defaults import PORT, TARGET
from catalog.overrides import merge_override
from catalog.place import Place, environment_of, full_name


class Listener(Fields, frozen=True):
    """A web workload of a service on Kubernetes: what other services may call there, without leaving the
    cluster. `called` is the service's full name, which its namespace has."""

    called: str
    workload: str
    port: int
    protocol: str


class Neighbour(Fields, frozen=True):
    """A service as its own file describes it to another, which calls it, hears it or shares a host with it.
    `target` is the percentage that it promises; `host` is where it answers the internet, None when nothing of
    it does, and `listeners` where it answers the cluster; of its `journeys`, by name, the paths; it publishes
    to `topics`, each with its generation. Where they `need_each_other`, each of the two is down without the
    other, be it through third ones."""

    name: str
    owner: str
    tier: str
    target: float
    host: str | None
    listeners: list[Listener]
    journeys: dict[str, list[str]]
    topics: dict[str, int]
    need_each_other: bool


def neighbours(catalog: Documents, document: Document, place: Place) -> list[Neighbour]:
    """A service and every one that it calls, hears or shares a host with at a place, by name: itself as it is
    there, the others as they are in the environment. `document` need not be the catalog's own."""
    services = catalog.documents["Service"]
    spec = merge_override(document.data, place)[0]["spec"]
    needed = set(_needed(spec)) - {document.name}
    found = [_neighbour(catalog, document, place)]
    for name in {*_called(spec), *_heard(spec), *_at_one_host(spec)} - {document.name}:
        if name in services:
            other = _neighbour(catalog, services[name], environment_of(place))
            if name in needed and _needs(catalog, name, document.name, environment_of(place)):
                other = msgspec.structs.replace(other, need_each_other=True)
            found.append(other)
    return sorted(found, key=lambda one: one.name)


def _needs(catalog: Documents, name: str, other: str, environment: str) -> bool:
    """Whether a service needs another one in an environment, be it through third ones."""

    def found() -> tuple[dict[str, list[str]], dict[str, int]]:
        documents = catalog.documents["Service"].items()
        needed = {
            each: sorted(set(_needed(merge_override(document.data, environment)[0]["spec"])))
            for each, document in documents
        }
        return needed, circles(needed)

    needed, circle = catalog.remembered((_needs, environment), found)
    if name in needed.get(other, ()):  # so the one needs the other if they are in one circle
        return circle[name] == circle[other]
    seen, waiting = {name}, [name]  # only an instance, or a draft, needs it
    while waiting:
        new = set(needed.get(waiting.pop(), ())) - seen
        seen |= new
        waiting += new
    return other in seen


def dependents(catalog: Documents, name: str) -> list[str]:
    """The names of the services that depend on this one anywhere, sorted."""

    def found() -> dict[str, list[str]]:
        users: dict[str, set[str]] = {}
        for user, document in catalog.documents["Service"].items():
            for each in _specs(document.data["spec"]):
                for service in _called(each):
                    users.setdefault(service, set()).add(user)
        return {service: sorted(names) for service, names in users.items()}

    return catalog.remembered(dependents, found).get(name, [])


def _specs(spec: Json) -> Iterator[Json]:
    """The spec of a service, and what is different in it in single environments and instances."""
    yield spec
    for entry in spec.get("environments", ()):
        for differing in (entry, *entry.get("instances", ())):
            yield differing.get("override", {})


def _needed(spec: Json) -> Iterator[str]:
    """Services without which it is down."""
    for each in spec.get("dependencies", ()):
        if "service" in each and each.get("need", "hard") == "hard":
            yield each["service"]


def _called(spec: Json) -> Iterator[str]:
    yield from (each["service"] for each in spec.get("dependencies", ()) if "service" in each)


def _heard(spec: Json) -> Iterator[str]:
    """Services to whose topics queues subscribe."""
    for store in spec.get("stores", ()):
        if "service" in store.get("from", {}):
            yield store["from"]["service"]


def _at_one_host(spec: Json) -> Iterator[str]:
    """Services that answer at the same host."""
    edge = spec.get("edge", {})
    yield from edge.get("guests", ())
    if "behind" in edge:
        yield edge["behind"]


def _neighbour(catalog: Documents, document: Document, place: Place) -> Neighbour:
    environment = catalog.documents["Environment"].get(environment_of(place))
    domain = None if environment is None else environment.data["spec"]["dns"]["domain"]
    return catalog.remembered((Neighbour, document, place), lambda: _described(document, place, domain))


def listeners(spec: Json, called: str) -> Iterator[Listener]:
    """Where a service of that full name answers others in its cluster, in its own order. `spec` is
    schema-valid and merged, its defaults not filled in."""
    for workload in spec["workloads"]:
        kind, runtime = workload.get("kind", "web"), workload.get("runtime", "kubernetes")
        if (kind, runtime) == ("web", "kubernetes"):
            port, protocol = workload.get("port", PORT), workload.get("protocol", "http")
            yield Listener(called=called, workload=workload["name"], port=port, protocol=protocol)


def _described(document: Document, place: Place, domain: str | None) -> Neighbour:
    data, _ = merge_override(document.data, place)
    spec = data["spec"]
    return Neighbour(
        name=document.name,
        owner=data["metadata"]["owner"],
        tier=spec["tier"],
        target=spec.get("availability", {}).get("target", TARGET[spec["tier"]]),
        host=host_of(data, full_name(document.name, place), domain),
        listeners=list(listeners(spec, full_name(document.name, place))),
        journeys={each["name"]: each["paths"] for each in spec.get("endpoints", ())},
        topics={
            store["name"]: store.get("generation", 1)
            for store in spec.get("stores", ())
            if store.get("kind") == "topic"
        },
        need_each_other=False,
    )
