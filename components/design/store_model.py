"""The design of a store: a database or a cache, decided but not yet made."""

import msgspec

from catalog.kinds.store_spec import Backup, Maintenance
from components.design.element import Element
from components.design.recovery import LossRecovery


class StoreSetting(msgspec.Struct, frozen=True, rename="camel"):
    """One setting of a store's engine, by the engine's own name."""

    name: str
    value: str


class StoreDesign(Element, frozen=True):
    """A store. `is_first` of its kind in the spec. `zone` and `standby_zone` differ when it is regional.
    `connections_wanted` is what all replicas at their most may open during a rollout; `connections_safe` is
    80 % of what it allows.
    The field `connections_field` says what it allows, and `connections_fit` is the least value of that which
    is enough, None when there is none.
    `coverage_percent` is the share of its outages that are survived, where `need` is soft.
    `engine` is the cloud's name of kind and version, `database` the one database of a postgres. It answers
    at `ports`, and refuses all but Google's connectors if `only_connectors` use it.
    New versions of it come as early as `update_track` says."""

    kind: str
    runtime: str
    resource: str
    need: str
    coverage_percent: float
    version: str
    engine: str
    database: str | None
    is_first: bool
    ports: list[int]
    only_connectors: bool
    settings: list[StoreSetting]
    edition: str
    tier: str
    availability: str
    region: str
    zone: str
    standby_zone: str | None
    access: str
    encryption: str
    authentication: bool
    memory_gb: int
    disk_gb: int
    disk_autoresize: bool
    max_connections: int
    connections_wanted: int
    connections_safe: int
    connections_field: str
    connections_fit: int | str | None
    backup: Backup
    maintenance: Maintenance
    update_track: str
    recoveries: list[LossRecovery]
    protected: bool
