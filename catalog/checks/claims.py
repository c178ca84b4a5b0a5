"""What only one document of a catalog can have: a host, a project, a domain, the name of a resource.

Two that claim one thing are each told of the other; which of them is right, no file can say. A check of the
catalog finds it. The gate of a stack does not ask: who claims your host must not stop your hotfix.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from catalog import validation
from catalog.checks.instances import unfit_instance
from catalog.checks.misplaced import hosts_written
from catalog.document import Document, Json, source_pointer
from catalog.kind import Claim
from catalog.overrides import merge_override
from catalog.place import environment_of, full_name, instance_of, places_in, said_of
from catalog.problem import Wrong
from catalog.stores.registry import store_kinds
from catalog.yaml.parsed import Pointer

ClaimedThing = tuple[str, str, str]


def contested(claims: Iterable[tuple[Document, Claim]]) -> Iterator[tuple[Document, Wrong]]:
    """Everything that two claimants have, once for each of them."""
    by_thing: dict[ClaimedThing, list[tuple[Document, Claim]]] = {}
    for document, claim in claims:
        by_thing.setdefault(claim[:3], []).append((document, claim))
    for holders in by_thing.values():
        for document, claim in holders:
            others = {other.by for it, other in holders if it is not document or other.by != claim.by}
            if others:
                what = f"{claim.thing} `{claim.name}` is also claimed by {', '.join(sorted(others))}."
                yield document, (claim.place, claim.rule, what, "Only one of them can have it.")


def claims_of_service(written: Json, domains: Mapping[str, str]) -> Iterator[Claim]:
    """The hosts, and the names of resources, that a schema-valid service has at each of its places. `domains`
    are those of the environments, by name."""
    for place in places_in(written):
        merged, sources = merge_override(written, place)
        environment, instance = environment_of(place), instance_of(place)
        by = written["metadata"]["name"]
        called = full_name(by, place)
        named: Pointer = ("metadata", "name")
        if instance is not None:
            by = f"{by}'s instance {instance}"
            *_, (_, said) = said_of(written, place)
            named = (*said, "name")
        is_unfit = next(unfit_instance(written, merged, place), None) is not None
        if is_unfit or (sources and not validation.is_valid("Service", merged)):
            continue  # which is said where the service is read
        for host, at in _hosts(merged, called, named, domains.get(environment)):
            yield Claim("catalog/unique-host", "The host", host, source_pointer(sources, at), by)
        for thing, name, at in _resources(merged, called, named):
            what = f"In {environment}, {thing}"
            yield Claim("catalog/unique-resource", what, name, source_pointer(sources, at), by)


def host_of(merged: Json, called: str, domain: str | None) -> str | None:
    """The host that a schema-valid service answers at, before its defaults are filled in: what it says, or
    its name in the environment's `domain`. None when nothing of it answers, only its
    cluster may call it, or the domain isn't known."""
    spec = merged["spec"]
    if spec.get("edge", {}).get("exposure") == "internal":
        return None
    written: str | None = spec.get("edge", {}).get("host")
    if written is not None:
        return written
    answers = any(workload.get("kind", "web") == "web" for workload in spec["workloads"])
    return None if domain is None or not answers or spec.get("endpoints") == [] else f"{called}.{domain}"


def _hosts(merged: Json, called: str, named: Pointer, domain: str | None) -> Iterator[tuple[str, Pointer]]:
    host, edge = host_of(merged, called, domain), merged["spec"].get("edge", {})
    if host is None or "behind" in edge:  # then it is the other service's, as `catalog/checks/guests.py` sees
        return
    written = [*hosts_written(edge)]
    for each, at in written if "host" in edge else [(host, named), *written]:
        yield each, at
        if edge.get("proxy", "none") != "none":  # what the proxy asks for
            yield f"origin.{each}", at


def _resources(merged: Json, called: str, named: Pointer) -> Iterator[tuple[str, str, Pointer]]:
    """Names of a service's resources in its project: its own, a hyphen, and the part's. `named` is where it
    is called so."""
    spec = merged["spec"]
    yield "the front door", called, named
    yield "the front door", f"{called}-redirect", named
    for listed, thing in (("workloads", "a workload"), ("stores", "a store"), ("endpoints", "a journey")):
        for index, part in enumerate(spec.get(listed, ())):
            yield thing, f"{called}-{part['name']}", ("spec", listed, index, "name")
    for name, at in _secrets(spec).items():
        yield "a secret", f"{called}-{name}", at


def _secrets(spec: Any) -> dict[str, Pointer]:
    found: dict[str, Pointer] = {}
    for i, workload in enumerate(spec["workloads"]):
        for j, variable in enumerate(workload.get("environment", ())):
            if "secret" in variable:
                found.setdefault(variable["secret"], ("spec", "workloads", i, "environment", j, "secret"))
    for i, store in enumerate(spec.get("stores", ())):
        for name in store_kinds()[store["kind"]].secrets(store):
            found.setdefault(name, ("spec", "stores", i, "name"))
    return found
