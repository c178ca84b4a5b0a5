"""Types of Cloud SQL, Memorystore, Secret Manager and Cloud Storage."""

import re
from collections.abc import Iterator

from catalog.document import Json
from stacks.providers.access import member
from stacks.providers.row import GOOGLE, ResourceType

SQL_INSTANCE = "gcp:sql/databaseInstance:DatabaseInstance"
USER = "gcp:sql/user:User"
HOLDER = "gcp:secretmanager/secret:Secret"
VERSION = "gcp:secretmanager/secretVersion:SecretVersion"
REDIS = "gcp:redis/instance:Instance"
VALKEY = "gcp:memorystore/instance:Instance"
BUCKET = "gcp:storage/bucket:Bucket"


def _database_loses(old: Json, new: Json) -> Iterator[str]:
    """`diskSizeCutomizeDiff` and `privateNetworkCustomizeDiff` of `resource_sql_database_instance.go`: a disk
    doesn't shrink, and a private network isn't taken away."""
    before, after = old["settings"], new["settings"]
    if _number(after.get("diskSize")) < _number(before.get("diskSize")):
        yield "settings.diskSize"
    networks = [each.get("ipConfiguration", {}).get("privateNetwork") for each in (before, after)]
    if networks[0] and not networks[1]:
        yield "settings.ipConfiguration.privateNetwork"


def _disk_has_grown(old: Json, new: Json) -> Iterator[str]:
    """`diskSizeCutomizeDiff` of `resource_sql_database_instance.go` clears a smaller disk where it grows by
    itself (`diskAutoresize`, true unless it is said): what was asked for is where it began."""
    before, after = old["settings"], new["settings"]
    if after.get("diskAutoresize", True) and _number(after.get("diskSize")) < _number(before.get("diskSize")):
        yield "settings.diskSize"


def _redis_goes_back(old: Json, new: Json) -> Iterator[str]:
    """`isRedisVersionDecreasing` of `resource_redis_instance.go`."""
    if _version(new.get("redisVersion")) < _version(old.get("redisVersion")):
        yield "redisVersion"


def _number(value: object) -> float:
    return value if isinstance(value, int | float) else 0


def _version(value: object) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", value)] if isinstance(value, str) else []


def _bucket_unlocks(old: Json, new: Json) -> Iterator[str]:
    """`isPolicyLocked` of `resource_storage_bucket.go`: a lock is never taken off."""
    locked = [each.get("retentionPolicy", {}).get("isLocked", False) for each in (old, new)]
    if locked[0] and not locked[1]:
        yield "retentionPolicy.isLocked"


DATA: dict[str, ResourceType] = {
    REDIS: ResourceType(
        f"{GOOGLE}google/services/redis/resource_redis_instance.go",
        "projects/{project}/locations/{region}/instances/{name}",
        ("memorySizeGb",),
        (
            *("name", "project", "region", "tier", "locationId", "alternativeLocationId", "connectMode"),
            *("authorizedNetwork", "reservedIpRange", "transitEncryptionMode", "customerManagedKey"),
        ),
        replaced_when=_redis_goes_back,
        minutes=5,
        data="its keys",
        is_store=True,
    ),
    VALKEY: ResourceType(
        f"{GOOGLE}google/services/memorystore/resource_memorystore_instance.go",
        "projects/{project}/locations/{location}/instances/{instanceId}",
        ("instanceId", "location", "shardCount"),
        (
            *("instanceId", "project", "location", "authorizationMode", "transitEncryptionMode", "mode"),
            *("zoneDistributionConfig.mode", "zoneDistributionConfig.zone", "kmsKey"),
            *("desiredAutoCreatedEndpoints.network", "desiredAutoCreatedEndpoints.projectId"),
        ),
        minutes=8,
        data="its keys",
        is_store=True,
    ),
    HOLDER: ResourceType(
        f"{GOOGLE}google/services/secretmanager/resource_secret_manager_secret.go",
        "projects/{project}/secrets/{secretId}",
        ("secretId", "replication"),
        ("secretId", "project", "replication", "tags"),
        data="its versions, which people put there by hand",
    ),
    VERSION: ResourceType(
        f"{GOOGLE}google/services/secretmanager/resource_secret_manager_secret_version.go",
        "{secret}/versions/{number}",
        ("secret",),
        ("secret", "secretData", "secretDataWoVersion", "isSecretDataBase64"),
        needs={"secret": HOLDER},
    ),
    "gcp:secretmanager/secretIamMember:SecretIamMember": member("secretId", needs={"secretId": HOLDER}),
    "gcp:sql/database:Database": ResourceType(
        f"{GOOGLE}google/services/sql/resource_sql_database.go",
        "projects/{project}/instances/{instance}/databases/{name}",
        ("instance",),
        ("name", "project", "instance"),
        needs={"instance": SQL_INSTANCE},
        data="its tables",
        is_store=True,
    ),
    SQL_INSTANCE: ResourceType(
        f"{GOOGLE}google/services/sql/resource_sql_database_instance.go",
        "{name}",
        ("databaseVersion",),
        ("name", "project", "region", "settings.collation", "encryptionKeyName"),
        replaced_when=_database_loses,
        cleared_when=_disk_has_grown,
        minutes=10,
        data="its databases, and their backups",
        is_store=True,
    ),
    USER: ResourceType(
        f"{GOOGLE}google/services/sql/resource_sql_user.go",
        "{name}//{instance}",
        ("instance",),
        ("name", "project", "instance", "host", "type"),
        needs={"instance": SQL_INSTANCE},
        is_store=True,
    ),
    BUCKET: ResourceType(
        f"{GOOGLE}google/services/storage/resource_storage_bucket.go",
        "{name}",
        ("location",),
        ("name", "project", "location", "enableObjectRetention", "hierarchicalNamespace.enabled"),
        replaced_when=_bucket_unlocks,
        data="its objects",
        is_store=True,
    ),
    "gcp:storage/bucketIAMMember:BucketIAMMember": member("bucket", "b/", needs={"bucket": BUCKET}),
}
