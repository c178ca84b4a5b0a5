"""Address ranges that no network has, or that are everybody in disguise."""

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from itertools import combinations

from catalog.document import Json
from catalog.problem import Wrong
from catalog.yaml.parsed import Pointer

SIZES = {
    "nodes": (8, 29),
    "pods": (9, 24),
    "services": (16, 28),
    "stores": (8, 24),
    "controlPlane": (28, 28),
}
"""The ranges of an environment's own network, with the prefix lengths of the largest and the smallest that
there may be: https://cloud.google.com/kubernetes-engine/docs/concepts/alias-ips#cluster_sizing, of stores
https://cloud.google.com/vpc/docs/configure-private-services-access#allocating-range, of the control plane
https://cloud.google.com/kubernetes-engine/docs/how-to/legacy/network-isolation."""

PRIVATE = tuple(
    map(
        IPv4Network,
        (
            *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "192.0.0.0/24"),
            *("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "198.18.0.0/15", "240.0.0.0/4"),
        ),
    )
)
"""What a network may have and the internet hasn't: https://cloud.google.com/vpc/docs/subnets#valid-ranges. Of
the rest: https://cloud.google.com/kubernetes-engine/docs/concepts/alias-ips#enable_pupis."""

DOCKER = IPv4Network("172.17.0.0/16")
"""Of the bridge of every Docker, which nodes and Cloud SQL keep to themselves:
https://cloud.google.com/vpc/docs/subnets#additional-ipv4-considerations and
https://cloud.google.com/sql/docs/postgres/private-ip#network_requirements."""

WIDEST = 7
"""Together, the ranges of a list may be as large as one of this prefix length: 1 in 128 of all addresses. All
of Cloudflare's are 1 in 2,000 (https://www.cloudflare.com/ips/)."""


def impossible_networks(written: Json) -> Iterator[Wrong]:
    """Ranges of a schema-valid environment that are no ranges, that no cloud takes, that overlap where they
    may not, or that add up to everybody without saying so: what means everybody says `0.0.0.0/0`, and rules
    judge it."""
    spec = written["spec"]
    at: Pointer = ("spec", "network")
    for field in SIZES:
        yield from _impossible((*at, field), spec["network"][field])
        for what, fix in unusable(field, spec["network"][field]):
            yield (*at, field), "catalog/address-range", what, fix
    yield from _list((*at, "operators"), spec["network"].get("operators", ()))
    yield from _list(("spec", "trustedProxies"), spec.get("trustedProxies", ()))
    yield from _overlaps(at, spec["network"])


def unusable(field: str, text: str) -> Iterator[tuple[str, str]]:
    """Why Google takes a range for none of `SIZES`, with what to do; nothing of what is no range at all."""
    try:
        network = ip_network(text)
    except ValueError:
        return
    if isinstance(network, IPv6Network):
        yield f"`{text}` is a range of IPv6, and {field} have one of IPv4.", "Write it like 10.0.0.0/20."
        return
    largest, smallest = SIZES[field]
    if not largest <= network.prefixlen <= smallest:
        may = f"/{smallest}" if largest == smallest else f"a /{smallest} to a /{largest}"
        yield f"`{text}` has {network.num_addresses} addresses, and {field} take {may}.", f"Write {may}."
    if network.overlaps(DOCKER):
        yield (
            f"`{text}` overlaps {DOCKER}, which every Docker has for its bridge: it would lead nowhere.",
            "Take another, such as one of 10.0.0.0/8.",
        )
    if not any(network.subnet_of(private) for private in PRIVATE):
        what = f"`{text}` is the internet's: who has it there couldn't be reached, and using it privately"
        fix = "Take one of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10."
        yield f"{what} takes settings that pave doesn't make.", fix


def impossible_sources(written: Json) -> Iterator[Wrong]:
    """The same of the client ranges that a schema-valid service's firewall refuses, and of those that its
    exceptions are for, each and all together: a hundred exceptions for a little each are one for much."""
    waf = written["spec"].get("edge", {}).get("waf", {})
    yield from _impossible_blocks(waf.get("blocked", ()))
    exceptions = waf.get("exceptions", ())
    at: Pointer = ("spec", "edge", "waf", "exceptions")
    found = [
        wrong
        for i, exception in enumerate(exceptions)
        for wrong in _list((*at, i, "sources"), exception.get("sources", ()))
    ]
    yield from found
    if not found:
        yield from _shares(at, [text for exception in exceptions for text in exception.get("sources", ())])


def _impossible_blocks(lists: Sequence[Json]) -> Iterator[Wrong]:
    for i, blocked in enumerate(lists):
        at: Pointer = ("spec", "edge", "waf", "blocked", i, "sources")
        yield from _list(at, blocked["sources"])
        for j, source in enumerate(blocked["sources"]):
            if source.endswith("/0"):
                what = f"`{source}` is everybody, and nobody would get through."
                yield (*at, j), "catalog/address-range", what, "Name those who are meant."


def _list(at: Pointer, texts: Sequence[str]) -> Iterator[Wrong]:
    wrong = [found for i, text in enumerate(texts) for found in _impossible((*at, i), text)]
    yield from wrong or _shares(at, texts)


def _shares(at: Pointer, texts: Sequence[str]) -> Iterator[Wrong]:
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
    usable = [(field, network[field]) for field in SIZES if not list(_impossible(at, network[field]))]
    for (one, first), (other, second) in combinations(usable, 2):
        a, b = ip_network(first), ip_network(second)
        if a.version == b.version and a.overlaps(b):
            what = f"The ranges of {one}, {first}, and {other}, {second}, overlap."
            yield (*at, other), "catalog/address-range", what, "Give each its own range."
