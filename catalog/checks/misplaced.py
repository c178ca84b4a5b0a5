"""Hosts that stand where they can't be: in the domain of another environment."""

from collections.abc import Iterator, Mapping
from typing import Any

from catalog.document import Json
from catalog.problem import Wrong
from catalog.yaml.parsed import Pointer


def misplaced_service(written: Json, environment: str, known: Mapping[str, Any]) -> Iterator[Wrong]:
    """Why a schema-valid, merged service can't be where it says. `known` are the environments by name.

    Its host must not lie in the domain of another environment, whose zone would answer for it."""
    host: str | None = written["spec"].get("edge", {}).get("host")
    if host is None:
        return
    domains = {document.data["spec"]["dns"]["domain"]: other for other, document in known.items()}
    around = [domain for domain in domains if host == domain or host.endswith(f".{domain}")]
    owner = domains[max(around, key=len)] if around else environment
    if owner != environment:
        what = f"`{host}` lies in the domain of {owner}, and this is {environment}."
        at: Pointer = ("spec", "edge", "host")
        yield at, "catalog/host", what, f"Write a host in the domain of {environment}."
