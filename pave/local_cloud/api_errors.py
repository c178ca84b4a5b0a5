"""The errors of Google's APIs, and of its provider, each with the page that documents it.

They are decided on the desired resource, the existing one, and all others that exist."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from catalog.document import Json
from pave.local_cloud.store import StoredResource
from stacks.properties import revealed
from stacks.providers.row import GOOGLE

INSTANCE = "gcp:sql/databaseInstance:DatabaseInstance"
REDIS = "gcp:redis/instance:Instance"
CLUSTER = "gcp:container/cluster:Cluster"
MACHINE = "gcp:compute/instance:Instance"
HOLDER = "gcp:secretmanager/secret:Secret"
ZONE = "gcp:dns/managedZone:ManagedZone"
RECORD = "gcp:dns/recordSet:RecordSet"

DOCS = f"{GOOGLE}website/docs/r/"
SQL_DOCS = f"{DOCS}sql_database_instance.html.markdown"
SQL_UPGRADE = "https://cloud.google.com/sql/docs/postgres/upgrade-major-db-version-inplace"
SQL_GUARD = "https://cloud.google.com/sql/docs/postgres/deletion-protection"
REDIS_DOCS = f"{DOCS}redis_instance.html.markdown"
ZONE_DOCS = f"{DOCS}dns_managed_zone.html.markdown"
IN_USE = f"{DOCS}compute_backend_service.html.markdown"


class ApiError(NamedTuple):
    """Why a call is refused: the HTTP status `code` (0 when the provider refuses without asking Google), the
    message, and the URL of its documentation."""

    code: int
    what: str
    source: str

    def __str__(self) -> str:
        who = f"googleapi: Error {self.code}: " if self.code else ""
        return f"{who}{self.what} ({self.source})"


def refused_create(token: str, inputs: Json) -> Iterator[ApiError]:
    """Why a resource can't be created, or be changed, with these inputs; they have no marks of secrets."""
    check = _SETTINGS.get(token)
    return check(inputs) if check is not None else iter(())


def refused_update(token: str, old: Json, new: Json) -> Iterator[ApiError]:
    """Why a resource can't be changed in place from the inputs `old` to `new`; they have no marks of
    secrets."""
    yield from refused_create(token, new)
    if token == INSTANCE and _major(new) < _major(old):
        yield ApiError(400, "A major version can be upgraded in place, not downgraded.", SQL_UPGRADE)
    if token == MACHINE and not new.get("allowStoppingForUpdate"):
        for name in ("machineType", "minCpuPlatform", "serviceAccount"):
            if old.get(name) != new.get(name):
                yield ApiError(
                    0,
                    f"Changing the {name} on a running instance requires stopping it. To acknowledge this, "
                    "set allowStoppingForUpdate to true.",
                    f"{GOOGLE}google/services/compute/resource_compute_instance.go",
                )


def _major(inputs: Json) -> int:
    """`POSTGRES_16` → 16."""
    return int(inputs["databaseVersion"].rpartition("_")[2])


def refused_delete(held: StoredResource, others: Iterable[StoredResource]) -> Iterator[ApiError]:
    """Why the resource `held` can't be deleted. `others` are all resources that exist."""
    inputs = revealed(held.inputs)
    if held.type in _GUARDED and inputs.get("deletionProtection", _GUARDED[held.type][1]):
        yield ApiError(
            0,
            f"Cannot delete {held.id}: its deletionProtection is true. Set it to false and update first.",
            GOOGLE + _GUARDED[held.type][0],
        )
    if held.type == INSTANCE and inputs["settings"].get("deletionProtectionEnabled"):
        yield ApiError(
            400,
            f"The instance {held.id} is protected against deletion (deletionProtectionEnabled).",
            SQL_GUARD,
        )
    others = [other for other in others if (other.type, other.id) != (held.type, held.id)]
    if held.type == ZONE and not inputs.get("forceDestroy"):
        name = inputs["name"]
        if any(
            o.type == RECORD and o.scope == held.scope and o.inputs["managedZone"] == name for o in others
        ):
            yield ApiError(400, f"The managed zone {name} has records: containerNotEmpty.", ZONE_DOCS)
    if held.type.startswith("gcp:compute/"):
        users = [other.id for other in others if other.type.startswith("gcp:") and _uses(other.inputs, held)]
        if users:
            yield ApiError(
                400,
                f"The resource {held.id} is already being used by {users[0]}:"
                " resourceInUseByAnotherResource.",
                IN_USE,
            )


def _uses(value: object, held: StoredResource) -> bool:
    if isinstance(value, dict):
        return any(_uses(item, held) for item in value.values())
    if isinstance(value, list):
        return any(_uses(item, held) for item in value)
    return isinstance(value, str) and value in {held.id, held.outputs.get("selfLink")}


def _database(inputs: Json) -> Iterator[ApiError]:
    settings = inputs["settings"]
    version = inputs["databaseVersion"].removeprefix("POSTGRES_")
    is_plus_by_default = version.isdigit() and int(version) >= 16
    edition = settings.get("edition") or ("ENTERPRISE_PLUS" if is_plus_by_default else "ENTERPRISE")
    tier = settings["tier"]
    if tier.startswith("db-perf-optimized-") != (edition == "ENTERPRISE_PLUS"):
        yield ApiError(400, f"Invalid Tier ({tier}) for ({edition}) Edition.", SQL_DOCS)
    if settings.get("availabilityType", "ZONAL") == "REGIONAL":
        backups = settings.get("backupConfiguration", {})
        if not backups.get("enabled"):
            yield ApiError(400, "A REGIONAL instance requires automated backups.", SQL_DOCS)
        if not backups.get("pointInTimeRecoveryEnabled"):
            yield ApiError(400, "A REGIONAL instance requires point-in-time recovery.", SQL_DOCS)


def _redis(inputs: Json) -> Iterator[ApiError]:
    other = inputs.get("alternativeLocationId")
    if other is None:
        return
    if inputs.get("tier", "BASIC") != "STANDARD_HA":
        yield ApiError(400, "alternativeLocationId is only for the tier STANDARD_HA.", REDIS_DOCS)
    if other == inputs.get("locationId"):
        yield ApiError(400, f"alternativeLocationId must differ from locationId, {other}.", REDIS_DOCS)


_SETTINGS: dict[str, Callable[[Json], Iterator[ApiError]]] = {INSTANCE: _database, REDIS: _redis}

# What the provider takes for deletionProtection when it isn't given.
_GUARDED = {
    INSTANCE: ("google/services/sql/resource_sql_database_instance.go", True),
    CLUSTER: ("google/services/container/resource_container_cluster.go", True),
    REDIS: ("google/services/redis/resource_redis_instance.go", True),
    MACHINE: ("google/services/compute/resource_compute_instance.go", False),
    HOLDER: ("google/services/secretmanager/resource_secret_manager_secret.go", False),
}
