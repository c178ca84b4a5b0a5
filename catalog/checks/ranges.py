"""Address ranges that no network has, or that are everybody in disguise."""

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from itertools import combinations

from catalog.document import Json
from catalog.problem import Wrong
from catalog.yaml.parsed import Pointer

OWN = ("nodes", "pods", "services", "stores", "controlPlane")

WIDEST = 7
"""Together, the ranges of a list may be as large as one of this prefix length: 1 in 128 of all addresses. All
of Cloudflare's are 1 in 2,000 (https://www.cloudflare.com/ips/)."""


def impossible_networks(written: Json) -> Iterator[Wrong]:
    """Ranges of a schema-valid environment that are no ranges, that overlap where they may not, or that add
    up to everybody without saying so: what means everybody says `0.0.0.0/0`, and rules judge it."""
    spec = written["spec"]
    at: Pointer = ("spec", "network")
    for field in OWN:
        yield from _impossible((*at, field), spec["network"][field])
    yield from _list((*at, "operators"), spec["network"].get("operators", ()))
    yield from _list(("spec", "trustedProxies"), spec.get("trustedProxies", ()))
    yield from _overlaps(at, spec["network"])


def impossible_sources(written: Json) -> Iterator[Wrong]:
    """The same of the client ranges that a schema-valid service's firewall exceptions are for."""
    for i, exception in enumerate(written["spec"].get("edge", {}).get("waf", {}).get("exceptions", ())):
        at: Pointer = ("spec", "edge", "waf", "exceptions", i, "sources")
        yield from _list(at, exception.get("sources", ()))


def _list(at: Pointer, texts: Sequence[str]) -> Iterator[Wrong]:
    wrong = [found for i, text in enumerate(texts) for found in _impossible((*at, i), text)]
    yield from wrong
    if wrong:
        return
    networks = [ip_network(text) for text in texts]
    four = collapse_addresses(network for network in networks if isinstance(network, IPv4Network))
    six = collapse_addresses(network for network in networks if isinstance(network, IPv6Network))
    for everybody, parts in (("0.0.0.0/0", [*four]), ("::/0", [*six])):
        share = sum(2.0**-part.prefixlen for part in parts)
        if share > 2**-WIDEST and everybody not in texts:
            what = f"These ranges are {share:.1%} of all addresses: that is nobody in particular."
            fix = f"Name those who are meant, or write {everybody} for everybody."
            yield at, "catalog/address-range", what, fix


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
