"""The seal: the stack's output `pave`, which says what the gate has judged, by which rules, and how.

The program can't know which catalog is the right one, so every update records which one was judged.
"""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec

from catalog.document import Document
from policies.decision import Decision
from stacks.gate.break_glass import Glass
from stacks.stack import home

OUTPUT = "pave"
"""The name of the output."""

GLASS = "breakGlass"
"""The key of the broken glass in that output; absent when no glass was broken."""


class BrokenGlass(msgspec.Struct, frozen=True):
    """A broken glass as an update recorded it: the incident, the reason, the person and the last day (ISO
    8601), each empty when it is missing. `passed` are the ids of the rules whose findings it passed, None
    when the update failed before it recorded them."""

    incident: str
    reason: str
    person: str
    expires: str
    passed: list[str] | None


def seal(decision: Decision, documents: Iterable[Document], root: Path, revision: str) -> dict[str, Any]:
    """The output without a broken glass: pave's version, the `revision` of the rules, the digest of the
    stack's own `documents` in the catalog at `root`, and the counts of the decision.

    The same on every machine."""
    counts = decision.counts
    return {
        "version": version("pave"),
        "rules": revision,
        "catalog": {"root": _shown(root), "digest": digest(documents)},
        "decision": {
            "rules": counts.rules,
            "blocking": counts.blocking,
            "nextSteps": counts.next_steps,
            "undecided": counts.undecided,
            "waived": sorted({one.waiver for one in decision.findings if one.waiver is not None}),
        },
    }


def broken(glass: Glass, passed: Any) -> dict[str, Any]:
    """The broken glass for the output; `passed` are the ids of rules, or a Pulumi output of them."""
    return {**msgspec.to_builtins(glass), "passed": passed}


def read_broken(output: Any) -> BrokenGlass | None:
    """The broken glass in the value of the output `pave`; None when there is none."""
    found = output.get(GLASS) if isinstance(output, Mapping) else None
    return None if found is None else _broken(found)


def read_setting(text: str) -> BrokenGlass:
    """The broken glass in the configuration value `pave:breakGlass`, which the engine keeps as JSON text.
    Fields that can't be read are empty."""
    try:
        return _broken(msgspec.json.decode(text))
    except msgspec.DecodeError:
        return _broken({})


def _broken(found: Any) -> BrokenGlass:
    said = found if isinstance(found, Mapping) else {}
    who = {name: str(said.get(name, "")) for name in ("incident", "reason", "person", "expires")}
    passed = said.get("passed")
    return BrokenGlass(**who, passed=[str(rule) for rule in passed] if isinstance(passed, list) else None)


def digest(documents: Iterable[Document]) -> str:
    """The SHA-256 of the content of documents, without their layout and comments."""
    found = {document.path: document.data for document in documents}
    return sha256(msgspec.json.encode(found, order="deterministic")).hexdigest()


def _shown(root: Path) -> str:
    """The path of a catalog; relative when it is in this checkout, so that two checkouts give the same."""
    found = root.resolve()
    return str(found.relative_to(home())) if found.is_relative_to(home()) else str(found)
