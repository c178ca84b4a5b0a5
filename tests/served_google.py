"""Google's APIs as they answer `pave`, and no other call than their discovery documents know.

`google_discovery.json` says which documents, and what of them is restated."""

import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote

from pave.google_client import GoogleApi

BEARER = "ya29.token"
DOCUMENTS = Path(__file__).with_name("google_discovery.json")
Secrets = dict[str, list[dict[str, Any]]]
"""The versions of secrets, by their names."""


class Method(NamedTuple):
    """A method of an API: which `query` parameters, `request` fields and `response` fields it has."""

    path: re.Pattern[str]
    query: set[str]
    request: set[str]
    response: set[str]


@cache
def methods() -> dict[str, list[Method]]:
    """All that is restated, by HTTP method."""
    found: dict[str, list[Method]] = {}
    for api in json.loads(DOCUMENTS.read_text("utf-8"))["apis"].values():
        for route, method in api["methods"].items():
            verb, _, path = route.partition(" ")
            pattern = "".join(
                "[^/]+" if part.startswith("{") else re.escape(part)
                for part in re.split(r"(\{[^}]*\})", path)
            )
            fields = ({*method.get(each, ())} for each in ("query", "request", "response"))
            found.setdefault(verb, []).append(Method(re.compile(pattern), *fields))
    return found


def method_of(verb: str, path: str) -> Method:
    """The method that is called by a path, which begins with the host. Raises LookupError."""
    found = [each for each in methods().get(verb, ()) if each.path.fullmatch(path)]
    if not found:
        raise LookupError(f"no document knows {verb} {path}")
    return found[0]


class Answers(BaseHTTPRequestHandler):
    """`found` are the resources by path, with `(status, message)` for an error; `disabled` are APIs,
    `missing` permissions; `strays` are calls that no document knows, and answers that none would give."""

    found: dict[str, Any]
    disabled: set[str]
    missing: set[str]
    secrets: Secrets
    all_are_set: bool
    strays: list[str]

    def do_GET(self) -> None:
        self._serve("GET", None)

    def do_POST(self) -> None:
        self._serve("POST", json.loads(self.rfile.read(int(self.headers["content-length"]))))

    def _serve(self, verb: str, body: Any) -> None:
        path, _, query = self.path.lstrip("/").partition("?")
        asked = parse_qs(query)
        try:
            method = method_of(verb, path)
        except LookupError as error:
            self.strays.append(str(error))
            self._fail(404, "no such method")
            return
        self.strays += [f"{path} takes no {name}" for name in {*asked} - method.query]
        self.strays += [f"{path} takes no {name}" for name in _named(body, method.request)]
        if self.headers["authorization"] != f"Bearer {BEARER}":
            self._fail(401, "Request had invalid authentication credentials.")
            return
        status, answer = self._answer_to(unquote(path), asked, body)
        if status == 200:
            self.strays += [f"{path} answers no {name}" for name in _named(answer, method.response)]
        self._send(status, answer)

    def _answer_to(self, path: str, query: Mapping[str, list[str]], body: Any) -> tuple[int, Any]:
        below = path.partition("/")[2].partition("/")[2]
        if path.endswith("/services:batchGet"):
            names = query["names"]
            off = {name for name in names if name.rpartition("/")[2] in self.disabled}
            states = [{"name": n, "state": "DISABLED" if n in off else "ENABLED"} for n in names]
            return 200, {"services": states}
        if path.endswith(":testIamPermissions"):
            assert len(body["permissions"]) <= 100
            granted = [each for each in body["permissions"] if each not in self.missing]
            return 200, {"permissions": granted} if granted else {}
        if path.startswith("secretmanager.") and below.endswith(("/versions", ":addVersion")):
            return self._version(below, query, body)
        there = next((self.found[each] for each in (path, below) if each in self.found), None)
        below = below.partition("/")[2]
        there = self.found.get(below) if there is None else there
        if there is None:
            return 404, _error(404, f"The resource '{below}' was not found")
        return (there[0], _error(*there)) if isinstance(there, tuple) else (200, there)

    def _version(self, path: str, query: Mapping[str, list[str]], body: Any) -> tuple[int, Any]:
        secret = path.removesuffix("/versions").removesuffix(":addVersion")
        if self.all_are_set:
            self.secrets.setdefault(secret, [{"name": "1", "state": "ENABLED"}])
        if secret not in self.secrets:
            return 404, _error(404, "Secret not found")
        if body is None:
            assert query["filter"] == ["state:ENABLED"]
            enabled = [
                {name: version[name] for name in ("name", "state")}
                for version in self.secrets[secret]
                if version["state"] == "ENABLED"
            ]
            return 200, {"versions": enabled} if enabled else {}
        name = f"{secret}/versions/{len(self.secrets[secret]) + 1}"
        self.secrets[secret].append({"name": name, "state": "ENABLED", "data": body["payload"]["data"]})
        return 200, {"name": name}

    def _fail(self, status: int, message: str) -> None:
        self._send(status, _error(status, message))

    def _send(self, status: int, body: Any) -> None:
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: Any) -> None:
        pass


def _error(status: int, message: str) -> dict[str, Any]:
    return {"error": {"code": status, "message": message}}


def _named(body: Any, known: set[str], prefix: str = "") -> Iterator[str]:
    """The fields of a body that aren't known."""
    for name, value in body.items() if isinstance(body, Mapping) else ():
        path = f"{prefix}{name}"
        if path not in known:
            yield path
        elif any(each.startswith(f"{path}.") for each in known):
            for each in value if isinstance(value, list) else [value]:
                yield from _named(each, known, f"{path}.")


def apis() -> Iterator[GoogleApi]:
    """All that pave asks."""
    from pave.delivery.google_secrets import SECRET_MANAGER
    from pave.preflight import google_project

    yield SECRET_MANAGER
    for found in vars(google_project).values():
        yield from (found,) if isinstance(found, GoogleApi) else ()
    yield from google_project.ROOTS.values()


@contextmanager
def google(
    found: dict[str, Any] | None = None,
    *,
    disabled: set[str] | None = None,
    missing: set[str] | None = None,
    secrets: Secrets | None = None,
    all_are_set: bool = False,
) -> Iterator[Mapping[str, str]]:
    """Serves these, and with `all_are_set` any other secret as one that has a value. Gives the variables that
    lead there. Fails at the end when something was asked, or answered, that Google has no method for."""
    strays: list[str] = []
    fields = {
        "found": found or {},
        "disabled": disabled or set(),
        "missing": missing or set(),
        "secrets": {} if secrets is None else secrets,
        "all_are_set": all_are_set,
        "strays": strays,
    }
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("ServedAnswers", (Answers,), fields))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    root = f"http://127.0.0.1:{server.server_address[1]}/"
    try:
        yield {
            **{api.endpoint: f"{root}{api.root.removeprefix('https://')}/" for api in apis()},
            "GOOGLE_OAUTH_ACCESS_TOKEN": BEARER,
        }
    finally:
        server.shutdown()
        server.server_close()
    assert not strays, "; ".join(strays)
