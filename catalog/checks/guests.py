"""Services that answer at one host: one has the front door, and the others are behind it, each for paths of
its own. Both say so, so that nobody gets onto another's host, or off it, by a file of one of them alone."""

from collections.abc import Generator, Iterator, Mapping

from catalog.checks.claims import host_of
from catalog.document import Document, Json
from catalog.nearest import did_you_mean
from catalog.overrides import merge_override
from catalog.place import Place, environment_of, instance_of, places_in
from catalog.problem import Wrong
from catalog.yaml.parsed import Pointer

RULE = "catalog/guest"

NOT_A_GUESTS = ("formerHosts", "guests", "moving", "tls")
"""What belongs to the front door."""

EDGE: Pointer = ("spec", "edge")


def unfit_guests(
    written: Json, place: Place, services: Mapping[str, Document], domain: str | None
) -> Iterator[Wrong]:
    """What is wrong with a schema-valid, merged service at a place, as a guest or as the one that has guests.
    `services` are those of the catalog by name, `domain` is its environment's."""
    edge = written["spec"].get("edge", {})
    if "behind" in edge:
        yield from _as_guest(written, place, services, domain)
    elif instance_of(place) is None:  # the guests are those of the service itself
        yield from _with_guests(written, place, services)


def _as_guest(
    written: Json, place: Place, services: Mapping[str, Document], domain: str | None
) -> Iterator[Wrong]:
    spec, name = written["spec"], written["metadata"]["name"]
    edge, at = spec["edge"], (*EDGE, "behind")
    if instance_of(place) is not None:
        what = f"An instance answers at a host of its own, and `{name}` is behind `{edge['behind']}`."
        yield at, RULE, what, "Leave the instance out, or have the service answer at a host of its own."
        return
    merged = yield from _there(edge["behind"], name, place, services, at)
    if merged is None:
        return
    theirs = merged["spec"]
    other = theirs.get("edge", {})
    if name not in other.get("guests", ()):
        what = f"`{edge['behind']}` doesn't name `{name}` among the guests at its host."
        fix = f"Its owner adds it to `spec.edge.guests` of {services[edge['behind']].path}."
        yield at, RULE, what, fix
    host = host_of(merged, edge["behind"], domain)
    for field, ours, wanted in (
        ("host", edge.get("host", "none"), host or "none, as nobody gets in there"),
        ("proxy", edge.get("proxy", "none"), other.get("proxy", "none")),
    ):
        if ours != wanted:
            what = f"`{field}` of a guest is that of whom it is behind: {wanted}, and not {ours}."
            stands = (*EDGE, field) if field in edge else at
            yield stands, RULE, what, f"Write `{field}: {wanted}`, or have `{edge['behind']}` change its own."
    for field in NOT_A_GUESTS:
        if field in edge:
            what = f"`{field}` belongs to the front door, which is that of `{edge['behind']}`."
            yield (*EDGE, field), RULE, what, "Remove it here."
    if not spec.get("endpoints"):
        what = "A guest answers for paths of its own, and no endpoint says any."
        yield at, RULE, what, "Add `endpoints:`, each with its `paths`."
    if _has_machines(spec) or _has_machines(theirs):
        what = "Behind a front door there are backends on Kubernetes, and one of both runs on machines."
        yield at, RULE, what, "Move both to `runtime: kubernetes` first."


def _with_guests(written: Json, place: Place, services: Mapping[str, Document]) -> Iterator[Wrong]:
    spec, name = written["spec"], written["metadata"]["name"]
    whose = {path: f"the endpoint `{e['name']}`" for e in spec.get("endpoints", ()) for path in e["paths"]}
    for index, guest in enumerate(spec.get("edge", {}).get("guests", ())):
        at: Pointer = (*EDGE, "guests", index)
        merged = yield from _there(guest, name, place, services, at)
        if merged is None:
            continue
        theirs = merged["spec"]
        if theirs.get("edge", {}).get("behind") != name:
            what = f"`{guest}` doesn't say that it is behind `{name}`, so no path leads to it."
            yield at, RULE, what, f"Its owner writes `behind: {name}` in {services[guest].path}."
        for endpoint in theirs.get("endpoints", ()):
            for path in endpoint["paths"]:
                if path in whose:
                    what = f"`{path}` belongs to {whose[path]} and to `{endpoint['name']}` of `{guest}`,"
                    what += f" at `spec.endpoints[{endpoint['name']}].paths` of {services[guest].path}."
                    yield at, "catalog/unique-path", what, "Give each path to one endpoint of one service."
                whose.setdefault(path, f"`{endpoint['name']}` of `{guest}`")


def _there(
    name: str, own: str, place: Place, services: Mapping[str, Document], at: Pointer
) -> Generator[Wrong, None, Json | None]:
    """Another service as it is in the environment; None, and what is wrong, where there is none."""
    if name == own:
        yield at, RULE, f"`{name}` is this service itself.", "Name another one, or remove it."
    elif name not in services:
        what = f"There is no service `{name}` in the catalog."
        yield at, "catalog/reference", what, did_you_mean(name, list(services))
    elif environment_of(place) not in places_in(services[name].data):
        what = f"`{name}` doesn't run in {environment_of(place)}, so that they share no host there."
        yield at, RULE, what, f"Let it run there too, or override `edge` in {environment_of(place)}."
    else:
        return merge_override(services[name].data, environment_of(place))[0]
    return None


def _has_machines(spec: Json) -> bool:
    return any(each.get("runtime") == "vm" for each in spec["workloads"])
