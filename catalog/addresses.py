"""Addresses at which a service calls what is neither a vendor nor another service: `host:port`."""

from ipaddress import IPv4Address, IPv4Network
from typing import NamedTuple

PRIVATE = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")))
"""RFC 1918 and RFC 6598."""


class Address(NamedTuple):
    """A `port` of a `host`; `ip` is the host where that is an IPv4 address, else it is a name, or `*.` and
    the domain of many."""

    host: str
    port: int
    ip: IPv4Address | None

    @property
    def is_many(self) -> bool:
        """Whether it stands for all names one level below a domain, and so for no place to call."""
        return self.host.startswith("*.")

    @property
    def is_private(self) -> bool:
        """Whether no way over the internet leads there. Of a name nobody can tell."""
        ip = self.ip
        return ip is not None and any(ip in network for network in PRIVATE)


def parsed(text: str) -> Address:
    """The address that a schema-valid `host:port` is. Raises ValueError for an IPv4 address that is none."""
    host, _, port = text.rpartition(":")
    is_name = host.rpartition(".")[2].isalpha()
    return Address(host, int(port), None if is_name else IPv4Address(host))
