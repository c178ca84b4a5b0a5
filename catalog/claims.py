"""What only one document of a catalog can have: a host, a project, a domain, the name of a resource.

Two that claim one thing are each told of the other; which of them is right, no file can say. A check of the
catalog finds it. The gate of a stack does not ask: who claims your host must not stop your hotfix.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from catalog.document import Document, Json
from catalog.references import Wrong
from catalog.text import Pointer


class Claim(NamedTuple):
    """A thing, by its kind and its name, and where its claimant says that it has it."""

    rule: str
    thing: str
    name: str
    place: Pointer


Held = tuple[str, str, str]


def contested(documents: Mapping[str, Mapping[str, Document]]) -> Iterator[tuple[Document, Wrong]]:
    """Everything that two documents claim, once for each of them. `documents` are by kind and name."""
    domains = {
        name: document.data["spec"]["dns"]["domain"] for name, document in documents["Environment"].items()
    }
    claims: dict[Held, list[tuple[Document, Claim]]] = {}
    for kind in ("Environment", "Service"):
        for document in documents[kind].values():
            found = (
                _of_environment(document.data)
                if kind == "Environment"
                else _of_service(document.data, domains)
            )
            for claim in found:
                claims.setdefault(claim[:3], []).append((document, claim))
    for holders in claims.values():
        for document, claim in holders:
            others = {other.name for other, _ in holders if other is not document}
            if others:
                what = f"{claim.thing} `{claim.name}` is also claimed by {', '.join(sorted(others))}."
                yield document, (claim.place, claim.rule, what, "Only one of them can have it.")


def _of_environment(written: Json) -> Iterator[Claim]:
    spec = written["spec"]
    yield Claim("catalog/unique-project", "The project", spec["project"], ("spec", "project"))
    yield Claim("catalog/unique-domain", "The domain", spec["dns"]["domain"], ("spec", "dns", "domain"))


def _of_service(written: Json, domains: Mapping[str, str]) -> Iterator[Claim]:
    spec = written["spec"]
    entries = spec.get("environments") or [{"name": "production"}]
    for index, entry in enumerate(entries):
        override = entry.get("override", {}).get("edge", {})
        edge = {**spec.get("edge", {}), **override}
        place: Pointer = ("spec", "edge", "host")
        if "host" in override:
            place = ("spec", "environments", index, "override", "edge", "host")
        yield from _of_edge(written, edge, place, domains.get(entry["name"]))
        for thing, name, at in _resources(written):
            yield Claim("catalog/unique-resource", f"In {entry['name']}, {thing}", name, at)


def _of_edge(written: Json, edge: Json, place: Pointer, domain: str | None) -> Iterator[Claim]:
    host = edge.get("host")
    if host is None:
        answers = any(workload.get("kind", "web") == "web" for workload in written["spec"]["workloads"])
        if domain is None or not answers or written["spec"].get("endpoints") == []:
            return
        host, place = f"{written['metadata']['name']}.{domain}", ("metadata", "name")
    yield Claim("catalog/unique-host", "The host", host, place)
    if edge.get("proxy", "none") != "none":  # what the proxy asks for
        yield Claim("catalog/unique-host", "The host", f"origin.{host}", place)


def _resources(written: Json) -> Iterator[tuple[str, str, Pointer]]:
    """Names of a service's resources in its project: its own, a hyphen, and the part's."""
    service, spec = written["metadata"]["name"], written["spec"]
    yield "the front door", service, ("metadata", "name")
    yield "the front door", f"{service}-redirect", ("metadata", "name")
    for listed, thing in (("workloads", "a workload"), ("stores", "a store"), ("endpoints", "a journey")):
        for index, part in enumerate(spec.get(listed, ())):
            yield thing, f"{service}-{part['name']}", ("spec", listed, index, "name")
    for name, at in _secrets(spec).items():
        yield "a secret", f"{service}-{name}", at


def _secrets(spec: Any) -> dict[str, Pointer]:
    found: dict[str, Pointer] = {}
    for i, workload in enumerate(spec["workloads"]):
        for j, variable in enumerate(workload.get("environment", ())):
            if "secret" in variable:
                found.setdefault(variable["secret"], ("spec", "workloads", i, "environment", j, "secret"))
    for i, store in enumerate(spec.get("stores", ())):
        if store["kind"] == "redis":
            found.setdefault(f"{store['name']}-auth", ("spec", "stores", i, "name"))
    return found
