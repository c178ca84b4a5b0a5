"""Whether a service that another depends on can be called, where that one runs."""

from collections.abc import Iterator, Mapping

from catalog.document import Document, Json
from catalog.nearest import did_you_mean
from catalog.overrides import merge_override
from catalog.place import Place, environment_of, places_in
from catalog.problem import Wrong
from catalog.yaml.parsed import Pointer


def impossible_calls(written: Json, place: Place, services: Mapping[str, Document]) -> Iterator[Wrong]:
    """The dependencies of a schema-valid, merged service on services that can't be called from its place.
    `services` are those of the catalog by name; that one is missing is said elsewhere, and by a rule that a
    service depends on itself."""
    for i, dependency in enumerate(written["spec"].get("dependencies", ())):
        at: Pointer = ("spec", "dependencies", i)
        name = dependency.get("service")
        if name is None:
            if "workload" in dependency:
                what = "`workload` says which workload of a `service` is called, and there is no `service`."
                yield (*at, "workload"), "catalog/call", what, "Remove it."
        elif name in services and name != written["metadata"]["name"]:
            yield from _from_here(written, dependency, at, services[name], environment_of(place))


def _from_here(
    written: Json, dependency: Json, at: Pointer, other: Document, environment: str
) -> Iterator[Wrong]:
    name, workload = other.name, dependency.get("workload")
    if environment not in {environment_of(each) for each in places_in(other.data)}:
        what = f"`{name}` does not run in {environment}, so there is nothing to call."
        fix = f"Have it run there too (`environments` of {other.path}), or override `dependencies` there."
        yield (*at, "service"), "catalog/call", what, fix
        return
    spec = merge_override(other.data, environment)[0]["spec"]
    answering = [each for each in spec["workloads"] if each.get("kind", "web") == "web"]
    names = [each["name"] for each in answering]
    if not names:
        what = f"`{name}` answers nobody: none of its workloads is a web server."
        fix = "Depend on what it writes to, such as a store or a queue; or leave it out."
        yield (*at, "service"), "catalog/call", what, fix
    elif workload is not None and workload not in names:
        what = f"`{name}` has no web workload `{workload}`."
        yield (*at, "workload"), "catalog/call", what, did_you_mean(workload, names)
    elif spec.get("edge", {}).get("exposure") == "internal" and _is_outside(written["spec"]):
        what = f"Only its cluster may call `{name}`, and this service runs on machines."
        fix = f"Move it to `runtime: kubernetes`, or give {other.path} another `edge.exposure`."
        yield (*at, "service"), "catalog/call", what, fix


def _is_outside(spec: Json) -> bool:
    return all(each.get("runtime", "kubernetes") == "vm" for each in spec["workloads"])
