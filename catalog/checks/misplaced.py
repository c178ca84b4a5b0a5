"""Hosts that stand where they can't be: in the domain of another environment."""

from collections.abc import Iterator, Mapping
from typing import Any

from catalog.document import Json
from catalog.domains import nearest_above
from catalog.problem import Wrong
from catalog.yaml.parsed import Pointer


def misplaced_service(written: Json, environment: str, known: Mapping[str, Any]) -> Iterator[Wrong]:
    """Why a schema-valid, merged service can't be where it says. `known` are the environments by name.

    None of its hosts may lie in the domain of another environment, whose zone would answer for it, and what
    it answers at is no former host."""
    edge: Json = written["spec"].get("edge", {})
    domains = {document.data["spec"]["dns"]["domain"]: other for other, document in known.items()}
    for host, at in hosts_written(edge):
        around = nearest_above(host, domains)
        owner = environment if around is None else domains[around]
        if owner != environment:
            what = f"`{host}` lies in the domain of {owner}, and this is {environment}."
            yield at, "catalog/host", what, f"Write a host in the domain of {environment}."
        if host == edge.get("host") and "formerHosts" in at:
            yield at, "catalog/host", f"`{host}` is the host that it has.", "Write only those that it had."


def hosts_written(edge: Json) -> Iterator[tuple[str, Pointer]]:
    """The hosts that the `edge` of a service says, and where."""
    if "host" in edge:
        yield edge["host"], ("spec", "edge", "host")
    for index, host in enumerate(edge.get("formerHosts", ())):
        yield host, ("spec", "edge", "formerHosts", index)
