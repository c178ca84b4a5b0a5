"""A request that somebody asks about, from the words that a command was given."""

import re
from collections.abc import Sequence
from ipaddress import ip_network
from pathlib import Path

from catalog.checks.countries import CODES
from components.design.edge.host import HostEdge
from components.design.edge.request import Request, Unknown, plain_address
from pave.edge.core_rules import Asking, recognised
from pave.refused import Refused

SOMEBODY = "203.0.113.7"
"""An address for examples (https://www.rfc-editor.org/rfc/rfc5737)."""

REQUEST = re.compile(r"([A-Z]+) +(/[!-~]*)")
RATE = re.compile(r"([1-9]\d{0,8})/([1-9]\d{0,4})?([smh])")
MOST_BYTES = 65_536
"""Of URL and headers together: https://cloud.google.com/load-balancing/docs/quotas#https-lb-header-limits"""

UNITS = {"s": 1, "m": 60, "h": 3600}
FORM = "application/x-www-form-urlencoded"


def asked_request(
    edge: HostEdge,
    request: str,
    headers: Sequence[str],
    body: Path | None,
    ip: str | None,
    region: str | None,
    *,
    past_proxy: bool,
) -> Request:
    """The request that the words of a command mean, as it comes to a host; core rules are asked about it.

    Through the proxy in front, unless it goes `past_proxy`. Raises Refused for words that mean none."""
    said = REQUEST.fullmatch(request)
    if said is None:
        raise Refused(
            f"`{request}` is no request. Write its method in capitals and its path, letters beyond ASCII as"
            " `%C3%BC`: `GET /sign_in?next=/`."
        )
    path, _, query = said[2].partition("?")
    given = [_header(each) for each in headers]
    client = _address(ip or SOMEBODY)
    connecting, header = client, edge.client_address_header
    if header is not None:
        told = [value for name, value in given if name.lower() == header.lower()]
        if edge.sources and not past_proxy:
            if told:
                raise Refused(
                    f"{edge.proxy} itself writes {header}. Say the client's address with --ip, or that"
                    " somebody comes --past-proxy."
                )
            connecting = str(next(iter(ip_network(edge.sources[0]).hosts())))
            given.append((header, client))
        elif told:  # which Cloud Armor believes, whoever has written it
            client = plain_address(told[0]) or client
    content = _content(body)
    names = {name.lower() for name, _ in given}
    if content and "content-type" not in names:
        given.append(("Content-Type", FORM))
    if content:
        given.append(("Content-Length", str(len(content))))
    host = next((value for name, value in given if name.lower() == "host"), edge.host)
    _require_short(said[2], given)
    if re.sub(r":\d+$", "", host).lower() not in {edge.host, *edge.former}:
        raise Refused(
            f"`Host: {host}` is another host, whose requests are sent on to {edge.host}. Ask there."
        )
    others = tuple(each for each in given if each[0].lower() != "host")
    (found,) = recognised([Asking(said[1], said[2], host, others, content)])
    return Request(
        method=said[1],
        path=path,
        query=query,
        headers=_joined([("host", host), *others]),
        ip=connecting,
        user_ip=client,
        region=_region(region)
        if region is not None
        else Unknown("where the client is; say it with --region"),
        recognised=found,
    )


def asked_rate(text: str | None) -> tuple[int, int] | None:
    """How many requests in how many seconds: of `50/1m`, 50 in 60. Raises Refused."""
    if text is None:
        return None
    said = RATE.fullmatch(text)
    if said is None:
        raise Refused(f"`{text}` is no rate. Write so many in such a time: `50/1m`, `5/10s`.")
    return int(said[1]), int(said[2] or 1) * UNITS[said[3]]


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon or not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name) or "\n" in value or "\r" in value:
        raise Refused(f"`{text}` is no header. Write its name and its value: `User-Agent: curl/8`.")
    return name, value.strip()


def _require_short(uri: str, headers: Sequence[tuple[str, str]]) -> None:
    size = len(uri) + sum(len(f"{name}: {value}".encode(errors="replace")) + 2 for name, value in headers)
    if size > MOST_BYTES:
        raise Refused(
            f"URL and headers have {size:,} bytes. Google's load balancer takes {MOST_BYTES:,}, and refuses"
            " more before any rule is asked."
        )


def _region(text: str) -> str:
    if text.upper() not in CODES:
        raise Refused(f"`{text}` is no country of ISO 3166-1. Write two letters such as DE.")
    return text.upper()


def _address(text: str) -> str:
    found = plain_address(text)
    if found is None:
        raise Refused(f"`{text}` is no address of a client. Write one such as {SOMEBODY}.")
    return found


def _content(body: Path | None) -> bytes:
    if body is None:
        return b""
    try:
        return body.read_bytes()
    except OSError as error:
        raise Refused(f"{body} can't be read: {error.strerror or error}.") from error


def _joined(headers: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Headers by name in lower case; of several values one, with commas, as Cloud Armor has them."""
    joined: dict[str, str] = {}
    for name, value in headers:
        key = name.lower()
        joined[key] = f"{joined[key]}, {value}" if key in joined else value
    return joined
