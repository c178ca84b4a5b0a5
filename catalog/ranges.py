"""Address ranges that a schema's pattern lets through but no network has."""

from collections.abc import Iterator
from ipaddress import ip_network
from itertools import combinations

from catalog.document import Json
from catalog.references import Wrong
from catalog.text import Pointer

OWN = ("nodes", "pods", "services", "stores", "controlPlane")


def impossible_ranges(kind: str, written: Json) -> Iterator[Wrong]:
    """Ranges of a schema-valid document that are no ranges, or that overlap where they may not."""
    spec = written["spec"]
    if kind == "Environment":
        at: Pointer = ("spec", "network")
        for field in OWN:
            yield from _impossible((*at, field), spec["network"][field])
        for listed, place in (("operators", at), ("trustedProxies", ("spec",))):
            holder = spec["network"] if listed == "operators" else spec
            for i, text in enumerate(holder.get(listed, ())):
                yield from _impossible((*place, listed, i), text)
        yield from _overlaps(at, spec["network"])
    elif kind == "Service":
        for i, exception in enumerate(spec.get("edge", {}).get("waf", {}).get("exceptions", ())):
            for j, text in enumerate(exception.get("sources", ())):
                yield from _impossible(("spec", "edge", "waf", "exceptions", i, "sources", j), text)


def _impossible(at: Pointer, text: str) -> Iterator[Wrong]:
    try:
        ip_network(text)
    except ValueError:
        try:
            nearest = f"Write {ip_network(text, strict=False)}."
        except ValueError:
            nearest = "Write it like 10.0.0.0/20."
        yield at, "catalog/address-range", f"`{text}` is no address range.", nearest


def _overlaps(at: Pointer, network: Json) -> Iterator[Wrong]:
    usable = [(field, network[field]) for field in OWN if not list(_impossible(at, network[field]))]
    for (one, first), (other, second) in combinations(usable, 2):
        a, b = ip_network(first), ip_network(second)
        if a.version == b.version and a.overlaps(b):
            what = f"The ranges of {one}, {first}, and {other}, {second}, overlap."
            yield (*at, other), "catalog/address-range", what, "Give each its own range."
