"""Reads zone files with dnspython."""

import re
from pathlib import Path

import dns.exception
import dns.name
import dns.rdataclass
import dns.tokenizer
import dns.zone
import dns.zonefile

from catalog.domains import is_within
from pave.refused import Refused

GENERATE = re.compile(r"^\s*\$GENERATE\s+(\d+)-(\d+)", re.IGNORECASE | re.MULTILINE)
MOST_GENERATED = 10_000
"""As many sets of records as Cloud DNS takes in a zone: https://cloud.google.com/dns/quotas."""

BESIDE = (
    "a name has a CNAME beside another record; nothing may stand beside one"
    " (https://www.rfc-editor.org/rfc/rfc2181#section-10.1)"
)
MEANT = {
    "CNAME rdataset is not compatible with a regular data node": BESIDE,
    "rdataset type is not compatible with a CNAME node": BESIDE,
    "string too long": "a string has more than 255 bytes; write several, each in quotes",
    "RR class is not zone's class": "a record is of another class than IN, which no zone here has",
    "add() has non-origin SOA": "its SOA record is of another zone",
}
"""In words for who wrote the file, some of what dnspython says."""


class _Anywhere(dns.zone.Zone):
    """A zone that takes names outside of its domain, too: others are dropped without a word."""

    def __init__(self, domain: dns.name.Name) -> None:
        super().__init__(dns.name.root, relativize=False)
        self._domain = domain

    def origin_information(self) -> tuple[dns.name.Name | None, bool, dns.name.Name | None]:
        """The last is where a SOA record may stand."""
        return dns.name.root, False, self._domain


def read_records(path: Path, domain: str) -> dns.zone.Zone:
    """All records in a zone file of a domain, those too that lie outside of it. Raises Refused for a file
    that is none, or that would take more than a zone holds."""
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise Refused(f"{path} can't be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise Refused(f"{path} is no zone file of {domain}: it isn't UTF-8.") from error
    _require_bounded(text, path)
    found = _Anywhere(dns.name.from_text(domain))
    # The directive stands in a line of its own, which errors then count.
    words = dns.tokenizer.Tokenizer(f"$ORIGIN {domain}.\n{text}", "zone")
    try:
        with found.writer(replacement=True) as writer:
            dns.zonefile.Reader(words, dns.rdataclass.IN, writer).read()
    except (dns.exception.DNSException, ValueError) as error:
        raise Refused(f"{path} is no zone file of {domain}: {_plainly(str(error))}") from error
    if not any(is_within(plain_name(name), domain) for name in found):
        raise Refused(f"{path} is no zone file of {domain}: it has no record of that.")
    return found


def plain_name(name: dns.name.Name) -> str:
    """A name as the catalog writes it: in lower case, without a final dot."""
    return name.to_text().removesuffix(".").lower()


def _require_bounded(text: str, path: Path) -> None:
    """One line of `$GENERATE` stands for as many records as it says."""
    made = sum(
        max(0, int(last) - int(first) + 1) if len(last) < 10 else MOST_GENERATED + 1
        for first, last in GENERATE.findall(text)
    )
    if made > MOST_GENERATED:
        raise Refused(f"{path} generates {made:,} records, and a zone holds {MOST_GENERATED:,}.")


def _plainly(said: str) -> str:
    """What dnspython says of a file, with the line of the file to which it had come."""
    place = re.match(r"zone:(\d+): ", said)
    what = (said if place is None else said[place.end() :]).rstrip(".")
    what = MEANT.get(what, what)
    return f"{what}." if place is None else f"{what}, at line {int(place[1]) - 1} or the one above."
