"""Where a file of the catalog went that is no longer where it was: moved, or given another name."""

from collections.abc import Iterable
from difflib import SequenceMatcher
from pathlib import Path

from catalog.document import Document
from catalog.yaml.parsed import Unusable
from catalog.yaml.text import data_of, read

ALIKE = 0.5
"""From which share of equal lines on another file is the same one, as git's: https://git-scm.com/docs/git-diff
(`--find-renames`)."""


def moved_to(document: Document, differing: Iterable[str], repository: Path) -> str | None:
    """The path, among those that `differing` names from the root of a repository, of the file that a document
    has become: one of its kind and name, else the one most like it. None when it is just gone."""
    alike: list[tuple[float, str]] = []
    for path in differing:
        file = repository / path
        if file.suffix.lower() not in {".yaml", ".yml"} or not file.is_file():
            continue
        try:
            text = read(file, path)
            data = data_of(text, path)
        except Unusable:
            continue
        if data.get("kind") != document.kind:
            continue
        if (data.get("metadata") or {}).get("name") == document.name:
            return path
        was, becomes = (each.decode(errors="replace").splitlines() for each in (document.text, text))
        alike.append((SequenceMatcher(None, was, becomes, autojunk=False).ratio(), path))
    share, path = max(alike, default=(0.0, ""))
    return path if share >= ALIKE else None
