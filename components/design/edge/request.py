"""A request as a firewall meets it, and what nobody can say of one."""

from collections.abc import Mapping
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from types import MappingProxyType
from typing import NamedTuple


class Unknown(NamedTuple):
    """Stands for a value that isn't known, and says `why`."""

    why: str


class Signature(NamedTuple):
    """A core rule that recognised a request: its number, and the paranoia level that it belongs to."""

    rule: int
    level: int


class Request(NamedTuple):
    """A request at the load balancer. The names of `headers` are in lower case.

    `ip` is who connects, `user_ip` the client that the header of a proxy names: the same where there is no
    such proxy. `region` is an ISO 3166 code. `recognised` is what the core rules make of the request at every
    paranoia level; what isn't known of it says why. `ja4` is how the client speaks TLS. Where not all headers
    are known (`has_all_headers`), one that isn't there may have been."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = MappingProxyType({})
    ip: str = "192.0.2.1"
    user_ip: str = "192.0.2.1"
    region: str | Unknown = Unknown("where the client is")
    recognised: tuple[Signature, ...] | Unknown = Unknown("core rules weren't asked")
    ja4: str | Unknown = Unknown("only Google knows how the client speaks TLS")
    has_all_headers: bool = True


@lru_cache(65536)
def plain_address(text: str) -> str | None:
    """A client's address as Google has it; None for what is none. Servers that listen on both versions of the
    protocol write an IPv4 address as `::ffff:192.0.2.1`; a scope (`%eth0`) comes over no internet."""
    try:
        found = ip_address(text)
    except ValueError:
        return None
    if isinstance(found, IPv6Address):
        if found.scope_id is not None:
            return None
        found = found.ipv4_mapped or found
    return str(found)
