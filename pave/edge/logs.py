"""Reads logs of requests: those of Google's load balancers as JSON, the combined format of web servers, and
files of the core rules' own requests.

Google's (https://cloud.google.com/load-balancing/docs/https/https-logging-monitoring) are an entry a line, or
a list of entries as `gcloud logging read --format json` writes; they say who connected, and what Cloud Armor
made of the request (https://cloud.google.com/armor/docs/request-logging). The combined format
(https://httpd.apache.org/docs/current/logs.html#combined) says who the client is, as the server knows it.
"""

import hashlib
import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Annotated, NamedTuple

import msgspec

from components.design.edge.request import plain_address
from pave.edge.logged import Logged
from pave.edge.request_files import requests_in
from pave.refused import Refused

COMBINED = re.compile(
    r'(?P<client>\S+) \S+ \S+ \[(?P<time>[^\]]+)\] "(?P<method>[A-Z]+) (?P<uri>\S+)(?: HTTP/[\d.]+)?"'
    r' (?P<status>\d{3}) \S+(?: "(?P<referer>(?:[^"\\]|\\.)*)" "(?P<agent>(?:[^"\\]|\\.)*)")?'
)


class Log(NamedTuple):
    """The requests of a log in the order in which they came, how many lines hold none, the first of these,
    the log's SHA-256, and whether it has bodies and all headers (`is_whole`)."""

    requests: list[Logged]
    unread: int
    first_unread: int | None
    digest: str
    is_whole: bool = False


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
    timestamp: Annotated[datetime, msgspec.Meta(tz=True)]
    http_request: _Http
    json_payload: _Payload = msgspec.field(default_factory=_Payload)


PACKED = {
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
}
"""What unpacks a file, by its first bytes (https://man7.org/linux/man-pages/man5/magic.5.html)."""

REQUESTS = re.compile(rb"^tests:\s*(#.*)?$", re.MULTILINE)
"""What a file of the core rules' own requests has, and no line of a log."""

ENTRY = msgspec.json.Decoder(_Entry)
ANYTHING = msgspec.json.Decoder(list[msgspec.Raw])


def read_log(path: Path) -> Log:
    """The requests of a log file. Raises Refused where it can't be read, or no line of it holds a request."""
    try:
        text = path.read_bytes()
    except OSError as error:
        raise Refused(f"{path} can't be read: {error.strerror or error}.") from error
    if text.startswith(tuple(PACKED)):
        program = next(program for magic, program in PACKED.items() if text.startswith(magic))
        raise Refused(f"{path} is packed. Unpack it first: {program} --decompress --keep {path}")
    found: list[Logged] = []
    unread, first = 0, None
    for number, one in _each(text.removeprefix(BOM_UTF8)):
        if isinstance(one, Logged):
            found.append(one)
        else:
            unread, first = unread + 1, first or number
    if not found:
        where = f"{path}:{first}" if first else str(path)
        raise Refused(
            f"{where}: no request is in it. It has to be a log of Google's load balancers as JSON, an entry a"
            " line (`jq -c .` writes them so) or a list of them, one of a web server in the combined format,"
            " or a file of the core rules' own requests."
        )
    found.sort(key=lambda request: request.at)  # `gcloud` writes the newest first
    return Log(found, unread, first, hashlib.sha256(text).hexdigest(), REQUESTS.search(text) is not None)


def _each(text: bytes) -> Iterator[tuple[int, Logged | None]]:
    if REQUESTS.search(text):
        yield from requests_in(text)
        return
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
    connected, said_client = plain_address(asked.remote_ip), about.user_ip_info.ip_address
    client = None if said_client is None else plain_address(said_client)
    if connected is None or (said_client is not None and client is None):
        return None
    return Logged(
        at=entry.timestamp.timestamp(),
        method=asked.request_method,
        uri=f"{slash or '/'}{uri}",
        host=host.partition(":")[0].lower(),
        status=asked.status,
        agent=asked.user_agent,
        connected=connected,
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
    at, client = _seconds(said["time"]), plain_address(said["client"])
    if at is None or client is None or not said["uri"].startswith("/"):
        return None
    return Logged(
        at=at,
        method=said["method"],
        uri=said["uri"],
        host=None,
        status=int(said["status"]),
        agent=said["agent"] or "",
        connected=None,
        client=client,
    )


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
