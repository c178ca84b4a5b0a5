"""What the zone above answers, asked of a name server of this test."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
import pytest

from pave.preflight.model import NoAnswer, Referral
from pave.preflight.zone_above import delegation_of, plain

SOA = "ns.example. me.example. 1 2 3 4 5"
ZONE = {("example.", "SOA"): SOA, ("example.", "NS"): "ns.example.", ("ns.example.", "A"): "127.0.0.1"}
DS = "27132 8 2 9B1F4B2C36A0D1F7C45E0A9E4A7F0C4E1D3B86F25A7790C8E62D15F3B04A9C71"


@contextmanager
def name_server(records: dict[tuple[str, str], str], refused: str = "") -> Iterator[int]:
    """Serves a zone `example.` with these records beside; a delegation as name servers do, as no answer of
    their own. Gives the port."""
    known = {**ZONE, **records}

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            data, socket = self.request
            query = dns.message.from_wire(data)
            question = query.question[0]
            name, kind = str(question.name), dns.rdatatype.to_text(question.rdtype)
            reply = dns.message.make_response(query)
            if name == refused:
                reply.set_rcode(dns.rcode.REFUSED)
            elif (name, kind) in known:
                found = dns.rrset.from_text(name, 300, "IN", kind, *known[name, kind].split(", "))
                is_referral = kind == "NS" and name != "example."
                (reply.authority if is_referral else reply.answer).append(found)
            else:
                reply.authority.append(dns.rrset.from_text("example.", 300, "IN", "SOA", SOA))
            socket.sendto(reply.to_wire(), self.client_address)

    with socketserver.ThreadingUDPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def test_a_delegation_and_its_keys_are_what_the_servers_of_the_zone_above_say() -> None:
    records = {
        ("acme.example.", "NS"): "NS-cloud-a1.googledomains.com., ns-cloud-a2.googledomains.com.",
        ("acme.example.", "DS"): DS,
    }
    with name_server(records) as port:
        found = delegation_of("acme.example", ["127.0.0.1"], port)
    assert found.servers == {"ns-cloud-a1.googledomains.com", "ns-cloud-a2.googledomains.com"}
    assert found.keys == {DS.lower()}


def test_a_zone_that_nobody_delegates_has_neither() -> None:
    with name_server({}) as port:
        assert delegation_of("acme.example", ["127.0.0.1"], port) == Referral()


def test_a_server_that_refuses_is_no_answer() -> None:
    with (
        name_server({}, refused="acme.example.") as port,
        pytest.raises(NoAnswer, match=r"no server of the zone above acme\.example answers: .*REFUSED"),
    ):
        delegation_of("acme.example", ["127.0.0.1"], port)


def test_without_a_resolver_nothing_is_said_of_the_zone() -> None:
    with (
        name_server({}, refused="example.") as port,
        pytest.raises(NoAnswer, match=r"no resolver knows the zone above acme\.example"),
    ):
        delegation_of("acme.example", ["127.0.0.1"], port)


def test_a_record_is_compared_without_its_case_and_breaks() -> None:
    assert plain("NS1.Example.") == "ns1.example"
    assert plain("1 8 2 AB CD") == "1 8 2 abcd"
