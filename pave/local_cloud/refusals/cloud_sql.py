"""Cloud SQL."""

from collections.abc import Iterator

from catalog.document import Json
from pave.local_cloud.refusal import ApiError, CloudCall
from stacks.providers.data import SQL_INSTANCE
from stacks.providers.row import DOCS

PAGE = f"{DOCS}sql_database_instance.html.markdown"
UPGRADE = "https://cloud.google.com/sql/docs/postgres/upgrade-major-db-version-inplace"
GUARD = "https://cloud.google.com/sql/docs/postgres/deletion-protection"


def refusals(asked: CloudCall) -> Iterator[ApiError]:
    """Editions, tiers, backups, versions and its own guard against deletion."""
    if asked.token != SQL_INSTANCE:
        return
    if asked.after is not None:
        yield from _settings(asked.after)
        if asked.before is not None and _major(asked.after) < _major(asked.before):
            yield ApiError(400, "A major version can be upgraded in place, not downgraded.", UPGRADE)
    elif asked.before is not None and asked.before["settings"].get("deletionProtectionEnabled"):
        name = asked.before["name"]
        yield ApiError(
            400, f"The instance {name} is protected against deletion (deletionProtectionEnabled).", GUARD
        )


def _settings(inputs: Json) -> Iterator[ApiError]:
    settings = inputs["settings"]
    version = inputs["databaseVersion"].removeprefix("POSTGRES_")
    is_plus_by_default = version.isdigit() and int(version) >= 16
    edition = settings.get("edition") or ("ENTERPRISE_PLUS" if is_plus_by_default else "ENTERPRISE")
    tier = settings["tier"]
    if tier.startswith("db-perf-optimized-") != (edition == "ENTERPRISE_PLUS"):
        yield ApiError(400, f"Invalid Tier ({tier}) for ({edition}) Edition.", PAGE)
    if settings.get("availabilityType", "ZONAL") == "REGIONAL":
        backups = settings.get("backupConfiguration", {})
        if not backups.get("enabled"):
            yield ApiError(400, "A REGIONAL instance requires automated backups.", PAGE)
        if not backups.get("pointInTimeRecoveryEnabled"):
            yield ApiError(400, "A REGIONAL instance requires point-in-time recovery.", PAGE)


def _major(inputs: Json) -> int:
    """`POSTGRES_16` → 16."""
    return int(inputs["databaseVersion"].rpartition("_")[2])
