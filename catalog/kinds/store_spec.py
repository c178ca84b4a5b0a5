"""What a service's file says of a store once it is effective, as `service_spec` does of the rest."""

from typing import Literal

from catalog.kind import Fields


class Backup(Fields, frozen=True):
    """How a store is backed up: daily backups kept, days of transaction log for point-in-time recovery, and
    days that a last backup is kept once the store is deleted."""

    enabled: bool
    point_in_time: bool
    retained: int
    log_days: int
    kept_after_deletion_days: int
    start_hour: int


class Migration(Fields, frozen=True):
    """How the tables of a database are made and changed: a command, in the image and with the variables of a
    workload."""

    workload: str
    command: list[str]
    deadline_seconds: int


class Days(Fields, frozen=True, rename={"first": "from", "last": "to"}):
    """Days of every year, as month and day: `01-25`. They may go beyond its end."""

    first: str
    last: str


class Maintenance(Fields, frozen=True):
    """The weekly hour, in UTC, at which the cloud may restart a store, but for some days of the year when it
    may not. Day 1 is Monday."""

    day: int
    hour: int
    never: Days | None


class Store(Fields, frozen=True):
    """A database or a cache. `need` is `hard` when the service is down without it; where it is `soft`,
    `coverage_percent` of its outages are survived. `generation` counts copies built beside each other to
    switch between; `audit` says which statements a postgres records."""

    name: str
    kind: Literal["postgres", "redis"]
    runtime: Literal["managed", "vm"]
    need: Literal["hard", "soft"]
    coverage_percent: float
    version: str
    size: str
    availability: Literal["regional", "zonal"]
    edition: Literal["enterprise", "enterprise-plus"]
    tier: str
    access: Literal["private", "public"]
    encryption: Literal["required", "optional"]
    authentication: bool
    max_connections: int
    disk_gb: int
    disk_autoresize: bool
    memory_gb: int
    audit: Literal["off", "changes", "everything"]
    migration: Migration | None
    backup: Backup
    maintenance: Maintenance
    generation: int

    @property
    def is_managed_database(self) -> bool:
        """Whether it is a postgres that Google runs: what Cloud SQL can do, it can."""
        return self.kind == "postgres" and self.runtime == "managed"
