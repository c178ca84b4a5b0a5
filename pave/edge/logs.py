"""Reads logs of requests: those of Google's load balancers as JSON, and the combined format of web servers.

Google's (https://cloud.google.com/load-balancing/docs/https/https-logging-monitoring) are an entry a line, or
a list of entries as `gcloud logging read --format json` writes; they say who connected, and what Cloud Armor
made of the request (https://cloud.google.com/armor/docs/request-logging). The combined format
(https://httpd.apache.org/docs/current/logs.html#combined) says who the client is, as the server knows it.
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple

import msgspec

from pave.refused import Refused

COMBINED = re.compile(
    r'(?P<client>\S+) \S+ \S+ \[(?P<time>[^\]]+)\] "(?P<method>[A-Z]+) (?P<uri>\S+)(?: HTTP/[\d.]+)?"'
    r' (?P<status>\d{3}) \S+(?: "(?P<referer>(?:[^"\\]|\\.)*)" "(?P<agent>(?:[^"\\]|\\.)*)")?'
)


class Logged(NamedTuple):
    """A request in a log. `at` is when, in seconds since 1970. `connected` is who connected to the load
    balancer, None where the log doesn't say; `client` the client's own address, None where a proxy hides it.
    `host` is None where the log is of one host. `priority` is of the rule that Cloud Armor says has refused
    it, or would have in a preview (`previewed`); `ja4` is how the client spoke TLS, where that is known."""

    at: float
    method: str
    uri: str
    host: str | None
    status: int
    agent: str
    connected: str | None
    client: str | None
    region: str | None = None
    ja4: str | None = None
    priority: int | None = None
    previewed: int | None = None


class Log(NamedTuple):
    """The requests of a log in the order in which they came, how many lines hold none, the first of these,
    and the log's SHA-256."""

    requests: list[Logged]
    unread: int
    first_unread: int | None
    digest: str


class _Http(msgspec.Struct, rename="camel"):
    request_method: str
    request_url: str
    remote_ip: str
    status: int = 0
    user_agent: str = ""


class _Outcome(msgspec.Struct):
    outcome: str = ""
    priority: int | None = None


class _Address(msgspec.Struct, rename="camel"):
    ip_address: str | None = None
    region_code: str | None = None


class _About(msgspec.Struct, rename="camel"):
    user_ip_info: _Address = msgspec.field(default_factory=_Address)
    remote_ip_info: _Address = msgspec.field(default_factory=_Address)
    tls_ja4_fingerprint: str | None = None


class _Payload(msgspec.Struct, rename="camel"):
    enforced_security_policy: _Outcome = msgspec.field(default_factory=_Outcome)
    preview_security_policy: _Outcome = msgspec.field(default_factory=_Outcome)
    security_policy_request_data: _About = msgspec.field(default_factory=_About)


class _Entry(msgspec.Struct, rename="camel"):
    timestamp: datetime
    http_request: _Http
    json_payload: _Payload = msgspec.field(default_factory=_Payload)


ENTRY = msgspec.json.Decoder(_Entry)
ANYTHING = msgspec.json.Decoder(list[msgspec.Raw])


def read_log(path: Path) -> Log:
    """The requests of a log file. Raises Refused where it can't be read, or no line of it holds a request."""
    try:
        text = path.read_bytes()
    except OSError as error:
        raise Refused(f"{path} can't be read: {error.strerror or error}.") from error
    found: list[Logged] = []
    unread, first = 0, None
    for number, one in _each(text):
        if isinstance(one, Logged):
            found.append(one)
        else:
            unread, first = unread + 1, first or number
    if not found:
        where = f"{path}:{first}" if first else str(path)
        raise Refused(
            f"{where}: no request is in it. It has to be a log of Google's load balancers as JSON, an entry a"
            " line or a list of them, or one of a web server in the combined format."
        )
    found.sort(key=lambda request: request.at)  # `gcloud` writes the newest first
    return Log(found, unread, first, hashlib.sha256(text).hexdigest())


def _each(text: bytes) -> Iterator[tuple[int, Logged | None]]:
    if text.lstrip()[:1] == b"[":
        try:
            yield from enumerate((_google(bytes(entry)) for entry in ANYTHING.decode(text)), 1)
        except msgspec.DecodeError:
            yield 1, None
        return
    for number, line in enumerate(text.splitlines(), 1):
        if line[:1] == b"{":
            yield number, _google(line)
        elif line.strip():
            yield number, _combined(line.decode("utf-8", "replace"))


def _google(line: bytes) -> Logged | None:
    try:
        entry = ENTRY.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    asked, said = entry.http_request, entry.json_payload
    _, _, rest = asked.request_url.partition("://")
    host, slash, uri = rest.partition("/")
    about = said.security_policy_request_data
    client = about.user_ip_info.ip_address
    if not _is_address(asked.remote_ip) or (client is not None and not _is_address(client)):
        return None
    return Logged(
        at=entry.timestamp.timestamp(),
        method=asked.request_method,
        uri=f"{slash or '/'}{uri}",
        host=host.partition(":")[0].lower(),
        status=asked.status,
        agent=asked.user_agent,
        connected=asked.remote_ip,
        client=client,
        region=about.user_ip_info.region_code or about.remote_ip_info.region_code,
        ja4=about.tls_ja4_fingerprint,
        priority=_refusing(said.enforced_security_policy),
        previewed=_refusing(said.preview_security_policy),
    )


def _refusing(said: _Outcome) -> int | None:
    return said.priority if said.outcome == "DENY" else None


def _combined(line: str) -> Logged | None:
    said = COMBINED.match(line)
    if said is None:
        return None
    at = _seconds(said["time"])
    if at is None or not _is_address(said["client"]) or not said["uri"].startswith("/"):
        return None
    return Logged(
        at=at,
        method=said["method"],
        uri=said["uri"],
        host=None,
        status=int(said["status"]),
        agent=said["agent"] or "",
        connected=None,
        client=said["client"],
    )


@lru_cache(65536)
def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


@lru_cache(1024)
def _seconds(text: str) -> float | None:
    try:
        return datetime.strptime(text, "%d/%b/%Y:%H:%M:%S %z").timestamp()
    except ValueError:
        return None


def without_values(uri: str) -> str:
    """A path with the names of its query's parameters, and without their values, which may be secrets."""
    path, mark, query = uri.partition("?")
    if not mark:
        return path
    pairs = (each.partition("=") for each in query.split("&"))
    names = [f"{name}=…" if equals else "…" for name, equals, _ in pairs]
    return f"{path}?{'&'.join(names)}"
