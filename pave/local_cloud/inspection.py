"""What a local cloud holds, for who looks from outside, whether it runs or not."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from pave.local_cloud.store import CloudStore, StoredResource, has_store, store_file
from pave.refused import Refused


def store_in(state: Path) -> CloudStore:
    """What the local cloud in a folder holds. Raises Refused when there is none."""
    if not has_store(state):
        raise Refused(f"There is no local cloud in {state}. Run `pave cloud start`, or pass --state.")
    try:
        return CloudStore(store_file(state), lambda: datetime.now(UTC))
    except sqlite3.Error as error:
        raise Refused(
            f"{store_file(state)} can't be read: {error}. SQLite writes beside what it reads, so the folder"
            " has to be writable; or copy it, and pass the copy as --state."
        ) from error


def resource_named(state: Path, name: str) -> StoredResource:
    """The resource with the id `name`, or whose id ends in it. Raises Refused unless it is one."""
    held = store_in(state).resources()
    found = [each for each in held if each.id == name or each.id.endswith(f"/{name}")]
    if len(found) == 1:
        return found[0]
    if not found:
        raise Refused(f"There is no {name} in {state}. `pave cloud ls` lists what there is.")
    ids = "\n".join(f"  {each.type}  {each.id}" for each in found)
    raise Refused(f"{name} is the end of {len(found)} ids:\n{ids}")
