"""Versions of managed stores that Google Cloud doesn't have."""

from collections.abc import Iterator

from catalog.document import Json
from catalog.problem import Wrong
from catalog.yaml.parsed import Pointer

VERSIONS = {
    "postgres": ("9.6", "10", "11", "12", "13", "14", "15", "16", "17", "18"),
    "redis": ("3.2", "4.0", "5.0", "6", "7.0", "7.2"),
}
"""Those that can be asked for, the oldest first:
https://cloud.google.com/sql/docs/postgres/db-versions and
https://cloud.google.com/memorystore/docs/redis/supported-versions, as of August 2026."""

PAGES = {
    "postgres": "https://cloud.google.com/sql/docs/postgres/db-versions",
    "redis": "https://cloud.google.com/memorystore/docs/redis/supported-versions",
}


def unknown_versions(written: Json) -> Iterator[Wrong]:
    """The versions of a schema-valid service's managed stores that can't be had. What runs on a machine of
    its own may be any."""
    for index, store in enumerate(written["spec"].get("stores", ())):
        known = VERSIONS[store["kind"]]
        version = store.get("version")
        if version is None or version in known or store.get("runtime", "managed") != "managed":
            continue
        at: Pointer = ("spec", "stores", index, "version")
        what = f"There is no managed {store['kind']} {version}, so that nothing could be made of this store."
        fix = f"Write one of {', '.join(known)} ({PAGES[store['kind']]})."
        yield at, "catalog/store-version", what, fix
