"""Compares a zone as the catalog has it with what is there: a zone file that somebody exported, or the
answers of a name server."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Literal

import msgspec

from pave.exit_code import ExitCode
from pave.layout import in_columns
from pave.refused import Refused
from pave.terminal import styled
from pave.zones.held import HeldRecord, HeldZone
from policies.wording import Line, count

TIMEOUT_SECONDS = 5.0
"""For one answer of a name server."""

SAYS = {
    "missing": "isn't there",
    "unasked": "is there, and nobody asks for it",
    "other": "has other values",
    "ttl": "is kept for another time",
    "unknown": "only an apply tells what it should be; `--outputs` says what one told",
}

There = Mapping[tuple[str, str], tuple[int | None, frozenset[str]]]
"""Values and their time, in seconds, by whole name and type; a server that caches tells no time."""


class DriftedRecord(msgspec.Struct, frozen=True, rename="camel"):
    """A record that is not there as it should be: how (`says`), its values as they should be (`wanted`) and
    as they are (`found`), and where it is asked for, None where it isn't."""

    name: str
    type: str
    says: str
    wanted: list[str]
    found: list[str]
    place: str | None


class DnsDriftReport(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What `pave dns drift --format json` prints: what differs in a zone from the catalog, of so many records
    that were `compared`. `against` is the file or the server that was asked."""

    api_version: Literal["pave/v1"] = "pave/v1"
    kind: Literal["DnsDriftReport"] = "DnsDriftReport"
    domain: str
    against: str
    compared: int
    drifted: list[DriftedRecord]

    @property
    def exit_code(self) -> ExitCode:
        """No where something differs; what isn't known waits."""
        said = {each.says for each in self.drifted}
        if said - {"unknown"}:
            return ExitCode.NO
        return ExitCode.WAITS if said else ExitCode.OK


def drift_from_file(zone: HeldZone, path: Path) -> DnsDriftReport:
    """The zone compared with a zone file of its domain, which is to have all records and no others but those
    that the provider makes. Raises Refused for a file that is none."""
    from pave.zones.zone_file import read_zone

    there: dict[tuple[str, str], tuple[int | None, frozenset[str]]] = {
        (name, kind): (ttl, frozenset(values)) for name, kind, ttl, values in read_zone(path, zone.domain)
    }
    drifted = [*_compared(zone, there), *_unasked(zone, there)]
    return DnsDriftReport(domain=zone.domain, against=str(path), compared=_ours(zone), drifted=drifted)


def drift_from_server(zone: HeldZone, server: str) -> DnsDriftReport:
    """The zone compared with the answers of a name server, an address with or without a port. A server can't
    be asked which names there are, so what nobody asks for is not seen. Raises Refused where it doesn't
    answer."""
    address, port = _address(server)
    asked = {(each.name, each.type) for each in zone.records if each.stack is not None}
    there = {key: answer for key in sorted(asked) if (answer := _answer(address, port, *key)) is not None}
    drifted = list(_compared(zone, there))
    return DnsDriftReport(domain=zone.domain, against=server, compared=_ours(zone), drifted=drifted)


def _ours(zone: HeldZone) -> int:
    return sum(each.stack is not None for each in zone.records)


def _compared(zone: HeldZone, there: There) -> Iterator[DriftedRecord]:
    for record in zone.records:
        if record.stack is None:
            continue
        ttl, found = there.get((record.name, record.type), (None, frozenset()))
        wanted = {_normal(record.type, value) for value in record.values if value is not None}
        says = None
        if "_*" in record.name:  # which stands for what Google says of a project's proof
            says = "unknown"
        elif not found:
            says = "missing"
        elif None in record.values:
            says = "unknown" if wanted <= found else "other"
        elif _differ(record, wanted, found):
            says = "other"
        elif ttl is not None and ttl != record.ttl_seconds:
            says = "ttl"
        if says is not None:
            yield DriftedRecord(record.name, record.type, says, sorted(wanted), sorted(found), record.place)


def _differ(record: HeldRecord, wanted: set[str], found: Iterable[str]) -> bool:
    """A record that is steered answers with some of its values at a time."""
    spare = {_normal(record.type, value) for value in record.backup if value is not None}
    if record.weights or spare:
        return not {*found} <= wanted | spare
    return wanted != {*found}


def _unasked(zone: HeldZone, there: There) -> Iterator[DriftedRecord]:
    known = {(each.name, each.type) for each in zone.records if each.stack is not None}
    for (name, kind), (_, found) in sorted(there.items()):
        by_provider = kind == "SOA" or (kind == "NS" and name == zone.domain)
        if (name, kind) not in known and not by_provider:
            yield DriftedRecord(name, kind, "unasked", [], sorted(found), None)


def _normal(kind: str, value: str) -> str:
    """As dnspython writes it, so that spelling is no drift."""
    import dns.rdata
    import dns.rdataclass
    import dns.rdatatype

    return dns.rdata.from_text(dns.rdataclass.IN, dns.rdatatype.from_text(kind), value).to_text().lower()


def _address(server: str) -> tuple[str, int]:
    from ipaddress import ip_address

    host, _, port = server.rpartition(":") if server.count(":") == 1 else (server, "", "53")
    try:
        return str(ip_address(host.strip("[]"))), int(port)
    except ValueError:
        raise Refused(
            f"`{server}` is no address of a name server. Write one such as 192.0.2.53 or 192.0.2.53:5353."
        ) from None


def _answer(address: str, port: int, name: str, kind: str) -> tuple[int | None, frozenset[str]] | None:
    """What a server that answers for the name says; None where it says that there is none."""
    import dns.exception
    import dns.message
    import dns.query
    import dns.rdatatype

    asked = dns.message.make_query(f"{name}.", kind)
    try:
        said, _ = dns.query.udp_with_fallback(asked, address, timeout=TIMEOUT_SECONDS, port=port)
    except (dns.exception.DNSException, OSError) as error:
        raise Refused(f"{address} gave no answer on {name}: {str(error) or type(error).__name__}.") from error
    wanted = dns.rdatatype.from_text(kind)
    sections = [*said.answer, *(said.authority if kind == "NS" else ())]
    for rrset in sections:
        if rrset.rdtype == wanted and rrset.name.to_text().removesuffix(".").lower() == name:
            return rrset.ttl, frozenset(each.to_text().lower() for each in rrset)
    return None


def as_text(report: DnsDriftReport, *, colour: bool, width: int) -> str:
    """The report for a person, in lines of so many columns."""
    return styled(_lines(report, width), colour=colour)


def _lines(report: DnsDriftReport, width: int) -> Iterator[Line]:
    style: Literal["good", "bad", "plain"] = "good" if report.exit_code == ExitCode.OK else "bad"
    style = "plain" if report.exit_code == ExitCode.WAITS else style
    differ = count(len(report.drifted), "difference")
    yield Line(style, f"{report.domain} against {report.against}: {differ}, {report.compared} compared.")
    if not report.drifted:
        return
    yield Line("plain", "")
    rows = [
        (each.name, each.type, SAYS[each.says], ", ".join(each.wanted) or "-", ", ".join(each.found) or "-")
        for each in report.drifted
    ]
    for row in in_columns([("NAME", "TYPE", "HOW", "WANTED", "FOUND"), *rows], width):
        yield Line("plain", row)
