"""Ways of the shipped CustomersDot, for tests."""

import shutil
from pathlib import Path
from typing import Any

from catalog.loader import Catalog, load
from catalog.migration.phases import MigrationPhase, phases
from catalog.migration.under_way import MovingDocument
from catalog.overrides import merge_override
from catalog.yaml.text import data_of

CATALOG = Path(__file__).parents[2] / "catalog"
TODAY = CATALOG / "examples" / "customersdot-today.yaml"
TARGET = CATALOG / "services" / "customersdot.yaml"
MIGRATION = Path("migrations") / "customersdot.yaml"
KINDS = (
    "environments",
    "migrations",
    "previews",
    "services",
    "teams",
    "units",
    "vendors",
    "waivers",
    "globals",
    "examples",
)


def spec_of(path: Path) -> Any:
    """The spec of a service in production, as its owner wrote it."""
    return merge_override(data_of(path.read_bytes(), path.name), "production")[0]["spec"]


def shipped_phases() -> list[MigrationPhase]:
    """The phases of CustomersDot."""
    return phases(spec_of(TODAY), spec_of(TARGET))


def catalog_in(place: Path, phase: str) -> Path:
    """A copy of the shipped catalog in which CustomersDot is in a phase."""
    for kind in KINDS:
        shutil.copytree(CATALOG / kind, place / kind)
    file = place / MIGRATION
    file.write_text(file.read_text("utf-8").replace("phase: done", f"phase: {phase}"), "utf-8")
    return place


def way_in(root: Path) -> tuple[Catalog, MovingDocument]:
    """A catalog, and the way of CustomersDot in it."""
    catalog = load(root)
    way = catalog.way("customersdot")
    assert way is not None
    return catalog, way
