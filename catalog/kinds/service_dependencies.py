"""Which services need which, as their own files say: no defaults are filled in and nothing has to be
resolved."""

from collections.abc import Iterator

from catalog.checks.claims import host_of
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
    """A service as its own file describes it to others. `target` is the percentage that it promises; `host`
    is where it answers the internet, None when nothing of it does, and `listeners` where it answers the
    cluster; `needs` are the services without which it is down, `uses` all that it calls. It publishes to
    `topics`, each with its generation, and its queues subscribe to those of the services `heard`."""

    name: str
    owner: str
    tier: str
    target: float
    host: str | None
    listeners: list[Listener]
    needs: list[str]
    uses: list[str]
    topics: dict[str, int]
    heard: list[str]


def reached(catalog: Documents, document: Document, place: Place) -> list[Neighbour]:
    """A service and every one that it reaches over dependencies, or hears, at a place, by name: itself as it
    is there, the others as they are in the environment. `document` need not be the catalog's own."""
    services = catalog.documents["Service"]
    found: dict[str, Neighbour] = {}
    waiting = [document.name]
    while waiting:
        at = waiting.pop()
        one = document if at == document.name else services.get(at)
        if at not in found and one is not None:
            found[at] = _neighbour(catalog, one, place if one is document else environment_of(place))
            waiting += found[at].uses + found[at].heard
    return [found[name] for name in sorted(found)]


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


def _called(spec: Json) -> Iterator[str]:
    yield from (each["service"] for each in spec.get("dependencies", ()) if "service" in each)


def _heard(spec: Json) -> Iterator[str]:
    """Services to whose topics queues subscribe."""
    for store in spec.get("stores", ()):
        if "service" in store.get("from", {}):
            yield store["from"]["service"]


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
    others = [each for each in spec.get("dependencies", ()) if "service" in each]
    return Neighbour(
        name=document.name,
        owner=data["metadata"]["owner"],
        tier=spec["tier"],
        target=spec.get("availability", {}).get("target", TARGET[spec["tier"]]),
        host=host_of(data, full_name(document.name, place), domain),
        listeners=list(listeners(spec, full_name(document.name, place))),
        needs=sorted({each["service"] for each in others if each.get("need", "hard") == "hard"}),
        uses=sorted({*_called(spec)}),
        topics={
            store["name"]: store.get("generation", 1)
            for store in spec.get("stores", ())
            if store.get("kind") == "topic"
        },
        heard=sorted({*_heard(spec)}),
    )
