"""What a stack remembers of its gate: the output `pave`, seen with all others after each update.

The program can't know which catalog is the right one, so it says which it has judged, and by what.
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
"""Where in it a broken glass is; without one there is nothing."""


class BrokenGlass(msgspec.Struct, frozen=True):
    """A broken glass of an update: the incident, the reason, the person, its last day, and the ids of the
    rules whose findings it passed, None when the update failed before it said. What nobody wrote is empty."""

    incident: str
    reason: str
    person: str
    expires: str
    passed: list[str] | None


def seal(decision: Decision, documents: Iterable[Document], root: Path, revision: str) -> dict[str, Any]:
    """Which rules decided what on which documents: the stack's own, in the catalog at `root`.

    It is the same on every machine."""
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
    """What the output says of a broken glass; `passed` are rules' ids, or an output of Pulumi's that gives
    them."""
    return {**msgspec.to_builtins(glass), "passed": passed}


def read_broken(output: Any) -> BrokenGlass | None:
    """The broken glass that an output of this name keeps, None when it keeps none."""
    found = output.get(GLASS) if isinstance(output, Mapping) else None
    return None if found is None else _broken(found)


def read_setting(text: str) -> BrokenGlass:
    """The broken glass that a stack's setting of that name holds, as the engine keeps it: JSON."""
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
    """The SHA-256 over what some documents say, whatever their layout and comments."""
    found = {document.path: document.data for document in documents}
    return sha256(msgspec.json.encode(found, order="deterministic")).hexdigest()


def _shown(root: Path) -> str:
    """Where a catalog is: below pave's own home without it, so that two checkouts say the same."""
    found = root.resolve()
    return str(found.relative_to(home())) if found.is_relative_to(home()) else str(found)
