"""A catalog with a shop in it, and what comes of an edit: in a check, and in the update after it."""

import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from catalog.loader import Catalog, load
from pave.checking.check import collected
from pave.checking.gate_changes import gate_changes
from pave.checking.judge import Judge, judge_documents
from pave.planning.compare import differences
from pave.reviewing.guards import update_refusals
from policies.engines.embedded import EmbeddedEngine
from policies.rule import Bundle
from stacks.plan import record_stack
from stacks.recording.model import RecordingError
from stacks.stack import service_stack
from tests.repository import committed
from tests.shipped import NAMED_BY_SERVICES

HOME = Path(__file__).resolve().parents[2]
SHOP = "services/shop.yaml"
TODAY = date(2026, 11, 21)

Said = frozenset[tuple[str, str]]
"""Answers, each with the rule or the guard that gives it: `blocks`, `said`, `seen` or `refused`."""


class Edit(NamedTuple):
    """In the file `path` of the catalog, `new` stands where `old` stood; where `old` is empty, the file is
    new."""

    path: str
    old: str
    new: str


def world(folder: Path) -> Path:
    """A catalog with a shop that nothing is wrong with, and the shipped services whose hosts are taken."""
    root = folder / "catalog"
    for part in (*NAMED_BY_SERVICES, "waivers"):
        shutil.copytree(HOME / "catalog" / part, root / part)
    (root / "services").mkdir()
    shutil.copyfile(HOME / "catalog/services/customersdot.yaml", root / "services/customersdot.yaml")
    text = (HOME / "tests/mistakes/base/service.yaml").read_text("utf-8")
    limit = "{requests: 20, perSeconds: 60}"
    assert limit in text
    (root / SHOP).write_text(text.replace(limit, limit[:-1] + ", previewedOn: 2026-11-01}"), "utf-8")
    return root


def edit(root: Path, edits: Sequence[Edit]) -> None:
    """Makes the edits in the files of a catalog."""
    for path, old, new in edits:
        file = root / path
        text = file.read_text("utf-8") if old else ""
        assert old in text, (path, old)
        file.parent.mkdir(exist_ok=True)
        file.write_text(text.replace(old, new, 1) if old else new, "utf-8")


def checked(root: Path, bundle: Bundle) -> Said:
    """What a check says of all in a catalog but the shipped services."""
    catalog = load(root)
    judged = [
        document
        for named in catalog.documents.values()
        for document in named.values()
        if document.path != "services/customersdot.yaml"
    ]
    judge = Judge(catalog, lambda: EmbeddedEngine(bundle), bundle.rules, TODAY)
    decisions, problems = judge_documents(catalog, judged, "production", judge)
    made = collected(catalog, decisions, problems, None)
    found = {("blocks", problem.rule) for problem in made.problems}
    found |= {("blocks", "unreadable") for _ in made.unusable}
    for decision in decisions:
        found |= {("blocks" if one.blocking else "said", one.rule) for one in decision.findings}
        found |= {("said", one.rule) for one in decision.findings if one.approval and one.waiver}
    return frozenset(found)


def seen(root: Path, edits: Sequence[Edit]) -> Said:
    """What `pave check --target` says that the edits change about the gate itself."""
    committed(root.parent)
    edit(root, edits)
    return frozenset(("seen", change.part) for change in gate_changes("HEAD", root))


def updated(before: Catalog, after: Catalog) -> Said:
    """Why an update of the shop wouldn't be made."""
    stack = service_stack("shop", "production")
    try:
        old, new = (record_stack(catalog, stack) for catalog in (before, after))
    except RecordingError:
        return frozenset({("refused", "recording")})
    refused = update_refusals(differences(old, new), len(old.resources))
    return frozenset(("refused", one.guard) for one in refused)
