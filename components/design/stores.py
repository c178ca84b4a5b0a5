"""Places stores: zones, standby, connections against their limit, protection."""

from catalog.kinds.service import Service
from catalog.kinds.store_spec import Store
from components.design.database_proxy import direct_clients
from components.design.model import WorkloadDesign
from components.design.naming import store_name
from components.design.recovery import recoveries
from components.design.store_model import StoreDesign, StoreSetting

SAFE_CONNECTION_SHARE = 0.8
"""Share of a database's connections that replicas may use; the rest is for people, jobs and failover."""


UPDATE_TRACKS = {"development": "canary", "staging": "stable", "production": "week5"}
"""How long after its announcement a new version of a database comes: after one, two or five weeks, so that
staging has had it for three when production gets it.
https://cloud.google.com/sql/docs/postgres/maintenance#maintenance-timing-settings."""


def place(service: Service, workloads: list[WorkloadDesign]) -> list[StoreDesign]:
    """Every store of the service, in its own order."""
    wanted = sum((w.max_replicas + w.max_surge) * w.connections for w in workloads if w.kind != "cron")
    return [_store(service, index, store, wanted) for index, store in enumerate(service.spec.stores)]


def _store(service: Service, index: int, store: Store, wanted: int) -> StoreDesign:
    environment = service.environment.spec
    zones = environment.zones
    standby = zones[1] if store.availability == "regional" and len(zones) > 1 else None
    wanted = wanted if store.kind == "postgres" else 0
    only_connectors = store.kind == "postgres" and not list(direct_clients(service))
    field = _field(service, index)
    return StoreDesign(
        name=store.name,
        origin=service.origin("spec", "stores", index),
        kind=store.kind,
        runtime=store.runtime,
        resource=store_name(service.full_name, store.name, store.generation),
        need=store.need,
        coverage_percent=store.coverage_percent,
        version=store.version,
        engine=_engine(store),
        database=service.full_name.replace("-", "_") if store.kind == "postgres" else None,
        is_first=index == _first(service, store.kind),
        ports=_ports(store, only_connectors),
        only_connectors=only_connectors,
        settings=_settings(store),
        edition=store.edition,
        tier=store.tier,
        availability=store.availability,
        region=environment.region,
        zone=zones[0],
        standby_zone=standby,
        access=store.access,
        encryption=store.encryption,
        authentication=store.authentication,
        memory_gb=store.memory_gb,
        disk_gb=store.disk_gb,
        disk_autoresize=store.disk_autoresize,
        max_connections=store.max_connections,
        connections_wanted=wanted,
        connections_safe=_safe(store.max_connections),
        connections_field=field,
        connections_fit=_fit(service, store, field, wanted),
        backup=store.backup,
        maintenance=store.maintenance,
        update_track=UPDATE_TRACKS[environment.purpose],
        recoveries=recoveries(store, len(zones), service.spec.recovery),
        protected=environment.protected,
    )


def _first(service: Service, kind: str) -> int:
    return next(index for index, store in enumerate(service.spec.stores) if store.kind == kind)


def has_password(store: Store) -> bool:
    """Whether it asks for one that the cloud makes up: the AUTH string of a redis."""
    return store.kind == "redis" and store.runtime == "managed" and store.authentication


def password_of(store: str) -> str:
    """The name of the secret that holds it."""
    return f"{store}-auth"


def _field(service: Service, index: int) -> str:
    """The field of a store that says how many connections it allows: the size, unless its owner counts."""
    return "maxConnections" if service.origin("spec", "stores", index, "maxConnections").written else "size"


def _fit(service: Service, store: Store, field: str, wanted: int) -> int | str | None:
    """The least value of the field with which so many connections are safe. No number goes beyond that of the
    store's size: memory bounds it."""
    sizes = sorted(service.environment.spec.sizes, key=lambda size: size.max_connections)
    if field == "size":
        return next((size.name for size in sizes if _safe(size.max_connections) >= wanted), None)
    most = next(size.max_connections for size in sizes if size.name == store.size)
    return next((number for number in range(wanted, most + 1) if _safe(number) >= wanted), None)


def _safe(connections: int) -> int:
    return int(connections * SAFE_CONNECTION_SHARE)


def _engine(store: Store) -> str:
    """`POSTGRES_16`, `REDIS_7_2`: https://cloud.google.com/sql/docs/postgres/db-versions and
    https://cloud.google.com/memorystore/docs/redis/supported-versions (whose version 6 is `REDIS_6_X`)."""
    version = store.version.replace(".", "_")
    if store.kind == "postgres":
        return f"POSTGRES_{version}"
    return f"REDIS_{version}" if "_" in version else f"REDIS_{version}_X"


def _ports(store: Store, only_connectors: bool) -> list[int]:
    """3307 is for Google's connectors, 5432 for all others; 6378 is the encrypted one of a redis.

    https://cloud.google.com/sql/docs/postgres/connect-overview,
    https://cloud.google.com/memorystore/docs/redis/about-in-transit-encryption"""
    if store.kind == "postgres":
        return [3307] if only_connectors else [3307, 5432]
    return [6378 if store.encryption == "required" else 6379]


AUDITED = {"changes": "ddl,role,write", "everything": "ddl,read,role,write"}
"""Classes of statements: https://github.com/pgaudit/pgaudit/blob/main/README.md#pgauditlog."""

LOGGED = {
    "log_checkpoints": "on",
    "log_connections": "on",
    "log_disconnections": "on",
    "log_lock_waits": "on",
    "log_min_error_statement": "error",
    "log_statement": "ddl",
    "log_temp_files": "0",
}
"""What every postgres tells in its log: who came and went, who waited, what changed the tables. No statement
is logged for its duration, since that would copy customers' data into the log.
https://www.cisecurity.org/benchmark/google_cloud_computing_platform (6.2), and for the names
https://cloud.google.com/sql/docs/postgres/flags."""


def _settings(store: Store) -> list[StoreSetting]:
    """A postgres knows the workloads' identities, so that there are no passwords. A redis full of jobs
    refuses new ones rather than forget some."""
    if store.kind == "redis":
        return [StoreSetting(name="maxmemory-policy", value="noeviction")]
    values = {
        "cloudsql.iam_authentication": "on",
        "max_connections": str(store.max_connections),
        **LOGGED,
    }
    if store.audit != "off":  # https://cloud.google.com/sql/docs/postgres/pg-audit
        values |= {"cloudsql.enable_pgaudit": "on", "pgaudit.log": AUDITED[store.audit]}
    return [StoreSetting(name=name, value=value) for name, value in sorted(values.items())]
