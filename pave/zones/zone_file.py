"""Zones to and from zone files (https://www.rfc-editor.org/rfc/rfc1035#section-5)."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from catalog.checks.dns_records import NAMED
from catalog.domains import is_within
from catalog.editing.writing import write
from catalog.kinds.environment import Environment, environments_below
from catalog.kinds.zone import LEADS, hosts_within
from catalog.loader import Catalog
from catalog.validation import schema
from components.design.foundation.dns_zone import usual_ttl_seconds
from pave.refused import Refused
from pave.zones.held import HeldRecord, HeldZone

HOSTMASTER = "cloud-dns-hostmaster.google.com."
TIMES = "21600 3600 259200 300"
"""As Cloud DNS has them in a new zone: https://cloud.google.com/dns/docs/records#adding_a_record."""


def zone_file(zone: HeldZone) -> str:
    """A zone as a file. What only an apply can tell stands there as a comment, so nothing is made up, and so
    does what others have to make, or what is answered only at times.

    Raises Refused for a zone whose name servers the catalog doesn't have: no file is valid without."""
    if not zone.name_servers:
        raise Refused(
            f"Nobody has written down which name servers answer for {zone.domain}, and a zone file needs"
            " them: write `dns.delegation.nameServers` into the environment, as the foundation's output"
            " `dns_name_servers` tells them."
        )
    servers = [f"{name}." for name in zone.name_servers]
    lines = [
        f"$ORIGIN {zone.domain}.",
        f"{zone.domain}. 21600 IN SOA {servers[0]} {HOSTMASTER} 1 {TIMES}",
        *(f"{zone.domain}. 21600 IN NS {server}" for server in servers),
    ]
    for record in zone.records:
        lines += _elsewhere(record) if record.stack is None else _made(record)
    return "\n".join([*lines, ""])


def _made(record: HeldRecord) -> Iterator[str]:
    line = f"{record.name}. {record.ttl_seconds} IN {record.type} "
    for value in record.values:
        yield f"; {line}as {record.stack} tells" if value is None else f"{line}{value}"
    if record.weights:
        shares = ", ".join(f"{weight:g}" for weight in record.weights)
        yield f"; of {record.name} {record.type} the answers take turns, in shares of {shares}"
    for value in record.backup:
        yield f"; {line}{value} while none of the others is healthy"


def _elsewhere(record: HeldRecord) -> Iterator[str]:
    """Not in this zone as it is, and so no record of it."""
    for value in record.values:
        said = value or "as the output `records_elsewhere` tells"
        yield f"; at {record.holder}: {record.name}. IN {record.type} {said}"


SCHEMA = "# yaml-language-server: $schema=../schema/zone.schema.json\n"
"""The line by which an editor knows what may stand in the file."""


class Taken(NamedTuple):
    """The records of a zone file as a `kind: Zone` has them, and a line on each that isn't among them."""

    records: list[dict[str, Any]]
    left: list[str]


def led_by_others(catalog: Catalog, environment: Environment) -> dict[str, str]:
    """The names within an environment's domain that other files than its zone's lead somewhere, with those
    files: the hosts of services, and the zones of the environments below."""
    domain = environment.spec.dns.domain
    hosts = {name: document.path for name, document in hosts_within(domain, catalog)}
    for name in environments_below(environment.name, catalog):
        document = catalog.documents["Environment"][name]
        hosts[document.data["spec"]["dns"]["domain"]] = document.path
    return hosts


def records_in(path: Path, domain: str, served: dict[str, str]) -> Taken:
    """The records of a zone file for a domain. `served` are the names that the catalog leads somewhere by
    itself, with who does: their addresses aren't taken over.

    Raises Refused for a file that is none, has nothing of the domain, or what a zone here can't have."""
    import dns.rdatatype

    from pave.zones.reading import plain_name, read_records

    read = read_records(path, domain)
    records: list[dict[str, Any]] = []
    left: list[str] = []
    for node, rdataset in sorted(read.iterate_rdatasets(), key=lambda each: (each[0], each[1].rdtype)):
        name, kind = plain_name(node), dns.rdatatype.to_text(rdataset.rdtype)
        why_not = _why_not(name, kind, domain, served)
        if why_not is not None:
            left.append(f"{name} {kind}: {why_not}")
            continue
        comments = [rdata.rdcomment.strip() for rdata in rdataset if rdata.rdcomment]
        records.append(
            {
                "name": "@" if name == domain else name.removesuffix(f".{domain}"),
                "type": kind,
                **({} if rdataset.ttl == usual_ttl_seconds(kind) else {"ttlSeconds": rdataset.ttl}),
                "values": sorted(_plain(kind, rdata) for rdata in rdataset),
                "why": (comments[0] if comments else f"As in {path.name}; nobody has said why.")[:200],
            }
        )
    return Taken(records, left)


def read_zone(path: Path, domain: str) -> list[tuple[str, str, int, list[str]]]:
    """Name, type, time in seconds and values of all records in a zone file, in lower case and as dnspython
    writes them. Raises Refused for a file that is none."""
    import dns.rdatatype

    from pave.zones.reading import plain_name, read_records

    return [
        (
            plain_name(node),
            dns.rdatatype.to_text(rdataset.rdtype),
            rdataset.ttl,
            [rdata.to_text().lower() for rdata in rdataset],
        )
        for node, rdataset in read_records(path, domain).iterate_rdatasets()
        if is_within(plain_name(node), domain)
    ]


def _why_not(name: str, kind: str, domain: str, served: dict[str, str]) -> str | None:
    record = schema("Zone")["properties"]["spec"]["properties"]["records"]["items"]
    kinds = record["properties"]["type"]["enum"]
    if not is_within(name, domain):
        return f"lies outside of {domain}"
    if kind == "SOA" or (kind == "NS" and name == domain):
        return "Cloud DNS makes it"
    if kind not in kinds:
        return f"a zone here has none of that type ({', '.join(kinds)})"
    own = "@" if name == domain else name.removesuffix(f".{domain}")
    if re.fullmatch(record["properties"]["name"]["pattern"], own) is None:
        return "no name here has such characters"
    if name in served and kind in (*LEADS, "DS"):
        return f"{served[name]} leads it somewhere"
    return None


def _plain(kind: str, rdata: Any) -> str:
    if kind == "TXT":
        return b"".join(rdata.strings).decode("latin-1")
    words: list[str] = rdata.to_text().split(" ")
    at = NAMED.get(kind)
    if at is not None and words[at] != ".":
        words[at] = words[at].removesuffix(".")
    return " ".join(words)


def as_document(environment: str, owner: str, records: list[dict[str, Any]]) -> str:
    """A `kind: Zone` with these records, in YAML."""
    spec = {"owner": owner, "records": records}
    return SCHEMA + write(
        {"apiVersion": "pave/v1", "kind": "Zone", "metadata": {"name": environment}, "spec": spec}
    )
