"""What a stack remembers of its gate: the output `pave`, seen with all others after each update.

The program can't know which catalog is the right one, so it says which it has judged, and by what.
"""

from collections.abc import Iterable
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec

from catalog.document import Document
from policies.decision import Decision
from stacks.break_glass import Glass
from stacks.stack import home
from stacks.tripwire import final

OUTPUT = "pave"
"""The name of the output."""


def seal(
    decision: Decision, documents: Iterable[Document], root: Path, revision: str, glass: Glass | None
) -> dict[str, Any]:
    """Which rules decided what on which documents: the stack's own, in the catalog at `root`.

    It is the same on every machine. `passed` names the rules that a glass passes, those included that only
    the update decides."""
    counts = decision.counts
    said: dict[str, Any] = {
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
    if glass is not None:
        passed = sorted({one.rule for one in final(decision).findings if one.blocking})
        said["breakGlass"] = {**msgspec.to_builtins(glass), "passed": passed}
    return said


def digest(documents: Iterable[Document]) -> str:
    """The SHA-256 over what some documents say, whatever their layout and comments."""
    found = {document.path: document.data for document in documents}
    return sha256(msgspec.json.encode(found, order="deterministic")).hexdigest()


def _shown(root: Path) -> str:
    """Where a catalog is: below pave's own home without it, so that two checkouts say the same."""
    found = root.resolve()
    return str(found.relative_to(home())) if found.is_relative_to(home()) else str(found)
