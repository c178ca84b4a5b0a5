"""The other policy engine: an OPA server, for platforms that run one. It is only asked, never written to.

The server holds the bundle that `python -m policies.bundle server` makes. With each answer it says which
bundles that answer came from (https://www.openpolicyagent.org/docs/rest-api#provenance), so a server with
other rules is found out in the same breath, even if it has changed them a moment ago.
"""

import io
import json
import re
import ssl
import time
import weakref
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import msgspec
from opa_client import OpaClient

from policies.engine import ENTRYPOINT, EngineError, RawFinding, checked
from policies.rule import Bundle

URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>(?:/[\w.~-]+)*)/?",
    re.ASCII,
)
"""Where a server is. No user, query or fragment: a token has its own place."""

LARGEST = 16 << 20
"""Bytes of an answer. The findings on the worst of services are a hundredth of it."""

LONGEST = 500
"""Characters of an error."""

_TOKEN = re.compile(r"[\x21-\x7e]+")
_CHUNK = 1 << 16


@dataclass(frozen=True)
class Server:
    """An OPA server, and how to ask it.

    `url` may have a path, for a server behind a proxy. `token` is sent as a bearer token, `ca` is a PEM file
    with the authorities to trust instead of the usual ones. `timeout` is in seconds, for a connection, for an
    answer to begin and for it to end; a question is asked at most `retries` times again, when the server
    can't be reached, goes away or says that it is busy. Raises EngineError for what can't be meant.
    """

    url: str
    token: str | None = field(default=None, repr=False)
    ca: Path | None = None
    timeout: float = 10
    retries: int = 2

    def __post_init__(self) -> None:
        found = URL.fullmatch(self.url)
        if found is None or int(found["port"] or 0) > 65535:
            # Not quoted: it may hold a password.
            raise EngineError("the URL of the OPA server must be like https://opa.example.com:8181")
        if self.ca is not None and found["scheme"] == "http":
            raise EngineError(f"an authority is given for {self.url}, which is not asked over https")
        if self.token is not None:
            if not _TOKEN.fullmatch(self.token):
                raise EngineError("the token for the OPA server must be one word of plain ASCII")
            if found["scheme"] == "http" and not _is_this_machine(found["host"]):
                raise EngineError(f"the token would go to {self.url} in clear; use https")


class ServerEngine:
    """Decides on documents with a bundle's rules, as an OPA server holds them.

    It gives what `EmbeddedEngine` gives. An object belongs to one thread. Proxies, certificates and passwords
    that the environment names (`HTTPS_PROXY`, `REQUESTS_CA_BUNDLE`, `.netrc`) are not used.
    """

    def __init__(self, bundle: Bundle, server: Server) -> None:
        found = URL.fullmatch(server.url)
        assert found is not None
        is_tls = found["scheme"] == "https"
        self._bundle = bundle
        self._server = server
        try:
            self._client = _Client(
                host=found["host"],
                port=int(found["port"] or (443 if is_tls else 80)),
                version=f"{found['path']}/v1".lstrip("/"),
                ssl=str(server.ca) if server.ca else is_tls,
                token=server.token,
                retries=server.retries,
                timeout=server.timeout,
            )
        except OSError as error:
            raise self._error(f"can't be asked: {_reason(error)}") from error
        weakref.finalize(self, self._client.close_connection)

    def evaluate(self, document: bytes) -> list[RawFinding]:
        """All findings on one rule input (JSON with `spec` and perhaps `plan`), ordered.

        Raises EngineError when there is no answer to trust: none at all, one that comes from somewhere else,
        from other rules, or that isn't one; and for a document of another shape."""
        package, rule = ENTRYPOINT.split("/")
        try:
            read = msgspec.json.decode(document)
        except msgspec.DecodeError as error:
            raise EngineError(f"the rules can't read this document: {error}") from error
        try:
            answer = self._client.query_rule(read, package, rule, {"provenance": "true"})
        except Exception as error:
            raise self._error(_explain(error, self._server)) from error
        try:
            return checked(_findings(answer, self._bundle.revision), self._bundle.rules)
        except (EngineError, msgspec.ValidationError) as error:
            # It may quote what the server wrote, and that what it was sent.
            said = str(error).replace(self._server.token or "\0", "…")
            raise self._error(f"gives an answer that can't be used: {said}") from error

    def _error(self, what: str) -> EngineError:
        return EngineError(" ".join(f"the OPA server at {self._server.url} {what}".split())[:LONGEST])


def _findings(answer: object, revision: str) -> list[RawFinding]:
    """What an answer holds, if it comes from the bundle of that revision."""
    read = msgspec.convert(answer, _Answer)
    bundles = read.provenance.bundles
    if revision not in [bundle.revision for bundle in bundles.values()]:
        served = ", ".join(f"{name} at {bundle.revision[:12]}" for name, bundle in sorted(bundles.items()))
        raise EngineError(
            f"it is not from these rules, {revision[:12]}, but from {served or 'no bundle'}; give the server"
            " what `python -m policies.bundle server OUT.tar.gz` makes"
        )
    if read.result is msgspec.UNSET:
        raise EngineError("the rules can't read this document: `spec`, or the resources of its `plan`")
    return msgspec.convert(read.result, list[RawFinding])


class _Revision(msgspec.Struct):
    revision: str = ""


class _Provenance(msgspec.Struct):
    bundles: dict[str, _Revision] = {}


class _Answer(msgspec.Struct):
    provenance: _Provenance
    result: Any = msgspec.UNSET


class _UnreadAnswer(OSError):
    """An answer that is not read to its end."""


class _Client(OpaClient):
    """OPA's client with a session that follows, reads and trusts no more than a question needs."""

    def _init_session(self) -> Any:
        session = super()._init_session()
        session.trust_env = False
        session.max_redirects = 0
        session.headers["Accept-Encoding"] = "identity"
        session.hooks["response"].append(self._read)
        for adapter in session.adapters.values():
            adapter.max_retries = adapter.max_retries.new(
                allowed_methods=None,  # a question changes nothing, so it may be asked twice
                status_forcelist={429, 502, 503, 504},
                respect_retry_after_header=False,
            )
        return session

    def _read(self, response: Any, **_: Any) -> None:
        """Reads the answer, which requests would do without end."""
        end = time.monotonic() + self.timeout
        content = bytearray()
        while chunk := response.raw.read1(_CHUNK, decode_content=False):
            content += chunk
            if len(content) > LARGEST:
                response.close()
                raise _UnreadAnswer(f"gives an answer of more than {LARGEST >> 20} MiB")
            if time.monotonic() > end:
                response.close()
                raise _UnreadAnswer(f"was not done with its answer after {self.timeout:g} s")
        response.raw = io.BytesIO(content)


_HINTS = {
    400: "as it does over http where it speaks https",
    401: "it wants a token, or another one",
    403: "it does not let this token ask for main/findings",
    404: "there is no OPA at this URL",
}


def _explain(error: Exception, server: Server) -> str:
    """Why there is no answer."""
    cause = _innermost(error)
    response = getattr(error, "response", None)
    if response is not None:
        status: int = response.status_code
        redirect = "a redirect, which is not followed: give its own URL" if status < 400 else ""
        return f"answers {status}, {_HINTS.get(status, redirect)}".rstrip(", ")
    if isinstance(cause, ssl.SSLError):
        what = getattr(cause, "verify_message", "") or cause.reason or "no TLS"
        return f"can't be trusted ({what}); a PEM file can name its authority"
    if isinstance(cause, TimeoutError):
        return f"gave no answer in {server.timeout:g} s, asked {server.retries + 1} times"
    if isinstance(cause, json.JSONDecodeError | UnicodeDecodeError | RecursionError):
        return "gives an answer that can't be used: it is no JSON"
    if isinstance(cause, _UnreadAnswer):
        return str(cause)
    return f"can't be asked: {_reason(cause)}"


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def _innermost(error: BaseException) -> BaseException:
    """What requests and urllib3 have wrapped, each in its own words."""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return error if cause is None else _innermost(cause)


def _reason(error: BaseException) -> str:
    return " ".join((getattr(error, "strerror", None) or str(error) or type(error).__name__).split())
