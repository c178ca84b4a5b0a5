"""Reads the files of requests by which the OWASP core rules test themselves, in go-ftw's format
(https://github.com/coreruleset/go-ftw#yaml-format), one or several of them in a row.

A request that no rule has to recognise counts as answered, so that whoever refuses it is told as a false
alarm; one that some rule has to recognise counts as refused. They have no time and no client: each comes from
an address of its own, so that no limit counts them together."""

import re
from collections.abc import Iterator, Mapping
from ipaddress import IPv6Address
from typing import Any

from catalog.yaml.parsed import Unusable
from catalog.yaml.text import parse
from pave.edge.logged import Logged

CLIENTS = int(IPv6Address("2001:db8::"))
"""Addresses for examples (https://www.rfc-editor.org/rfc/rfc3849)."""

FORM = "application/x-www-form-urlencoded"


def requests_in(text: bytes) -> Iterator[tuple[int, Logged | None]]:
    """Each test by its number, from 1, and None for one that is no single request: raw bytes of a connection,
    or several stages. Nothing where the text is no such file."""
    for number, test in enumerate(_tests(text), 1):
        yield number, _request(test, number)


def _tests(text: bytes) -> Iterator[Any]:
    """What can't be read stands for one test."""
    for document in re.split(rb"^---[ \t]*$", text, flags=re.MULTILINE):
        if not document.strip():
            continue
        try:
            tests = parse(document, "requests").data.get("tests")
        except Unusable:
            tests = [None]
        yield from tests if isinstance(tests, list) else ()


def _request(test: Any, number: int) -> Logged | None:
    stages = _of(test, "stages")
    if not isinstance(stages, list) or len(stages) != 1:
        return None
    stage = _of(stages[0], "stage") or stages[0]
    asked, uri = _of(stage, "input"), _of(_of(stage, "input"), "uri")
    if not isinstance(uri, str) or not uri.startswith("/") or _of(asked, "encoded_request"):
        return None
    body = str(_of(asked, "data") or "").encode(errors="replace")
    headers = _of(asked, "headers") or {}
    if not isinstance(headers, Mapping):
        return None
    said = [(str(name), str(value)) for name, value in headers.items()]
    if body and not any(name.lower() == "content-type" for name, _ in said):
        said.append(("Content-Type", FORM))
    is_attack = bool(_of(_of(_of(stage, "output"), "log"), "expect_ids"))
    return Logged(
        at=0.0,
        method=str(_of(asked, "method") or "GET"),
        uri=uri,
        host=None,
        status=403 if is_attack else 200,
        agent=next((value for name, value in said if name.lower() == "user-agent"), ""),
        connected=None,
        client=str(IPv6Address(CLIENTS + number)),
        headers=tuple(said),
        body=body,
    )


def _of(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else None
