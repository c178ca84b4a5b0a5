"""Read replicas in Cloud SQL."""

from collections.abc import Iterator

from catalog.document import Json
from pave.local_cloud.refusal import ApiError, CloudCall
from stacks.properties import revealed
from stacks.providers.data import SQL_INSTANCE

REQUIREMENTS = "https://cloud.google.com/sql/docs/postgres/replication#read-replica-requirements"
CREATE = "https://cloud.google.com/sql/docs/postgres/replication/create-replica"
DELETE = "https://cloud.google.com/sql/docs/postgres/replication/manage-replicas"
LIMIT = "https://cloud.google.com/sql/docs/quotas"

MOST = 10
AT_LEAST_AS_HIGH = (
    *("max_connections", "max_worker_processes", "max_wal_senders", "max_prepared_transactions"),
    "max_locks_per_transaction",
)
"""Flags of a PostgreSQL that a replica may not have lower than its primary."""


def refusals(asked: CloudCall) -> Iterator[ApiError]:
    """Replicas of what can have none, unlike their primary, or with what only a primary has; and the deletion
    of a primary before them."""
    if asked.token != SQL_INSTANCE:
        return
    if asked.after is None:
        assert asked.before is not None
        if left := _copies(asked, asked.before["name"]):
            what = f"The instance has read replicas, such as {left[0]['name']}: delete them first."
            yield ApiError(400, f"Invalid request: {what}", DELETE)
    elif (name := asked.after.get("masterInstanceName")) is not None:
        primary = next((each for each in _instances(asked) if each["name"] == name), None)
        if primary is None:
            yield ApiError(404, f"The Cloud SQL instance {name} does not exist.", CREATE)
        else:
            yield from _of(primary, asked)
            yield from _unlike(primary, asked.after)


def _instances(asked: CloudCall) -> list[Json]:
    found = [each for each in asked.others if (each.type, each.scope) == (SQL_INSTANCE, asked.scope)]
    return [revealed(each.inputs) for each in found]


def _copies(asked: CloudCall, name: str) -> list[Json]:
    return [each for each in _instances(asked) if each.get("masterInstanceName") == name]


def _of(primary: Json, asked: CloudCall) -> Iterator[ApiError]:
    settings, name = primary["settings"], primary["name"]
    if primary.get("masterInstanceName") is not None:
        yield ApiError(400, f"Invalid request: {name} is a read replica, and has none itself.", CREATE)
    backups = settings.get("backupConfiguration", {})
    if not backups.get("enabled"):
        yield ApiError(400, f"Invalid request: automated backups are off on {name}.", REQUIREMENTS)
    if not (backups.get("pointInTimeRecoveryEnabled") or backups.get("binaryLogEnabled")):
        yield ApiError(400, f"Invalid request: {name} keeps no log (point-in-time recovery).", REQUIREMENTS)
    if asked.before is None:
        is_private = settings.get("ipConfiguration", {}).get("privateNetwork")
        if is_private and settings.get("connectorEnforcement") == "REQUIRED":
            what = f"Invalid request: {name} takes connectors only, on a private address."
            yield ApiError(400, what, CREATE)
        if len(_copies(asked, name)) >= MOST:
            yield ApiError(400, f"Invalid request: {name} has {MOST} read replicas already.", LIMIT)


def _unlike(primary: Json, replica: Json) -> Iterator[ApiError]:
    if replica["databaseVersion"] != primary["databaseVersion"]:
        yield ApiError(400, "Invalid request: a replica has the version of its primary.", REQUIREMENTS)
    settings, first = replica["settings"], primary["settings"]
    if settings.get("backupConfiguration", {}).get("enabled"):
        yield ApiError(400, "Invalid request: a read replica has no automated backups.", CREATE)
    if settings.get("edition") != first.get("edition"):
        yield ApiError(400, "Invalid request: a replica has the edition of its primary.", CREATE)
    flags, least = (_numbers(each) for each in (settings, first))
    for name in AT_LEAST_AS_HIGH if replica["databaseVersion"].startswith("POSTGRES") else ():
        if name in least and flags.get(name, 0) < least[name]:
            what = f"Invalid request: the flag {name} of a replica is {least[name]} or more, as there."
            yield ApiError(400, what, REQUIREMENTS)


def _numbers(settings: Json) -> dict[str, int]:
    flags = settings.get("databaseFlags", ())
    return {each["name"]: int(each["value"]) for each in flags if each["value"].isdigit()}
