"""Redis, in Memorystore."""

from typing import ClassVar, Self

from catalog.stores.kinds.redis import Redis, Snapshots
from catalog.stores.restarted import Maintenance
from components.design.stores.model import AskedStore, StoreDesign, StoreSetting, common


class RedisDesign(StoreDesign, frozen=True, tag="redis"):
    """A Redis. `zone` and `standby_zone` differ when it is regional. `engine` is the cloud's name of kind and
    version."""

    version: str
    engine: str
    settings: list[StoreSetting]
    availability: str
    zone: str
    standby_zone: str | None
    encryption: str
    authentication: bool
    memory_gb: int
    backup: Snapshots
    maintenance: Maintenance

    LISTED: ClassVar[str] = "caches"

    @classmethod
    def of(cls, asked: AskedStore) -> Self:
        """One full of jobs refuses new ones rather than forget some. What it holds can be had again, so that
        nothing is promised of it.

        Port 6378 is the encrypted one:
        https://cloud.google.com/memorystore/docs/redis/about-in-transit-encryption"""
        store, zones = asked.store, asked.service.environment.spec.zones
        assert isinstance(store, Redis)
        is_regional = store.availability == "regional"
        return cls(
            **common(asked),
            ports=[6378 if store.encryption == "required" else 6379],
            hosts=[],
            sla="redis-standard-ha" if is_regional else "redis-basic",
            is_maintained=False,
            recoveries=[],
            version=store.version,
            engine=_engine(store.version.replace(".", "_")),
            settings=[StoreSetting(name="maxmemory-policy", value="noeviction")],
            availability=store.availability,
            zone=zones[0],
            standby_zone=zones[1] if is_regional and len(zones) > 1 else None,
            encryption=store.encryption,
            authentication=store.authentication,
            memory_gb=store.memory_gb,
            backup=store.backup,
            maintenance=store.maintenance,
        )


def _engine(version: str) -> str:
    """`REDIS_7_2`, and of version 6 `REDIS_6_X`:
    https://cloud.google.com/memorystore/docs/redis/supported-versions."""
    return f"REDIS_{version}" if "_" in version else f"REDIS_{version}_X"
