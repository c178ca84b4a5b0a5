"""A MySQL is what a PostgreSQL is: private, with a standby, a log, and users who log in as themselves."""

from typing import Any

import pytest

from catalog.loader import load
from components.design.service import designed
from components.design.stores.kinds.mysql import MysqlDesign
from pave.local_cloud.refusal import CloudCall
from pave.local_cloud.refusals.cloud_sql import refusals
from pave.local_cloud.store import StoredResource
from stacks.providers.access import ACCOUNT
from stacks.providers.data import SQL_INSTANCE, USER
from tests.components.service_plans import CATALOG, SHAPES, all_of, named, one
from tests.components.test_workload import container, pod
from tests.trial.test_compose import composed, service

NAME = "blog"
FLAGS = {
    "cloudsql_iam_authentication": "on",
    "cloudsql_mysql_audit": "ON",
    "local_infile": "off",
    "max_connections": "200",
    "skip_show_database": "on",
}


def instance() -> Any:
    return named(":DatabaseInstance", "blog-db-g1", NAME).inputs


def test_it_is_private_regional_and_keeps_a_binary_log() -> None:
    inputs = instance()
    settings = inputs["settings"]
    assert inputs["databaseVersion"] == "MYSQL_8_4"
    assert settings["availabilityType"] == "REGIONAL"
    assert settings["ipConfiguration"]["ipv4Enabled"] is False
    backups = settings["backupConfiguration"]
    assert (backups["enabled"], backups["binaryLogEnabled"]) == (True, True)
    assert "pointInTimeRecoveryEnabled" not in backups
    assert {each["name"]: each["value"] for each in settings["databaseFlags"]} == FLAGS


def test_workloads_log_in_as_themselves_through_the_proxy() -> None:
    users = {each.inputs["name"]: each.inputs for each in all_of(":User", NAME)}
    assert sorted(users) == [
        f"blog-{name}@acme-subscriptions-prod.iam.gserviceaccount.com" for name in ("migrate-db", "web")
    ]
    deployment = one(":Rollout", NAME)
    told = {each["name"]: each.get("value") for each in container(deployment)["env"]}
    assert (told["DB_HOST"], told["DB_PORT"], told["DB_USER"]) == ("127.0.0.1", "3306", "blog-web")
    assert told["DB_READ_PORT"] == "3307"
    (proxy,) = (each for each in pod(deployment)["initContainers"] if each["name"] == "cloud-sql-proxy")
    assert "--auto-iam-authn" in proxy["args"]


def design() -> MysqlDesign:
    (found,) = designed(load(CATALOG, SHAPES.values()), service(NAME)).stores
    assert isinstance(found, MysqlDesign)
    return found


def test_its_migration_says_who_may_do_what_and_what_is_recorded() -> None:
    said = design().grants(["blog-web"]).splitlines()
    assert said[:2] == ["SET ROLE ALL;", "SET DEFAULT ROLE ALL TO CURRENT_USER;"]
    assert "''dml,ddl,dcl''" in said[2]
    assert said[-1].startswith("GRANT SELECT, INSERT, UPDATE, DELETE, ")
    assert said[-1].endswith(" ON `blog`.* TO 'blog-web'@'%';")
    (job,) = (each for each in all_of(":User", NAME) if "migrate" in each.inputs["name"])
    assert job.inputs["databaseRoles"] == ["cloudsqlsuperuser"]


def test_a_trial_has_the_same_version() -> None:
    services = composed(NAME)["services"]
    assert services["store-db"]["image"] == "docker.io/library/mysql:8.4"
    assert services["web"]["environment"]["DB_PORT"] == "3306"


def said(token: str, after: Any, *others: StoredResource) -> list[str]:
    return [str(error) for error in refusals(CloudCall(token, "acme", None, after, None, others))]


def there(token: str, inputs: Any, **outputs: Any) -> StoredResource:
    return StoredResource("acme", token, "id", "urn", inputs, outputs, "", "")


def settings(**changes: Any) -> Any:
    return {**instance(), "settings": {**instance()["settings"], **changes}}


def test_the_local_cloud_takes_it_and_its_users() -> None:
    user = all_of(":User", NAME)[0].inputs
    account = there(ACCOUNT, {}, email=user["name"])
    assert said(SQL_INSTANCE, instance()) == []
    assert said(USER, user, account, there(SQL_INSTANCE, instance())) == []


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"backupConfiguration": {"enabled": True}}, "requires point-in-time recovery"),
        (
            {"backupConfiguration": {"enabled": True, "pointInTimeRecoveryEnabled": True}},
            "a MYSQL takes binaryLogEnabled",
        ),
        ({"edition": "ENTERPRISE_PLUS"}, "Invalid Tier"),
    ],
)
def test_the_local_cloud_refuses_what_only_a_postgres_has(changes: Any, why: str) -> None:
    assert why in "".join(said(SQL_INSTANCE, settings(**changes)))


@pytest.mark.parametrize(
    ("user", "instance_", "why"),
    [
        ({"name": "blog-web@acme.iam"}, {}, "does not exist"),
        ({}, {"settings": {}}, "cloudsql_iam_authentication is off"),
        ({}, {"databaseVersion": "MYSQL_5_7"}, "cloudsqlsuperuser doesn't exist"),
    ],
)
def test_the_local_cloud_refuses_users_who_could_never_log_in(user: Any, instance_: Any, why: str) -> None:
    (one_,) = (each for each in all_of(":User", NAME) if "migrate" in each.inputs["name"])
    account = there(ACCOUNT, {}, email=one_.inputs["name"])
    database = there(SQL_INSTANCE, {**instance(), **instance_})
    assert why in "".join(said(USER, {**one_.inputs, **user}, account, database))
