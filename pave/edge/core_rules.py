"""Asks the real core rule set what it recognises in requests: `tools/core-rules`, which is Coraza
(https://coraza.io) with the OWASP core rules of the version that Cloud Armor's groups have.

It is not Google's engine. What it can't know is in `UNLIKE_GOOGLE`.
"""

import base64
import json
import subprocess
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from components.design.edge.request import Signature, Unknown
from pave.refused import Refused
from pave.workspace import HOME

BUILT = HOME / ".tools" / "core-rules"

MISSING = "core rules weren't asked: `python tools/build.py core-rules` in the checkout builds what asks them"

UNLIKE_GOOGLE = (
    "Core rules answered in Coraza, with the OWASP rules of 4.22.0; Google runs the same rules in an engine"
    " of its own, with its own changes, and reads no more of a body than the first kilobytes."
)
"""https://cloud.google.com/armor/docs/security-policy-overview#post_and_patch_body_inspection_limitation"""

CLIENT = "192.0.2.1"
"""No core rule of the groups asks for the client's address."""


class Asking(NamedTuple):
    """A request as core rules see it. `uri` is the path with what follows `?`."""

    method: str
    uri: str
    host: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


def is_built() -> bool:
    """Whether what asks them is here."""
    return BUILT.is_file()


def recognised(requests: Sequence[Asking]) -> list[tuple[Signature, ...] | Unknown]:
    """What core rules recognise in each of the requests, at every paranoia level; or that they weren't asked,
    where what asks them isn't built. Raises Refused when it fails."""
    if not is_built():
        return [Unknown(MISSING)] * len(requests)
    done = subprocess.run(
        [BUILT], input="".join(_lines(requests)), capture_output=True, text=True, check=False
    )
    answers = done.stdout.splitlines()
    if done.returncode or len(answers) != len(requests):
        raise Refused(f"{BUILT} gave no answer: {done.stderr.strip() or f'exit {done.returncode}'}")
    return [tuple(Signature(each["rule"], each["level"]) for each in json.loads(line)) for line in answers]


def _lines(requests: Iterable[Asking]) -> Iterable[str]:
    for each in requests:
        asked = {
            "method": each.method,
            "uri": each.uri,
            "host": each.host,
            "client": CLIENT,
            "headers": each.headers,
            "body": base64.b64encode(each.body).decode(),
        }
        yield json.dumps(asked) + "\n"
