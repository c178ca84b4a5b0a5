"""Databases that Cloud SQL runs: standby, connections against their limit, who logs in."""

from collections.abc import Sequence
from typing import ClassVar, Self

import msgspec

from catalog.kinds.service import Service
from catalog.stores.database import Backup, Database
from catalog.stores.restarted import InterruptedMaintenance
from components.design.database_proxy import direct_clients, replicas
from components.design.stores.model import AskedStore, StoreDesign, StoreSetting, common
from components.design.stores.recovery import recoveries

CONNECTOR_PORT = 3307
"""For Google's connectors: https://cloud.google.com/sql/docs/postgres/connect-overview."""

ADMIN_API = "sqladmin.googleapis.com"
"""Whom Google's connectors and its Auth Proxy ask for a database's address and certificates:
https://cloud.google.com/sql/docs/postgres/sql-proxy#how-works."""

SAFE_CONNECTION_SHARE = 0.8
"""Share of a database's connections that replicas may use; the rest is for people, jobs and failover."""

SUPERUSER = "cloudsqlsuperuser"
"""Owns the databases that Cloud SQL makes, and so their schema `public`, in which nobody else may create
since PostgreSQL 15: https://cloud.google.com/sql/docs/postgres/users and
https://www.postgresql.org/docs/15/ddl-schemas.html#DDL-SCHEMAS-PATTERNS."""

UPDATE_TRACKS = {"development": "canary", "staging": "stable", "production": "week5"}
"""How long after its announcement a new version of a database comes: after one, two or five weeks, so that
staging has had it for three when production gets it.
https://cloud.google.com/sql/docs/postgres/maintenance#maintenance-timing-settings."""


class ReplicaDesign(msgspec.Struct, frozen=True, rename="camel"):
    """A copy that is only read, called `resource`, in a `zone`."""

    resource: str
    zone: str


class DatabaseDesign(StoreDesign, frozen=True):
    """An instance of Cloud SQL with one `database`. `is_first` of its kind in the spec. `zone` and
    `standby_zone` differ when it is regional. `connections_wanted` is what all replicas at their most may
    open during a rollout; `connections_safe` is 80 % of what it allows.
    The field `connections_field` says what it allows, and `connections_fit` is the least value of that which
    is enough, None when there is none. Each of its `replicas` allows as many, and may get as many: whoever
    reads may read there. Where `read_need` is hard, reads don't work without one.
    `engine` is the cloud's name of kind and version. It refuses all but Google's connectors if
    `only_connectors` use it: by a setting, or where it has replicas (of which Cloud SQL makes none beside
    that setting) by asking for certificates, which nobody else is given.
    New versions of it come as early as `update_track` says."""

    version: str
    engine: str
    database: str
    charset: str
    is_first: bool
    only_connectors: bool
    settings: list[StoreSetting]
    edition: str
    tier: str
    availability: str
    zone: str
    standby_zone: str | None
    access: str
    encryption: str
    disk_gb: int
    disk_autoresize: bool
    max_connections: int
    connections_wanted: int
    connections_safe: int
    connections_field: str
    connections_fit: int | str | None
    replicas: list[ReplicaDesign]
    read_need: str
    audit: str
    backup: Backup
    maintenance: InterruptedMaintenance
    update_track: str

    LISTED: ClassVar[str] = "databases"

    CHARSET: ClassVar[str]
    """In which it keeps text, by its own name."""

    HAS_BINARY_LOG: ClassVar[bool] = False
    """Whether it is the binary log from which any second can be restored."""

    @classmethod
    def of(cls, asked: AskedStore) -> Self:
        """Its standby stands in the environment's second zone, its replicas from the third on."""
        service, store = asked.service, asked.store
        assert isinstance(store, Database)
        environment = service.environment.spec
        zones = environment.zones
        only_connectors = not list(direct_clients(service, store.name))
        field = _field(service, asked.place)
        is_highly_available = store.availability == "regional"
        return cls(
            **common(asked),
            ports=[CONNECTOR_PORT] if only_connectors else [CONNECTOR_PORT, store.PORT],
            hosts=[ADMIN_API] if _is_used(service, store) else [],
            sla=f"cloud-sql-{store.edition}-regional" if is_highly_available else "cloud-sql-zonal",
            is_maintained=store.edition != "enterprise-plus" or not is_highly_available,
            recoveries=recoveries(store, len(zones), service.spec.recovery),
            version=store.version,
            engine=f"{store.kind.upper()}_{store.version.replace('.', '_')}",
            database=service.full_name.replace("-", "_"),
            charset=cls.CHARSET,
            is_first=store.kind not in {each.kind for each in service.spec.stores[: asked.place]},
            only_connectors=only_connectors,
            settings=[
                StoreSetting(name=name, value=value) for name, value in sorted(cls.flags(store).items())
            ],
            edition=store.edition,
            tier=store.tier,
            availability=store.availability,
            zone=zones[0],
            standby_zone=zones[1] if is_highly_available and len(zones) > 1 else None,
            access=store.access,
            encryption=store.encryption,
            disk_gb=store.disk_gb,
            disk_autoresize=store.disk_autoresize,
            max_connections=store.max_connections,
            connections_wanted=asked.connections,
            connections_safe=_safe(store.max_connections),
            connections_field=field,
            connections_fit=_fit(service, store, field, asked.connections),
            replicas=[
                ReplicaDesign(resource=name, zone=zones[(2 + number) % len(zones)])
                for number, name in enumerate(replicas(service, store))
            ],
            read_need=store.read_need if store.need == "hard" else "soft",
            audit=store.audit,
            backup=store.backup,
            maintenance=store.maintenance,
            update_track=UPDATE_TRACKS[environment.purpose],
        )

    @classmethod
    def flags(cls, store: Database) -> dict[str, str]:
        """Its settings, by the engine's own names."""
        raise NotImplementedError

    def user(self, email: str) -> str:
        """What Cloud SQL calls the user who is the account with this address."""
        raise NotImplementedError

    def login(self, email: str) -> str:
        """The name with which that user logs in."""
        raise NotImplementedError

    def grants(self, users: Sequence[str]) -> str:
        """The SQL that a migration says first, as often as it likes, so that whoever logs in as one of
        `users` may read and write what is in its tables, and make none."""
        raise NotImplementedError


def _is_used(service: Service, store: Database) -> bool:
    users = (each for each in service.spec.workloads if store.name in each.stores)
    return store.migration is not None or any(each.connections for each in users)


def _field(service: Service, index: int) -> str:
    """The field of a store that says how many connections it allows: the size, unless its owner counts."""
    return "maxConnections" if service.origin("spec", "stores", index, "maxConnections").written else "size"


def _fit(service: Service, store: Database, field: str, wanted: int) -> int | str | None:
    """The least value of the field with which so many connections are safe. No number goes beyond that of the
    store's size: memory bounds it."""
    sizes = sorted(service.environment.spec.sizes, key=lambda size: size.max_connections)
    if field == "size":
        return next((size.name for size in sizes if _safe(size.max_connections) >= wanted), None)
    most = next(size.max_connections for size in sizes if size.name == store.size)
    return next((number for number in range(wanted, most + 1) if _safe(number) >= wanted), None)


def _safe(connections: int) -> int:
    return int(connections * SAFE_CONNECTION_SHARE)
