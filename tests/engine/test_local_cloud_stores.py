"""What the local cloud knows of Cloud SQL and Memorystore: what they refuse, and what changes by itself."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import grpc
import pytest

from pave.local_cloud.refusal import CloudCall, refused
from pave.local_cloud.server import serve
from pave.local_cloud.settings import API
from pave.local_cloud.store import StoredResource
from stacks.providers.access import ACCOUNT
from stacks.providers.apis import apis_of
from stacks.providers.data import BUCKET, REDIS, SQL_INSTANCE, USER
from stacks.providers.table import TYPES
from tests.engine.cloud_client import Client, Inputs, enable_apis

BACKUPS = {"enabled": True, "pointInTimeRecoveryEnabled": True}


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[Client]:
    served = serve(tmp_path, lambda: datetime(2026, 11, 21, tzinfo=UTC))
    enable_apis(served.store)
    client = Client(served.port)
    yield client
    client.close()
    served.stop()


def database(version: str = "POSTGRES_16", **settings: Any) -> Inputs:
    inside = {"tier": "db-custom-2-7680", "edition": "ENTERPRISE", "backupConfiguration": BACKUPS, **settings}
    return {"name": "db-g1", "databaseVersion": version, "region": "us-east1", "settings": inside}


def cache(**changes: Any) -> Inputs:
    return {"name": "redis-g1", "memorySizeGb": 1, "tier": "BASIC", **changes}


def kept(seconds: Any) -> Inputs:
    return {"name": "acme-log", "location": "US", "retentionPolicy": {"retentionPeriod": seconds}}


def kept_when_deleted(seconds: int) -> Inputs:
    soft = {"retentionDurationSeconds": seconds}
    return {"name": "acme-log", "location": "US", "softDeletePolicy": soft, "versioning": {"enabled": True}}


def said(token: str, inputs: Inputs, *others: StoredResource) -> str:
    enabled = {(API, f"acme/{api.service}"): "enabled" for api in apis_of(TYPES)}
    return "\n".join(map(str, refused(CloudCall(token, "acme", None, inputs, None, others, enabled))))


def there(token: str, inputs: Inputs, outputs: Inputs) -> StoredResource:
    """What exists already."""
    fields: Any = dict.fromkeys(StoredResource._fields)
    return StoredResource(**fields | {"scope": "acme", "type": token, "inputs": inputs, "outputs": outputs})


WEB = there(ACCOUNT, {"accountId": "web"}, {"email": "web@acme.iam.gserviceaccount.com"})
OPEN = there(
    SQL_INSTANCE, database(databaseFlags=[{"name": "cloudsql.iam_authentication", "value": "on"}]), {}
)
USER_WEB = {"name": "web@acme.iam", "instance": "db-g1", "type": "CLOUD_IAM_SERVICE_ACCOUNT"}


@pytest.mark.parametrize(
    ("changes", "others", "why"),
    [
        ({"name": "web@acme.iam.gserviceaccount.com"}, [WEB, OPEN], "without .gserviceaccount.com"),
        ({"name": "nobody@acme.iam"}, [WEB, OPEN], "does not exist"),
        ({"password": "secret"}, [WEB, OPEN], "has no password"),
        ({}, [WEB, there(SQL_INSTANCE, database(), {})], "cloudsql.iam_authentication is off"),
        ({"databaseRoles": ["shop_owner"]}, [WEB, OPEN], "shop_owner doesn't exist"),
    ],
)
def test_a_user_who_could_never_log_in_is_refused(
    changes: Inputs, others: list[StoredResource], why: str
) -> None:
    assert why in said(USER, USER_WEB | changes, *others)


def test_an_account_logs_in_where_accounts_may() -> None:
    assert said(USER, USER_WEB | {"databaseRoles": ["cloudsqlsuperuser"]}, WEB, OPEN) == ""


@pytest.mark.parametrize(
    ("token", "inputs", "why"),
    [
        (SQL_INSTANCE, database("POSTGRES_99"), '"POSTGRES_99"'),
        (SQL_INSTANCE, database("POSTGRES_17.2"), '"POSTGRES_17.2"'),
        (SQL_INSTANCE, database(edition="STANDARD"), '"STANDARD"'),
        (
            SQL_INSTANCE,
            database("POSTGRES_11", edition="ENTERPRISE_PLUS", tier="db-perf-optimized-N-2"),
            "(ENTERPRISE_PLUS) Edition doesn't support POSTGRES_11",
        ),
        (SQL_INSTANCE, database(backupConfiguration=BACKUPS | {"transactionLogRetentionDays": 8}), "1 to 7"),
        (
            SQL_INSTANCE,
            database(backupConfiguration=BACKUPS | {"backupRetentionSettings": {"retainedBackups": 6}}),
            "backup retention should be > transaction log retention",
        ),
        (SQL_INSTANCE, database(finalBackupConfig={"enabled": True, "retentionDays": 366}), "1 and 365"),
        (SQL_INSTANCE, database(denyMaintenancePeriod={"startDate": "01-01", "endDate": "04-01"}), "1 to 90"),
        (REDIS, cache(redisVersion="REDIS_7_X"), "REDIS_7_X"),
        (BUCKET, kept("17.2"), "a number of seconds below 3155760000, not 17.2"),
        (BUCKET, kept("0"), "not 0"),
        (BUCKET, kept("3155760000"), "not 3155760000"),
        (BUCKET, kept("86400") | {"versioning": {"enabled": True}}, "mutually exclusive"),
        (BUCKET, kept_when_deleted(86400), "between 7 and 90 days, not 86400 s"),
        (BUCKET, kept_when_deleted(91 * 86400), "between 7 and 90 days"),
    ],
)
def test_what_google_refuses_of_a_store_is_refused(token: str, inputs: Inputs, why: str) -> None:
    assert why in said(token, inputs)


def test_stores_as_google_takes_them_are_made() -> None:
    assert said(SQL_INSTANCE, database(finalBackupConfig={"enabled": True, "retentionDays": 30})) == ""
    assert said(SQL_INSTANCE, database("POSTGRES_9_6")) == ""
    assert said(REDIS, cache(redisVersion="REDIS_6_X")) == ""
    assert said(BUCKET, kept("31536000")) == ""
    assert said(BUCKET, {"name": "acme-log", "location": "US"}) == ""
    assert said(BUCKET, kept_when_deleted(0)) == said(BUCKET, kept_when_deleted(7 * 86400)) == ""


@pytest.mark.parametrize("seconds", ["86400", 86400])
def test_seconds_to_keep_objects_for_come_as_text_or_as_a_number(cloud: Client, seconds: object) -> None:
    cloud.create(BUCKET, kept(seconds))


def test_a_bucket_that_its_provider_guards_is_not_deleted(cloud: Client) -> None:
    guarded = kept_when_deleted(0) | {"deletionPolicy": "PREVENT"}
    id_, _ = cloud.create(BUCKET, guarded)
    with pytest.raises(grpc.RpcError, match="deletionPolicy is PREVENT"):
        cloud.delete(BUCKET, id_)
    cloud.update(BUCKET, id_, guarded, kept_when_deleted(0) | {"deletionPolicy": "DELETE"})
    cloud.delete(BUCKET, id_)


def test_a_disk_that_grew_by_itself_is_no_change_and_stays_as_it_is(cloud: Client) -> None:
    grown, asked = database(diskSize=75), database(diskSize=50)
    id_, _ = cloud.create(SQL_INSTANCE, grown)
    assert cloud.diff(SQL_INSTANCE, id_, grown, asked) == (set(), set())
    asked["settings"]["userLabels"] = {"a": "b"}
    cloud.update(SQL_INSTANCE, id_, grown, asked)
    _, inputs = cloud.read(SQL_INSTANCE, id_, asked)
    assert (inputs["settings"]["diskSize"], inputs["settings"]["userLabels"]) == (75, {"a": "b"})
