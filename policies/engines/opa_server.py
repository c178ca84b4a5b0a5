"""The other policy engine: an OPA server, for platforms that run one. It is only asked, never written to.

The server holds the bundle that `python -m policies.building server` makes. With each answer it says which
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

from policies.engines.answer import (
    ENTRYPOINT,
    LARGEST,
    EngineError,
    RawFinding,
    Stopped,
    blamed,
    checked,
    entrypoint_of,
)
from policies.rule import Bundle

URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>(?:/[\w.~-]+)*)/?",
    re.ASCII,
)
"""Where a server is. No user, query or fragment: a token has its own place."""

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
        self._name = f"the OPA server at {server.url}"
        self._options: dict[str, Any] = {
            "host": found["host"],
            "port": int(found["port"] or (443 if is_tls else 80)),
            "version": f"{found['path']}/v1".lstrip("/"),
            "ssl": str(server.ca) if server.ca else is_tls,
            "token": server.token,
            "timeout": server.timeout,
        }
        self._client = self._new_client(server.retries)
        weakref.finalize(self, self._client.close_connection)

    def evaluate(self, document: bytes) -> list[RawFinding]:
        """All findings on one rule input (JSON with `spec` and perhaps `plan`), ordered.

        Raises EngineError when there is no answer to trust: none at all, one that comes from somewhere else,
        from other rules, or that isn't one; and for a document of another shape. When the server can't answer
        in time, or breaks off, it is asked for each rule alone, and the error names those to blame."""
        try:
            read = msgspec.json.decode(document)
        except msgspec.DecodeError as error:
            raise EngineError(f"the rules can't read this document: {error}") from error
        try:
            return self._ask(self._client, ENTRYPOINT, read)
        except Stopped as stopped:
            what = stopped.what
        raise self._blamed(what, read)  # out of the handler: what fails now fails for reasons of its own

    def _ask(self, client: "_Client", question: str, document: Any) -> list[RawFinding]:
        answer = self._query(client, question, document)
        try:
            return checked(_findings(answer, self._bundle.revision), self._bundle.rules)
        except (EngineError, msgspec.ValidationError) as error:
            # It may quote what the server wrote, and that what it was sent.
            said = str(error).replace(self._server.token or "\0", "…")
            raise self._error(f"gives an answer that can't be used: {said}") from error

    def _query(self, client: "_Client", question: str, document: Any) -> object:
        """An answer as it comes. Raises Stopped when a rule may be to blame that there is none, EngineError
        when something else is."""
        try:
            return client.query_rule(document, question, None, {"provenance": "true"})
        except Exception as error:
            what = _explain(error, client, question)
            raise (Stopped(what) if _is_stopped(error) else self._error(what)) from error

    def _blamed(self, what: str, document: Any) -> EngineError:
        """Which rules keep the server from answering; where that can't be told, what is known."""
        client = self._new_client(0)

        def seconds(rule: str) -> float:
            begin = time.monotonic()
            self._ask(client, entrypoint_of(rule), document)
            return time.monotonic() - begin

        try:
            self._query(client, ENTRYPOINT, {})  # no rule has a part in the answer to that
        except EngineError:
            return self._error(what)
        try:
            return self._error(f"gives no verdict: {blamed(what, self._bundle.rules, seconds)}")
        except EngineError as error:
            alone = str(error).removeprefix(f"{self._name} ")
            return self._error(f"{what}; which rule is to blame can't be told: for one alone it {alone}")
        finally:
            client.close_connection()

    def _new_client(self, retries: int) -> "_Client":
        try:
            return _Client(**self._options, retries=retries)
        except OSError as error:
            raise self._error(f"can't be asked: {_reason(error)}") from error

    def _error(self, what: str) -> EngineError:
        return EngineError(" ".join(f"{self._name} {what}".split())[:LONGEST])


def _findings(answer: object, revision: str) -> list[RawFinding]:
    """What an answer holds, if it comes from the bundle of that revision."""
    read = msgspec.convert(answer, _Answer)
    bundles = read.provenance.bundles
    if revision not in [bundle.revision for bundle in bundles.values()]:
        served = ", ".join(f"{name} at {bundle.revision[:12]}" for name, bundle in sorted(bundles.items()))
        raise EngineError(
            f"it is not from these rules, {revision[:12]}, but from {served or 'no bundle'}; give the server"
            " what `python -m policies.building server OUT.tar.gz` makes"
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
    403: "it does not let this token ask for {question}",
    404: "there is no OPA at this URL",
    500: "the evaluation broke off",
}


def _is_stopped(error: Exception) -> bool:
    """Whether it may be a rule's fault that there is no answer."""
    status = getattr(getattr(error, "response", None), "status_code", None)
    return status == 500 or isinstance(_innermost(error), TimeoutError | _UnreadAnswer)


def _explain(error: Exception, client: _Client, question: str) -> str:
    """Why there is no answer."""
    cause = _innermost(error)
    response = getattr(error, "response", None)
    if response is not None:
        status: int = response.status_code
        redirect = "a redirect, which is not followed: give its own URL" if status < 400 else ""
        return f"answers {status}, {_HINTS.get(status, redirect).format(question=question)}".rstrip(", ")
    if isinstance(cause, ssl.SSLError):
        what = getattr(cause, "verify_message", "") or cause.reason or "no TLS"
        return f"can't be trusted ({what}); a PEM file can name its authority"
    if isinstance(cause, TimeoutError):
        again = f", asked {client.retries + 1} times" if client.retries else ""
        return f"gave no answer in {client.timeout:g} s{again}"
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
