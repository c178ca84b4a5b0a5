"""What is wrong with the records of a zone, whatever stands beside it in the catalog.

Values are read by dnspython, as whoever answers for the zone reads them."""

from collections.abc import Iterator, Sequence
from typing import Any

from catalog.domains import names_above
from catalog.problem import Wrong
from catalog.yaml.parsed import Pointer

NAMED = {"CNAME": 0, "NS": 0, "MX": 1, "SRV": 3, "HTTPS": 1, "SVCB": 1}
"""The types whose values have the name of a host, and at which word."""

CHUNK = 255
"""Bytes that one string of a TXT record can have: https://www.rfc-editor.org/rfc/rfc1035#section-3.3."""

Written = dict[str, Any]


def whole(name: str, domain: str) -> str:
    """A name of a zone with the zone's domain, without a final dot."""
    return domain if name == "@" else f"{name}.{domain}"


def in_zone_file(kind: str, value: str) -> str:
    """A value as a zone file has it: text quoted and cut into strings, names with their final dot.

    Raises ValueError, in words, for what is no value of that type."""
    if kind == "TXT":
        return _text(value)
    words = value.split()
    at = NAMED.get(kind)
    if at is not None and len(words) > at and words[at] != ".":
        name = words[at].removesuffix(".")
        if "." not in name:
            raise ValueError(f"`{words[at]}` is no whole name: write it with its domain")
        if name.rpartition(".")[2].isdecimal():  # no domain of the top has such a name
            raise ValueError(f"`{words[at]}` is an address, and a name belongs there")
        words[at] = f"{name}."
    return _read(kind, " ".join(words))


def _text(value: str) -> str:
    if value[:1] == '"':
        raise ValueError("text is written without quotes, which pave adds")
    if not value.isascii() or not value.isprintable():
        raise ValueError("a TXT record can only have printable ASCII here")
    raw = value.encode()
    chunks = [raw[at : at + CHUNK].decode() for at in range(0, len(raw), CHUNK)]
    return " ".join('"' + each.replace("\\", "\\\\").replace('"', '\\"') + '"' for each in chunks)


def _read(kind: str, text: str) -> str:
    import dns.exception
    import dns.rdata
    import dns.rdataclass
    import dns.rdatatype

    try:
        rdata = dns.rdata.from_text(dns.rdataclass.IN, dns.rdatatype.from_text(kind), text)
    except (dns.exception.DNSException, ValueError) as error:
        raise ValueError(str(error) or type(error).__name__) from error
    return rdata.to_text()


def wrong_records(records: Sequence[Written]) -> Iterator[Wrong]:
    """Values that are none, names that stand twice or hide others, and a CNAME beside what it would hide."""
    places: dict[tuple[str, str], Pointer] = {}
    kinds: dict[str, list[str]] = {}
    for index, each in enumerate(records):
        at: Pointer = ("spec", "records", index)
        name, kind = each["name"], each["type"]
        for field in ("values", "backup"):
            yield from _wrong_values(each, field, at)
        yield from _wrong_steering(each, at)
        if (name, kind) in places:
            what = f"`{name}` has two lists of {kind} records."
            yield (*at, "name"), "catalog/unique-name", what, "Write all values of one type in one list."
        places.setdefault((name, kind), at)
        kinds.setdefault(name, []).append(kind)
    for (name, kind), at in places.items():
        yield from _wrong_place(name, kind, kinds, at)


def _wrong_values(record: Written, field: str, at: Pointer) -> Iterator[Wrong]:
    kind = record["type"]
    for number, value in enumerate(record.get(field, ())):
        try:
            in_zone_file(kind, value)
        except ValueError as error:
            why = str(error).rstrip(".")
            what = f"`{value}` is no value of a record of type {kind}: {why}."
            yield (*at, field, number), "catalog/dns-value", what, f"Write it like `{EXAMPLES[kind]}`."


def _wrong_steering(record: Written, at: Pointer) -> Iterator[Wrong]:
    """What Cloud DNS can't steer: https://cloud.google.com/dns/docs/routing-policies-overview. Whether it
    asks addresses of IPv6 is documented nowhere."""
    kind, weights, backup = record["type"], record.get("weights", []), record.get("backup", [])
    rule = "catalog/dns-steering"
    if weights and kind not in ("A", "AAAA", "CNAME"):
        what = f"Weights are for A, AAAA and CNAME records, and this is of type {kind}."
        yield (*at, "weights"), rule, what, "Remove them."
    elif weights and len(weights) != len(record["values"]):
        what = f"There are {len(weights)} weights for {len(record['values'])} values."
        yield (*at, "weights"), rule, what, "Write one weight for each value, in the same order."
    elif weights and not any(weights):
        yield (*at, "weights"), rule, "All weights are 0, so nobody gets an answer.", "Write another for one."
    if weights and backup:
        what = "Cloud DNS steers a record by weights or to a backup, and not by both."
        yield (*at, "backup"), rule, what, "Remove one of them."
    if backup and "healthCheck" not in record:
        what = "Nobody knows when to answer with the backup."
        yield (*at, "backup"), rule, what, "Add a `healthCheck`."
    if "healthCheck" in record and not (weights or backup):
        what = "A health check is for weights or a backup: else the same is answered, healthy or not."
        yield (*at, "healthCheck"), rule, what, "Add `weights` or `backup`, or remove it."
    elif "healthCheck" in record and kind != "A":
        what = f"Addresses of A records are asked whether they answer, and this is of type {kind}."
        yield (*at, "healthCheck"), rule, what, "Remove it."


def _wrong_place(name: str, kind: str, kinds: dict[str, list[str]], at: Pointer) -> Iterator[Wrong]:
    """https://www.rfc-editor.org/rfc/rfc1034#section-3.6.2 and section-4.2.1."""
    if kind == "CNAME" and name == "@":
        what = "A CNAME can't stand at the domain itself, where NS and SOA records are."
        yield (
            (*at, "type"),
            "catalog/dns-name",
            what,
            "Write A and AAAA records, or give the service a name below.",
        )
    elif kind == "CNAME" and set(kinds[name]) != {"CNAME"}:
        others = ", ".join(sorted({*kinds[name]} - {"CNAME"}))
        what = f"`{name}` has a CNAME, beside which no other record can be, and {others}."
        yield (
            (*at, "type"),
            "catalog/dns-name",
            what,
            "Leave the CNAME alone there, or write A and AAAA records.",
        )
    elif kind == "NS" and name == "@":
        what = "The name servers of the zone itself are its provider's to say."
        yield (
            (*at, "type"),
            "catalog/dns-name",
            what,
            "Remove it; `dns.delegation` of the environment has them.",
        )
    elif kind == "DS" and "NS" not in kinds[name]:
        what = f"`{name}` vouches for the key of a zone that nothing leads to (RFC 4035, section 2.4)."
        yield (*at, "type"), "catalog/dns-name", what, f"Write the NS records of `{name}` too, or remove it."
    for above in names_above(name):
        if "NS" in kinds.get(above, ()):
            what = f"`{name}` is never asked for here: `{above}` is delegated to other name servers."
            yield (*at, "name"), "catalog/dns-name", what, f"Write it into the zone of `{above}`."
            return


EXAMPLES = {
    "A": "192.0.2.1",
    "AAAA": "2001:db8::1",
    "CAA": '0 issue "pki.goog"',
    "CNAME": "shop.example.net",
    "DS": "2371 8 2 e788dd32059137dae6530b04da2513ac3be9d187c1b046492d5ce3bbcbbe6028",
    "HTTPS": "1 shop.example.net alpn=h2",
    "MX": "10 mx.example.net",
    "NS": "ns1.example.net",
    "SRV": "10 5 5060 sip.example.net",
    "SSHFP": "4 2 123456789abcdef67890123456789abcdef67890123456789abcdef123456789",
    "SVCB": "1 shop.example.net port=8443",
    "TLSA": "3 1 1 d2abde240d7cd3ee6b4b28c54df034b97983a1d16e8a410e4561cb106618e971",
    "TXT": "v=spf1 -all",
}
"""A value of each type, in addresses and names that are kept for examples."""
