"""Valkey, in Memorystore."""

from typing import Any, ClassVar, Self

from catalog.stores.kinds.redis import Snapshots
from catalog.stores.kinds.valkey import Valkey
from catalog.stores.restarted import Maintenance
from components.design.stores.model import AskedStore, StoreDesign, StoreSetting, common

NODES = {6: "STANDARD_SMALL", 13: "HIGHMEM_MEDIUM", 58: "HIGHMEM_XLARGE"}
"""The types of nodes that have an SLA, by their memory in GB:
https://cloud.google.com/memorystore/docs/valkey/instance-node-specification."""

PORT = 6379
"""Encrypted or not: https://cloud.google.com/memorystore/docs/valkey/about-in-transit-encryption."""


class ValkeyDesign(StoreDesign, frozen=True, tag="valkey"):
    """A Valkey of one shard, on nodes of `node_type`, with as many `replicas` in other zones. Without any it
    stands in `zone`. `engine` is the cloud's name of kind and version."""

    version: str
    engine: str
    settings: list[StoreSetting]
    availability: str
    zone: str
    replicas: int
    node_type: str
    encryption: str
    authentication: bool
    backup: Snapshots
    maintenance: Maintenance

    LISTED: ClassVar[str] = "caches"

    @classmethod
    def of(cls, asked: AskedStore) -> Self:
        """One full of jobs refuses new ones rather than forget some. It gets its addresses among the nodes'
        (https://cloud.google.com/memorystore/docs/valkey/networking). What it holds can be had again, so that
        nothing is promised of it."""
        store, environment = asked.store, asked.service.environment.spec
        assert isinstance(store, Valkey)
        is_regional = store.availability == "regional"
        own: dict[str, Any] = common(asked)
        own["within"] = environment.network.nodes
        return cls(
            **own,
            ports=[PORT],
            hosts=[],
            sla="redis-cluster" if is_regional else "redis-basic",
            is_maintained=False,
            recoveries=[],
            version=store.version,
            engine=f"VALKEY_{store.version.replace('.', '_')}",
            settings=[StoreSetting(name="maxmemory-policy", value="noeviction")],
            availability=store.availability,
            zone=environment.zones[0],
            replicas=1 if is_regional else 0,
            node_type=_node(store.memory_gb),
            encryption=store.encryption,
            authentication=store.authentication,
            backup=store.backup,
            maintenance=store.maintenance,
        )


def _node(memory_gb: int) -> str:
    """The smallest that has so much memory; else the largest."""
    return next((name for most, name in NODES.items() if memory_gb <= most), "HIGHMEM_XLARGE")
