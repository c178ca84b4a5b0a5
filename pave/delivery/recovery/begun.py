"""What a stack had begun to create when it was cut off, as it asked for it: kept beside the stack until it is
settled.

A refresh replaces what a note says by what the cloud has, and a recovery may be cut off right after one. Only
this record tells then what was asked for."""

import json
from pathlib import Path

from catalog.document import Json
from pave.delivery.recovery.adoption import CREATING
from pave.files import replace_file
from stacks.backend import note_of


class Begun:
    """The record of the stack of that name; `folder` is where its engine works."""

    def __init__(self, folder: Path, stack: str) -> None:
        self._path = folder / f"{stack}.begun.json"

    def keep(self, noted: Json) -> None:
        """Adds what a state has notes on as being created, unless the record knows it already: that is what
        was asked for, before any refresh."""
        notes = [(note, each) for each in noted.get("resources") or [] if (note := note_of(each)) is not None]
        asked = {note.urn: each.get("inputs") or {} for note, each in notes if note.doing == CREATING}
        known = self.inputs()
        if not asked.keys() <= known.keys():
            replace_file(self._path, json.dumps({**asked, **known}).encode())

    def inputs(self) -> dict[str, Json]:
        """The inputs that were asked for, by URN; empty when there is no record, or only a broken one."""
        try:
            found = json.loads(self._path.read_bytes())
        except (FileNotFoundError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def forget(self) -> None:
        """Removes the record."""
        self._path.unlink(missing_ok=True)
