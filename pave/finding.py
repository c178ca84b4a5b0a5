"""Where the catalog and the local cloud are, for whoever stands in a folder below."""

import os
from collections.abc import Iterator
from pathlib import Path

CATALOG = Path("catalog")
STATE = Path(".cloud")
"""Where a local cloud and its stacks are kept unless `--state` says otherwise."""


def find_catalog(here: Path) -> Path:
    """The catalog that is meant without `--catalog`: the folder `catalog` here, or in a folder above, not
    further than the repository goes; or the catalog that this folder lies in. `catalog` when there is none:
    that is what isn't there."""
    for folder in _upwards(here):
        for found in (folder / CATALOG, folder):
            if _is_catalog(found):
                return _from(here, found)
    return CATALOG


def find_state(here: Path) -> Path:
    """The state of the local cloud that is meant without `--state`: here, or in the nearest folder above that
    has one, not further than the repository goes; else a new one beside the catalog."""
    for folder in _upwards(here):
        if (folder / STATE).is_dir():
            return _from(here, folder / STATE)
    beside = (here / find_catalog(here)).resolve()
    return _from(here, beside.parent / STATE) if _is_catalog(beside) else STATE


def place(root: Path, document: str) -> str:
    """A document of the catalog at `root` as an editor opens it from where the reader is:
    `catalog/services/portal.yaml`."""
    if document.startswith("../"):
        return Path(os.path.relpath(root.resolve() / document)).as_posix()
    return (root / document).as_posix()


def repository_of(catalog: Path) -> Path:
    """The folder from which reports name files: of the repository that holds a catalog, also where that is in
    a submodule of it; without one, the folder that holds the catalog."""
    root = catalog.resolve()
    for folder in (root, *root.parents):
        mark = folder / ".git"
        if mark.is_dir() or (mark.is_file() and "/modules/" not in mark.read_text("utf-8", "replace")):
            return folder
    return root.parent


def _upwards(here: Path) -> Iterator[Path]:
    for folder in (here, *here.parents):
        yield folder
        if (folder / ".git").exists():
            return


def _is_catalog(folder: Path) -> bool:
    """Whether a folder holds what every catalog has: the environments that services run in, and teams."""
    return (folder / "environments").is_dir() and (folder / "teams").is_dir()


def _from(here: Path, place: Path) -> Path:
    return Path(os.path.relpath(place, here))
