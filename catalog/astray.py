"""Specs that lie where no catalog is read: nobody would hear that they count for nothing."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from catalog import validation
from catalog.nearest import nearest

ENDINGS = (".yaml", ".yml")
"""Of the files that are read."""

ENOUGH = 4096
"""In so many bytes a spec says that it is one."""

_SPEC = re.compile(rb"^apiVersion: *[\"']?pave/", re.MULTILINE)
_KEPT_ASIDE = (".md", "~", ".bak", ".orig", ".rej", ".swp", ".tmp")
"""Endings of texts about specs, and of what editors and merges leave beside a file."""


def astray(root: Path) -> Iterator[tuple[Path, str, str]]:
    """The specs of the catalog at `root` that aren't read: those with another ending in the folder of a kind,
    those beside these folders, and those in a folder that was probably meant to be one. Each with why, and
    how to mend it."""
    folders = validation.kind_folders()
    for folder in folders.values():
        for path in _specs(root / folder):
            if not path.name.endswith(ENDINGS):
                yield path, "is a spec, and isn't read by that ending", "Let its name end in `.yaml`."
    if not root.is_dir():
        return
    for entry in sorted(root.iterdir()):
        if entry.is_dir() and entry.name not in folders.values():
            alike = [folder for folder in folders.values() if _may_be(entry.name, folder)]
            found = list(_specs(entry)) if alike else []
            meant = nearest(entry.name, alike) if found else None
            if meant is not None:
                what = f"is a spec, and nothing in `{entry.name}` is read"
                yield from ((path, what, f"Did you mean `{meant}`?") for path in found)
        elif _is_spec(entry):
            listed = ", ".join(f"`{folder}`" for folder in folders.values())
            yield entry, "is a spec in no folder of a kind", f"Move it to the folder of its kind: {listed}."


def _may_be(name: str, folder: str) -> bool:
    """Whether a folder's name is worth a look: comparing letters takes a library that is slow to load."""
    return name[0].casefold() == folder[0] and abs(len(name) - len(folder)) < 3


def _specs(place: Path) -> Iterator[Path]:
    for folder, below, names in os.walk(place):
        below[:] = sorted(name for name in below if not name.startswith("."))
        yield from (path for name in sorted(names) if _is_spec(path := Path(folder, name)))


def _is_spec(path: Path) -> bool:
    if path.name.startswith(".") or path.name.endswith(_KEPT_ASIDE) or not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            return _SPEC.search(file.read(ENOUGH)) is not None
    except OSError:
        return False
