"""Asks the zone above a domain what it says of it: the servers of that zone themselves, so that the answer is
neither cached nor that of the domain's own servers."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pave.preflight.model import NoAnswer, Referral

if TYPE_CHECKING:
    import dns.name

SECONDS = 5.0
"""How long one server is waited for."""


def delegation_of(domain: str, resolvers: Sequence[str] = (), port: int = 53) -> Referral:
    """What the zone above answers for a domain. The system's resolvers are asked for its servers, or others
    with their `port`. Raises NoAnswer when nobody there answers."""
    import dns.exception
    import dns.name
    import dns.resolver

    resolver = dns.resolver.Resolver(configure=not resolvers)
    resolver.port, resolver.lifetime = port, 3 * SECONDS
    if resolvers:
        resolver.nameservers = [*resolvers]
    name = dns.name.from_text(domain)
    try:
        above = dns.resolver.zone_for_name(name.parent(), resolver=resolver)
        servers = [str(each.target) for each in resolver.resolve(above, "NS")]
    except dns.exception.DNSException as error:
        raise NoAnswer(f"no resolver knows the zone above {domain}: {error}") from error
    said: Exception | None = None
    for server in servers:
        try:
            addresses = [each.address for each in resolver.resolve(server, "A")]
            return Referral(
                frozenset(_records(name, "NS", addresses[0], port)),
                frozenset(_records(name, "DS", addresses[0], port)),
            )
        except (dns.exception.DNSException, OSError) as error:
            said = error
    raise NoAnswer(f"no server of the zone above {domain} answers: {said}") from said


def _records(name: "dns.name.Name", kind: str, address: str, port: int) -> list[str]:
    """Those of a name, in the answer or, as a delegation is none of one's own, beside it."""
    import dns.message
    import dns.query
    import dns.rcode
    import dns.rdatatype

    query = dns.message.make_query(name, kind)
    answer, _ = dns.query.udp_with_fallback(query, address, timeout=SECONDS, port=port)
    if answer.rcode() not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
        raise OSError(f"{address} answers {dns.rcode.to_text(answer.rcode())}")
    wanted = dns.rdatatype.from_text(kind)
    found = [
        each for each in (*answer.answer, *answer.authority) if (each.name, each.rdtype) == (name, wanted)
    ]
    return [plain(str(record)) for records in found for record in records]


def plain(record: str) -> str:
    """A name server, or a DS record, as all are compared: in lower case and without a final dot."""
    words = record.lower().split()
    return (
        " ".join([*words[:3], "".join(words[3:])]).strip() if len(words) > 3 else words[0].removesuffix(".")
    )
