"""Zones and their records for people."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from catalog.checks.dns_services import is_kept
from catalog.domains import nearest_above
from catalog.kinds.zone import NameClaim
from pave.layout import in_columns, wrapped
from pave.terminal import styled
from pave.zones.held import HeldRecord, HeldZone
from pave.zones.wildcards import PassedBy, answering, passed_by
from policies.wording import Line

LATER = "(told by the apply)"


class ZonesReport(msgspec.Struct, frozen=True, rename="camel"):
    """The zones of an environment, and the names that their wildcards pass by."""

    environment: str
    zones: list[HeldZone]
    passed_by: list[PassedBy] = []


def as_text(report: ZonesReport, *, colour: bool, width: int) -> str:
    """Each zone with a table of its records, and after it what others have to make."""
    return styled(_lines(report, width), colour=colour)


def _lines(report: ZonesReport, width: int) -> Iterator[Line]:
    for zone in report.zones:
        signed = "signed" if zone.is_signed else "not signed"
        yield Line("good", f"{zone.domain} · {report.environment}")
        yield Line("plain", f"{zone.stack}, {signed}")
        servers = ", ".join(zone.name_servers) or "name servers that nobody has written down yet"
        ours = [each for each in zone.records if each.stack is not None]
        yield from _plain([*wrapped(f"asked of {servers}", width), "", *_table(ours, zone.domain, width), ""])
        theirs = [each for each in zone.records if each.stack is None]
        if theirs:
            yield Line("good", "Others have to make")
            yield from _plain([*_elsewhere(theirs, zone.domain, width), ""])
        for claim in zone.claims:
            yield from _plain(wrapped(_kept(", ".join(claim.names), claim), width))
        for passed in passed_by(zone):
            yield from _plain(wrapped(_missed(passed), width))


def _plain(lines: Iterable[str]) -> Iterator[Line]:
    return (Line("plain", line) for line in lines)


def _kept(names: str, claim: NameClaim) -> str:
    return f"{names} {'is' if len(claim.names) == 1 else 'are'} kept for {' and '.join(claim.teams)}."


def _missed(passed: PassedBy) -> str:
    return (
        f"{passed.wildcard} {passed.type} doesn't answer for {', '.join(passed.names)}: what is there isn't"
        f" meant by a wildcard. Write {passed.type} records of these too, if they need any."
    )


def _table(records: Sequence[HeldRecord], domain: str, width: int) -> list[str]:
    rows = [
        (_within(each.name, domain), each.type, str(each.ttl_seconds), each.owner, _values(each))
        for each in records
    ]
    return in_columns([("NAME", "TYPE", "TTL", "OWNER", "VALUE"), *rows], width, right=[2])


def _within(name: str, domain: str) -> str:
    """As the zone's own file says it."""
    return "@" if name == domain else name.removesuffix(f".{domain}")


def _values(record: HeldRecord) -> str:
    said = [LATER if value is None else value for value in record.values]
    if record.weights:
        total = sum(record.weights) or 1
        said = [f"{value} ({share / total:.0%})" for value, share in zip(said, record.weights, strict=True)]
    backup = [LATER if value is None else value for value in record.backup]
    return ", ".join(said) + (f"; else {', '.join(backup)}" if backup else "")


def _elsewhere(records: Sequence[HeldRecord], domain: str, width: int) -> list[str]:
    rows = [(_within(each.name, domain), each.type, f"at {each.holder}", _values(each)) for each in records]
    return in_columns([("NAME", "TYPE", "WHERE", "VALUE"), *rows], width)


def zone_with(report: ZonesReport, name: str) -> HeldZone | None:
    """The zone that a name is in; None where the environment has none."""
    domains = {zone.domain: zone for zone in report.zones}
    found = nearest_above(name, domains)
    return None if found is None else domains[found]


def about(zone: HeldZone, name: str, *, colour: bool, width: int) -> str:
    """All that is known of a name in a zone: its records, who asks for each and why; which record answers
    where there is none of that name; and for whom it is kept."""
    return styled(_about(zone, name, width), colour=colour)


def _about(zone: HeldZone, name: str, width: int) -> Iterator[Line]:
    yield Line("good", name)
    yield Line("plain", f"in the zone {zone.domain} of {zone.stack}")
    records = [*answering(zone, name)]
    for each in records:
        ttl = "" if each.ttl_seconds is None else f" for {each.ttl_seconds} s"
        maker = f"Made by {each.stack}" if each.stack is not None else f"To be made at {each.holder}"
        said = wrapped(f"{each.why} {maker}, of {each.owner}: {each.place}", width, "  ")
        yield from _plain(["", *wrapped(f"{each.name}  {each.type}{ttl}  {_values(each)}", width), *said])
    if not records:
        yield Line("plain", "")
        yield Line("plain", "Nothing answers: no record, no wildcard above it and no delegation.")
    for passed in passed_by(zone):
        if name in {passed.wildcard, *passed.names}:
            yield from _plain(["", *wrapped(_missed(passed), width)])
    for claim in zone.claims:
        if any(is_kept(name, f"{kept}.{zone.domain}") for kept in claim.names):
            yield Line("plain", "")
            yield Line("plain", f"Kept for {' and '.join(claim.teams)}.")
