"""Monitoring as files: which formats there are, and how they are written."""

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import msgspec

from catalog.document import Json
from catalog.kinds.service import Service
from catalog.loader import Catalog
from components.design.monitoring.monitored import monitored


def formats() -> list[str]:
    """The words for all formats, sorted."""
    from pave.monitoring import formats as folder

    return sorted(module.name.replace("_", "-") for module in iter_modules(folder.__path__))


def exported(catalog: Catalog, service: Service, format_: str) -> dict[str, Json]:
    """The files of a format, by their names."""
    made = import_module(f"pave.monitoring.formats.{format_.replace('-', '_')}")
    found: dict[str, Json] = made.files(monitored(catalog, service, made.DIALECT))
    return found


def as_yaml(content: Any) -> bytes:
    """A document as a file holds it."""
    return msgspec.yaml.encode(content)


def as_json(content: Any) -> bytes:
    """The same as JSON."""
    return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"


def write(files: dict[str, Json], folder: Path) -> list[Path]:
    """Writes the files into a folder, which is made, and gives back their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for name, content in files.items():
        path = folder / name
        path.write_bytes(as_json(content) if path.suffix == ".json" else as_yaml(content))
        made.append(path)
    return made
