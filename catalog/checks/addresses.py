"""Addresses that nothing can be called at, and words on how they are called that contradict them."""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network

from catalog.addresses import Address, parsed
from catalog.document import Json
from catalog.problem import Wrong
from catalog.yaml.parsed import Pointer

OF_ADDRESSES = ("tls", "private", "availability")
"""Fields that say how, and nothing of a vendor or of another service, whose own files say it."""

OF_THE_CLUSTER = ("nodes", "pods", "services", "controlPlane")
"""The ranges of an environment's network in which its cluster is."""

CLUSTER_DOMAIN = ".cluster.local"
"""https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/. A policy by name can't open the
way to what it is the domain of:
https://cloud.google.com/kubernetes-engine/docs/how-to/fqdn-network-policies."""

LAST_PORT = 65_535


def impossible_addresses(written: Json, environment: Json) -> Iterator[Wrong]:
    """What no schema can say is wrong with the addresses in a schema-valid, merged service that runs in an
    effective environment."""
    network = environment["spec"]["network"]
    inside = {name: IPv4Network(network[name]) for name in OF_THE_CLUSTER}
    for i, dependency in enumerate(written["spec"].get("dependencies", ())):
        at: Pointer = ("spec", "dependencies", i)
        if "addresses" in dependency:
            yield from _of(dependency, at, inside)
            continue
        for field in OF_ADDRESSES:
            if field in dependency:
                what = f"`{field}` is said of `addresses`, and `{dependency['name']}` has none."
                yield (*at, field), "catalog/address", what, "Remove it."


def _of(dependency: Json, at: Pointer, inside: dict[str, IPv4Network]) -> Iterator[Wrong]:
    found = []
    for j, text in enumerate(dependency["addresses"]):
        here: Pointer = (*at, "addresses", j)
        try:
            address = parsed(text)
        except ValueError:
            host = text.rpartition(":")[0]
            what = f"`{host}` is neither a name nor an IPv4 address: no part of one is above 255."
            yield here, "catalog/address", what, "Correct it."
            continue
        found.append(address)
        if (wrong := _unreachable(address, inside)) is not None:
            yield here, "catalog/address", *wrong
    if found and all(address.is_many for address in found):
        what = f"`*.` opens the way to many, and nothing says where `{dependency['name']}` is called first."
        fix = "Add the address that the program begins with, such as a bootstrap server."
        yield (*at, "addresses"), "catalog/address", what, fix
    yield from _contradicted(dependency, found, at)


def _unreachable(address: Address, inside: dict[str, IPv4Network]) -> tuple[str, str] | None:
    """Why nothing that a service may call answers there, and what to write instead."""
    if address.port > LAST_PORT:
        return f"There is no port {address.port}.", f"Write one from 1 to {LAST_PORT}."
    if address.host.endswith(CLUSTER_DOMAIN):
        what = f"`{address.host}` is in the cluster, where no way is opened by name."
        return what, "Depend on the `service` that it belongs to: its address is told."
    if address.ip is None:
        return None
    if _is_nobody(address.ip):
        return f"No service answers at `{address.ip}`.", "Write the address of what is called."
    for name, network in inside.items():
        if address.ip in network:
            what = f"`{address.ip}` is in this environment's cluster ({name}, {network})."
            return what, "Depend on the `service` that it belongs to: its address is told."
    return None


def _is_nobody(ip: IPv4Address) -> bool:
    """This host, the link (where the metadata server is), everybody, and what is kept for later:
    https://www.iana.org/assignments/iana-ipv4-special-registry/."""
    return ip.is_loopback or ip.is_link_local or ip.is_multicast or ip.is_unspecified or ip.is_reserved


def _contradicted(dependency: Json, found: list[Address], at: Pointer) -> Iterator[Wrong]:
    """An IPv4 address says by itself whether it is on the internet."""
    private = dependency.get("private")
    for address in found:
        if address.ip is not None and private is not None and private != address.is_private:
            is_ = "private" if address.is_private else "on the internet"
            what = f"`{address.ip}` is {is_}, and `private` is {str(private).lower()}."
            fix = "Remove `private`, or make two dependencies of what is private and what isn't."
            yield (*at, "private"), "catalog/address", what, fix
            return
