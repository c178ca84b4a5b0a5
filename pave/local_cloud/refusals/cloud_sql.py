"""Cloud SQL."""

from collections.abc import Iterator
from datetime import date

from catalog.document import Json
from pave.local_cloud.refusal import ApiError, CloudCall
from stacks.properties import revealed
from stacks.providers.access import ACCOUNT
from stacks.providers.data import SQL_INSTANCE, USER
from stacks.providers.row import DOCS

PAGE = f"{DOCS}sql_database_instance.html.markdown"
UPGRADE = "https://cloud.google.com/sql/docs/postgres/upgrade-major-db-version-inplace"
API = "https://cloud.google.com/sql/docs/postgres/admin-api/rest/v1/SqlDatabaseVersion"
PITR = "https://cloud.google.com/sql/docs/postgres/backup-recovery/configure-pitr"
KEPT = "https://github.com/terraform-google-modules/terraform-google-sql-db/pull/785"
LOGINS = "https://cloud.google.com/sql/docs/postgres/add-manage-iam-users"
ROLES = f"{DOCS}sql_user.html.markdown"
GUARD = "https://cloud.google.com/sql/docs/postgres/deletion-protection"

VERSIONS = {f"POSTGRES_{version}" for version in ("9_6", *map(str, range(10, 19)))}
VERSIONS |= {f"MYSQL_{version}" for version in ("5_6", "5_7", "8_0", "8_4")}
FIRST_OF_PLUS = {"POSTGRES": (12, 0), "MYSQL": (8, 0)}
PLUS_BY_DEFAULT = {"POSTGRES": (16, 0), "MYSQL": (8, 4)}
"""The first versions that can have the edition, and that have it where none is said: the page of editions."""

LETS_ACCOUNTS_IN = {"POSTGRES": "cloudsql.iam_authentication", "MYSQL": "cloudsql_iam_authentication"}
FIRST_WITH_ROLES = (8, 0)
"""Of MySQL: https://cloud.google.com/sql/docs/mysql/users#cloudsqlsuperuser."""
EDITIONS = "https://cloud.google.com/sql/docs/postgres/editions-intro"
DENIED = "https://cloud.google.com/sql/docs/postgres/maintenance#deny-period"
MOST_DENIED_DAYS = 90
BACKUPS = {"ENTERPRISE": 7, "ENTERPRISE_PLUS": 15}
LOG_DAYS = {"ENTERPRISE": 7, "ENTERPRISE_PLUS": 14}
MOST_LOG_DAYS = {"ENTERPRISE": 7, "ENTERPRISE_PLUS": 35}
"""What an edition keeps when nothing is said, and the most log that it can keep: the page of PITR and
https://cloud.google.com/sql/docs/postgres/backup-recovery/backups."""


def refusals(asked: CloudCall) -> Iterator[ApiError]:
    """Editions, tiers, backups, versions, its own guard against deletion, and users who could never log
    in."""
    if asked.token == USER and asked.after is not None:
        yield from _user(asked.after, asked)
    if asked.token != SQL_INSTANCE:
        return
    if asked.after is not None:
        if asked.after["databaseVersion"] not in VERSIONS:
            version = asked.after["databaseVersion"]
            yield ApiError(
                400, f"Invalid value at 'databaseVersion' (SqlDatabaseVersion), \"{version}\".", API
            )
            return
        yield from _settings(asked.after)
        if asked.before is not None and _version(asked.after) < _version(asked.before):
            yield ApiError(400, "A major version can be upgraded in place, not downgraded.", UPGRADE)
    elif asked.before is not None and asked.before["settings"].get("deletionProtectionEnabled"):
        name = asked.before["name"]
        yield ApiError(
            400, f"The instance {name} is protected against deletion (deletionProtectionEnabled).", GUARD
        )


def _user(inputs: Json, asked: CloudCall) -> Iterator[ApiError]:
    name, roles = inputs.get("name", ""), inputs.get("databaseRoles") or ()
    there = next((each for each in _instances(asked) if each["name"] == inputs["instance"]), None)
    engine, version = _version(there) if there is not None else ("POSTGRES", (16, 0))
    for role in roles:
        if role != "cloudsqlsuperuser" or (engine == "MYSQL" and version < FIRST_WITH_ROLES):
            yield ApiError(400, f"Invalid request: the database role {role} doesn't exist.", ROLES)
    if inputs.get("type", "BUILT_IN") != "CLOUD_IAM_SERVICE_ACCOUNT":
        return
    if inputs.get("password") is not None:
        yield ApiError(400, "Invalid request: an IAM user has no password.", LOGINS)
    email = name if engine == "MYSQL" else f"{name}.gserviceaccount.com"
    if engine == "POSTGRES" and name.endswith(".gserviceaccount.com"):
        yield ApiError(400, f"Invalid request: write {name} without .gserviceaccount.com.", LOGINS)
    elif not any(each.type == ACCOUNT and each.outputs.get("email") == email for each in asked.others):
        yield ApiError(400, f"Invalid request: the service account of {name} does not exist.", LOGINS)
    if there is not None:
        flag = {"name": LETS_ACCOUNTS_IN[engine], "value": "on"}
        if flag not in there["settings"].get("databaseFlags", ()):
            what = f"Invalid request: {flag['name']} is off, so that no IAM user can log in."
            yield ApiError(400, what, LOGINS)


def _instances(asked: CloudCall) -> list[Json]:
    return [
        revealed(each.inputs)
        for each in asked.others
        if (each.type, each.scope) == (SQL_INSTANCE, asked.scope)
    ]


def _settings(inputs: Json) -> Iterator[ApiError]:
    settings = inputs["settings"]
    engine, version = _version(inputs)
    is_plus_by_default = version >= PLUS_BY_DEFAULT[engine]
    edition = settings.get("edition") or ("ENTERPRISE_PLUS" if is_plus_by_default else "ENTERPRISE")
    if edition not in MOST_LOG_DAYS:
        yield ApiError(400, f"Invalid value at 'settings.edition' (Edition), \"{edition}\".", PAGE)
        return
    if edition == "ENTERPRISE_PLUS" and version < FIRST_OF_PLUS[engine]:
        what = f"Invalid request: ({edition}) Edition doesn't support {inputs['databaseVersion']}."
        yield ApiError(400, what, EDITIONS)
    tier = settings["tier"]
    if tier.startswith("db-perf-optimized-") != (edition == "ENTERPRISE_PLUS"):
        yield ApiError(400, f"Invalid Tier ({tier}) for ({edition}) Edition.", PAGE)
    backups = settings.get("backupConfiguration", {})
    log, other = ("binaryLogEnabled", "pointInTimeRecoveryEnabled")[:: 1 if engine == "MYSQL" else -1]
    if backups.get(other):
        yield ApiError(400, f"Invalid request: a {engine} takes {log}, not {other}.", PAGE)
    yield from _backups(backups, edition, has_log=backups.get(log, False))
    if settings.get("availabilityType", "ZONAL") == "REGIONAL":
        if not backups.get("enabled"):
            yield ApiError(400, "A REGIONAL instance requires automated backups.", PAGE)
        if not backups.get(log):
            yield ApiError(400, "A REGIONAL instance requires point-in-time recovery.", PAGE)
    never = settings.get("denyMaintenancePeriod")
    if never is not None and not 1 <= _days(never["startDate"], never["endDate"]) <= MOST_DENIED_DAYS:
        yield ApiError(400, f"A deny maintenance period must be 1 to {MOST_DENIED_DAYS} days long.", DENIED)
    last = settings.get("finalBackupConfig", {})
    if last.get("enabled") and not 1 <= last.get("retentionDays", 30) <= 365:
        yield ApiError(400, "finalBackupConfig.retentionDays must be between 1 and 365.", PAGE)


def _days(start: str, end: str) -> int:
    """From one day of the year to another, in the next year if it comes before."""
    first, last = (date.fromisoformat(f"2024-{each[-5:]}") for each in (start, end))
    return (last - first).days % 366 + 1


def _backups(backups: Json, edition: str, *, has_log: bool) -> Iterator[ApiError]:
    kept = backups.get("backupRetentionSettings", {}).get("retainedBackups", BACKUPS[edition])
    days = backups.get("transactionLogRetentionDays", LOG_DAYS[edition])
    if not 1 <= days <= MOST_LOG_DAYS[edition]:
        most = MOST_LOG_DAYS[edition]
        yield ApiError(400, f"transactionLogRetentionDays must be 1 to {most} for ({edition}) Edition.", PITR)
    if has_log and days > kept:
        yield ApiError(400, "Invalid request: backup retention should be > transaction log retention.", KEPT)


def _version(inputs: Json) -> tuple[str, tuple[int, int]]:
    """`POSTGRES_9_6` → ("POSTGRES", (9, 6)), `POSTGRES_16` → ("POSTGRES", (16, 0))."""
    engine, *numbers = inputs["databaseVersion"].split("_")
    major, minor = [*map(int, numbers), 0][:2]
    return engine, (major, minor)
