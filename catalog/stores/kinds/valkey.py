"""Valkey, in Memorystore."""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

from catalog.document import Json
from catalog.problem import Wrong
from catalog.stores.kinds.redis import Snapshots
from catalog.stores.restarted import Maintenance, maintenance
from catalog.stores.store import Store, Surroundings
from catalog.yaml.parsed import Pointer

MOST_GB = 58
"""Of one node, and so of one shard: https://cloud.google.com/memorystore/docs/valkey/instance-node-specification."""


class Valkey(Store, frozen=True, kw_only=True, tag="valkey"):
    """A Valkey in Memorystore, which speaks as a Redis does, without cluster mode. Workloads log in with
    their own access tokens, so that there is no password."""

    version: str
    size: str
    availability: Literal["regional", "zonal"]
    encryption: Literal["required", "optional"]
    authentication: bool
    memory_gb: int
    backup: Snapshots
    maintenance: Maintenance
    family: str = "cache"

    VERSIONS: ClassVar[tuple[str, ...]] = ("7.2", "8.0")
    """As of August 2026."""
    VERSIONS_PAGE: ClassVar[str] = "https://cloud.google.com/memorystore/docs/valkey/supported-versions"
    FACTS: ClassVar[Mapping[str, str]] = {
        "HOST": "its address",
        "PORT": "port there",
        "CA": "where connections are encrypted: certificates that sign its own, in PEM",
    }

    @classmethod
    def computed(cls, written: Json, around: Surroundings) -> Json:
        """With the memory of its size."""
        return {
            "version": "8.0",
            "availability": "zonal" if around.purpose == "development" else "regional",
            "memoryGb": around.size["memoryGb"],
            **written,
            "maintenance": maintenance(written, around, is_second=True),
        }

    @classmethod
    def wrong(cls, written: Json, at: Pointer, service: Json) -> Iterator[Wrong]:
        """More memory than the largest node has."""
        if written.get("memoryGb", 0) > MOST_GB:
            what = f"The largest node of a Valkey has {MOST_GB} GB, and what it holds is on one."
            yield (*at, "memoryGb"), "catalog/bounds", what, f"Write {MOST_GB} or less."
