"""Fields, versions and names that a kind of store hasn't."""

import functools
from collections.abc import Iterator
from typing import Any

from catalog.document import Json
from catalog.problem import Wrong
from catalog.stores.registry import store_kinds
from catalog.validation import schema
from catalog.yaml.parsed import Pointer


def wrong_stores(written: Json) -> Iterator[Wrong]:
    """What is wrong with the stores of a schema-valid, merged service."""
    for index, store in enumerate(written["spec"].get("stores", ())):
        at: Pointer = ("spec", "stores", index)
        yield from _misplaced(store["kind"], store, at, _fields())
        yield from _unknown_version(store, at)
        kind = store_kinds()[store["kind"]]
        if store.get("runtime", "managed") != "managed" and not kind.ON_MACHINES:
            what = f"A {store['kind']} is always managed: none is on a machine."
            yield (*at, "runtime"), "catalog/store-field", what, "Remove `runtime`."
        yield from kind.wrong(store, at, written)


@functools.cache
def _fields() -> Json:
    found: Json = schema("Service")["$defs"]["store"]["properties"]
    return found


def _misplaced(kind: str, written: Json, at: Pointer, fields: Json) -> Iterator[Wrong]:
    """Fields of other kinds, all the way down: nothing would come of what they say."""
    for name, value in written.items():
        described: Any = fields[name]
        kinds = described.get("kinds", [kind])
        if kind not in kinds:
            what = f"`{name}` is a field of {' and '.join(kinds)}: a {kind} has none."
            yield (*at, name), "catalog/store-field", what, f"Remove `{name}`."
        elif isinstance(value, dict):
            yield from _misplaced(kind, value, (*at, name), described.get("properties", {}))


def _unknown_version(store: Json, at: Pointer) -> Iterator[Wrong]:
    """What runs on a machine of its own may have any version."""
    kind, version = store_kinds()[store["kind"]], store.get("version")
    if version is None or not kind.VERSIONS or store.get("runtime", "managed") != "managed":
        return
    if version not in kind.VERSIONS:
        name = store["kind"]
        what = f"There is no managed {name} {version}, so that nothing could be made of this store."
        fix = f"Write one of {', '.join(kind.VERSIONS)} ({kind.VERSIONS_PAGE})."
        yield (*at, "version"), "catalog/store-version", what, fix
