"""What a local cloud holds, for who looks from outside, whether it runs or not."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from pave.local_cloud.settings import API, ENABLED, KINDS, QUOTA, STATED, STATED_TIER, TIER
from pave.local_cloud.store import CloudStore, StoredResource, has_store, store_file
from pave.refused import Refused
from stacks.providers.access import ENABLED_API


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


def put_back(store: CloudStore, kind: str, name: str) -> bool:
    """Takes a setting back. Gives False when there is none, or only what a stack made so."""
    value = store.settings().get((kind, name))
    if value is None or kind not in KINDS or (kind, name, value) in _by_stacks(store):
        return False
    if (kind, name, ENABLED) in _by_stacks(store):
        store.set(kind, name, ENABLED)
        return True
    return store.unset(kind, name)


STATES = {STATED: QUOTA, STATED_TIER: TIER}
"""What is stated by environments, by its kind, and what it is called when it is set."""


def said_settings(store: CloudStore) -> dict[str, list[str]]:
    """What is set, a line each, by who has done so."""
    found: dict[str, list[str]] = {
        "by `pave cloud set`": [],
        "by stacks": [],
        "by the catalog's environments": [],
    }
    by_hand, by_stacks, by_catalog = found
    made = _by_stacks(store)
    for (kind, name), value in store.settings().items():
        by = by_stacks if (kind, name, value) in made else by_catalog if kind in STATES else by_hand
        found[by].append(f"{STATES.get(kind, kind)}  {name}  {value}")
    return found


def _by_stacks(store: CloudStore) -> set[tuple[str, str, str]]:
    apis = [held for held in store.resources() if held.type == ENABLED_API]
    return {(API, f"{held.scope}/{held.inputs['service']}", ENABLED) for held in apis}
