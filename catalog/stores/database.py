"""What the kinds of databases have in common: those that Cloud SQL runs."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import ClassVar, Literal

from catalog.document import Json
from catalog.kind import Fields
from catalog.problem import Wrong
from catalog.stores.restarted import InterruptedMaintenance, maintenance
from catalog.stores.store import Store, Surroundings
from catalog.yaml.parsed import Pointer

AUDIT = {"red": "everything", "orange": "changes", "yellow": "off", "green": "off"}
"""What a database records of its statements, by the data it holds. Without a class it holds what most do."""

MOST_DAYS = 90
"""https://cloud.google.com/sql/docs/postgres/maintenance#deny-period"""

ORDINARY_YEAR = 2025
"""It has the days that every year has."""


ITS_READERS = {
    "READ_HOST": "where it has read replicas: address at which the proxy takes connections to them",
    "READ_PORT": "port there; of several replicas both are lists, with commas between, as libpq takes them",
}
"""https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-MULTIPLE-HOSTS"""


class Backup(Fields, frozen=True):
    """How a database is backed up: daily backups kept, days of transaction log for point-in-time recovery,
    and days that a last backup is kept once it is deleted."""

    enabled: bool
    point_in_time: bool
    retained: int
    log_days: int
    kept_after_deletion_days: int
    start_hour: int


class TableMigration(Fields, frozen=True):
    """How the tables of a database are made and changed: a command, in the image and with the variables of a
    workload. Where it is `irreversible`, no version before this image's works with them afterwards."""

    workload: str
    command: list[str]
    deadline_seconds: int
    irreversible: bool


class Database(Store, frozen=True, kw_only=True):
    """A database with tables. `audit` says which statements it records. Where `read_need` is hard, one of its
    `read_replicas` at least is needed for reads to work."""

    version: str
    size: str
    availability: Literal["regional", "zonal"]
    edition: Literal["enterprise", "enterprise-plus"]
    tier: str
    access: Literal["private", "public"]
    encryption: Literal["required", "optional"]
    max_connections: int
    read_replicas: int
    read_need: Literal["hard", "soft"]
    disk_gb: int
    disk_autoresize: bool
    audit: Literal["off", "changes", "everything"]
    migration: TableMigration | None
    backup: Backup
    maintenance: InterruptedMaintenance
    family: str = "database"

    ON_MACHINES: ClassVar[bool] = True
    FACTS: ClassVar[Mapping[str, str]] = {
        "HOST": "address at which Google's Auth Proxy takes connections: the copy's own",
        "PORT": "port there",
        "NAME": "name of the database",
        "USER": "user to log in as, without a password",
        "INSTANCE": "connection name of the instance, for connectors and people",
        "GRANTS": "to its migration alone: SQL that it says first",
        **ITS_READERS,
    }

    PORT: ClassVar[int]
    """Where the kind listens by custom, so that what is written for a database next door works."""

    VERSION: ClassVar[str]
    """What it is where nobody says."""

    TIERS: ClassVar[tuple[str, str]] = ("postgresTier", "postgresPlusTier")
    """The fields of a size that say what its machine is, by edition."""

    @classmethod
    def computed(cls, written: Json, around: Surroundings) -> Json:
        """With what its tier of service, its data and its size ask for."""
        edition = written.get("edition", "enterprise-plus" if around.tier == "critical" else "enterprise")
        return {
            "version": cls.VERSION,
            "availability": "zonal" if around.purpose == "development" else "regional",
            "edition": edition,
            "tier": around.size[cls.TIERS[edition == "enterprise-plus"]],
            "maxConnections": around.size["maxConnections"],
            "diskGb": around.size["diskGb"],
            "audit": AUDIT[around.data_class or "orange"],
            **written,
            "backup": {"retained": 30 if around.tier == "critical" else 14, **written.get("backup", {})},
            "maintenance": maintenance(written, around, is_second=False),
        }

    @classmethod
    def facts(cls, written: Json) -> Mapping[str, str]:
        """Where to read, only where something else than itself is read."""
        absent = () if written.get("readReplicas", 0) else ITS_READERS
        return {fact: what for fact, what in cls.FACTS.items() if fact not in absent}

    @classmethod
    def wrong(cls, written: Json, at: Pointer, service: Json) -> Iterator[Wrong]:
        """Days without maintenance that the cloud would refuse or wouldn't know, read replicas of what can
        have none, and a name that its server has already."""
        yield from _impossible_replicas(written, at)
        never = written.get("maintenance", {}).get("never")
        if never is not None:
            yield from _impossible_days(never, (*at, "maintenance", "never"))
        if written.get("runtime", "managed") == "managed":
            yield from cls.reserved(service["metadata"]["name"].replace("-", "_"))

    @classmethod
    def reserved(cls, database: str) -> Iterator[Wrong]:
        """Why no database can be called so."""
        raise NotImplementedError


def _impossible_replicas(written: Json, at: Pointer) -> Iterator[Wrong]:
    """https://cloud.google.com/sql/docs/postgres/replication#read-replica-requirements: a replica is made of
    a backup and of the log since."""
    here: Pointer = (*at, "readReplicas")
    if not written.get("readReplicas", 0):
        if "readNeed" in written:
            what = "`readNeed` is said of read replicas, and there are none."
            yield (*at, "readNeed"), "catalog/read-replicas", what, "Remove it, or write `readReplicas`."
    elif written.get("runtime", "managed") != "managed":
        what = "Read replicas are Cloud SQL's: a database on a machine has none."
        yield here, "catalog/read-replicas", what, "Remove `readReplicas`, or `runtime`."
    else:
        backup = written.get("backup", {})
        for field in ("enabled", "pointInTime"):
            if not backup.get(field, True):
                what = f"Read replicas are made of backups and the log, and `backup.{field}` is false."
                yield here, "catalog/read-replicas", what, f"Remove `{field}`, or `readReplicas`."


def _impossible_days(never: Json, at: Pointer) -> Iterator[Wrong]:
    days = {field: _day(never[field]) for field in ("from", "to")}
    for field, day in days.items():
        if day is None:
            what = f"`{never[field]}` is no day of every year."
            yield (*at, field), "catalog/maintenance", what, "Write another, as month and day."
    first, last = days["from"], days["to"]
    if first is None or last is None:
        return
    after = last if last >= first else last.replace(year=ORDINARY_YEAR + 1)
    length = (after - first + timedelta(days=1)).days
    if length > MOST_DAYS:
        what = f"{length} days without maintenance are more than the {MOST_DAYS} that there can be."
        yield at, "catalog/maintenance", what, "Begin later, or end earlier."


def _day(text: str) -> date | None:
    month, day = map(int, text.split("-"))
    try:
        return date(ORDINARY_YEAR, month, day)
    except ValueError:
        return None
