"""What an environment's file says leads to its zone, against the zone that was made. Pure."""

from collections.abc import Collection, Iterable
from typing import Any

import msgspec

from catalog.document import Origin
from catalog.kinds.environment import Environment
from stacks.providers.edge import ZONE


class Misled(msgspec.Struct, frozen=True, rename="camel"):
    """An environment's file (`origin`) says that other name servers lead to its `domain` than the zone has.
    Both are sorted, without a final dot."""

    domain: str
    origin: Origin
    written: list[str]
    made: list[str]


def misled(environment: Environment, resources: Iterable[Any]) -> Misled | None:
    """What is wrong in an environment's file, by the `resources` of its foundation's state; None when nothing
    is, when nothing is written yet, and when there is no zone."""
    dns = environment.spec.dns
    if dns.delegation is None:
        return None
    for each in resources:
        made = (each.get("outputs") or {}).get("nameServers")
        if each["type"] == ZONE and not each.get("external") and isinstance(made, list):
            there, written = plain_names(made), plain_names(dns.delegation.name_servers)
            if written != there:
                origin = environment.origin("spec", "dns", "delegation", "nameServers")
                return Misled(dns.domain, origin, written, there)
    return None


def plain_names(names: Iterable[str]) -> list[str]:
    """Names of hosts as one compares them: in lower case, without a final dot, sorted."""
    return sorted(str(name).lower().rstrip(".") for name in names)


def to_write(servers: Collection[str], keys: Collection[str]) -> str:
    """What leads to a zone with these name servers and DS records, as the file of an environment says it."""
    ds = f", ds: [{', '.join(sorted(keys))}]" if keys else ""
    return f"spec.dns.delegation: {{nameServers: [{', '.join(sorted(servers))}]{ds}}}"
