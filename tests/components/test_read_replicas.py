"""Read replicas of a database: what they are made of, who is told of them, and what their loss means."""

from typing import Any

import pytest

from catalog.loader import load
from components.design.availability.model import evaluate
from components.design.availability.series import tree_of
from components.design.availability.tree import KOfN, Serial, Soft
from components.design.service import designed
from components.design.stores.database import DatabaseDesign
from components.design.what_if import assume
from pave.local_cloud.refusal import CloudCall
from pave.local_cloud.refusals.cloud_sql_replicas import refusals
from pave.local_cloud.store import StoredResource
from stacks.providers.data import SQL_INSTANCE
from tests.components.service_plans import CATALOG, SHAPES, all_of, named
from tests.components.test_workload import container, pod
from tests.trial.test_compose import composed, service

NAME = "shop-api"
PRIMARY, FIRST, SECOND = "shop-api-db-g1", "shop-api-db-g1-read-1", "shop-api-db-g1-read-2"


def instance(name: str) -> Any:
    return named(":DatabaseInstance", name, NAME).inputs


def test_each_is_a_copy_of_the_database_in_a_zone_of_its_own_with_the_same_flags() -> None:
    primary = instance(PRIMARY)
    places = []
    for name in (FIRST, SECOND):
        replica = instance(name)
        settings = replica["settings"]
        assert replica["masterInstanceName"] == PRIMARY
        assert settings["availabilityType"] == "ZONAL"
        assert settings["databaseFlags"] == primary["settings"]["databaseFlags"]
        assert settings["ipConfiguration"] == primary["settings"]["ipConfiguration"]
        assert not settings.keys() & {"backupConfiguration", "maintenanceWindow", "finalBackupConfig"}
        places.append(settings["locationPreference"])
    assert places == [{"zone": "us-east1-d"}, {"zone": "us-east1-b"}]


def test_each_is_protected_like_the_database() -> None:
    for name in (PRIMARY, FIRST, SECOND):
        resource = named(":DatabaseInstance", name, NAME)
        assert resource.inputs["deletionProtection"] is True
        assert resource.inputs["settings"]["deletionProtectionEnabled"] is True
        assert (resource.options.protect, resource.options.retain_on_delete) == (True, True)


def test_whoever_has_no_certificate_of_a_connector_is_kept_out_since_cloud_sql_copies_nothing_else() -> None:
    settings = instance(PRIMARY)["settings"]
    assert settings["connectorEnforcement"] == "NOT_REQUIRED"
    assert settings["ipConfiguration"]["sslMode"] == "TRUSTED_CLIENT_CERTIFICATE_REQUIRED"


def test_the_proxy_listens_for_each_and_a_workload_is_told_all_of_them() -> None:
    deployment = all_of(":Rollout", NAME)[0]
    (proxy,) = (each for each in pod(deployment)["initContainers"] if each["name"] == "cloud-sql-proxy")
    assert [each.rpartition(":")[2] for each in proxy["args"][-3:]] == [
        f"{PRIMARY}?port=5432",
        f"{FIRST}?port=5433",
        f"{SECOND}?port=5434",
    ]
    told = {each["name"]: each.get("value") for each in container(deployment)["env"]}
    assert (told["DB_HOST"], told["DB_PORT"]) == ("127.0.0.1", "5432")
    assert (told["DB_READ_HOST"], told["DB_READ_PORT"]) == ("127.0.0.1,127.0.0.1", "5433,5434")


def test_who_has_none_is_told_nothing_of_them() -> None:
    told = {each["name"] for each in container(all_of(":Rollout", "django-shop")[0])["env"]}
    assert "DB_PORT" in told
    assert not {name for name in told if "READ" in name}


def test_a_trial_reads_where_it_writes() -> None:
    told = composed(NAME)["services"]["api"]["environment"]
    assert (told["DB_READ_HOST"], told["DB_READ_PORT"]) == (told["DB_HOST"], told["DB_PORT"])


def parts(*changes: str) -> dict[str, Any]:
    catalog = load(CATALOG, SHAPES.values())
    found = service(NAME)
    found = assume(catalog, found, changes) if changes else found
    tree = tree_of(found, designed(catalog, found))
    assert isinstance(tree, Serial)
    return {part.name: part for part in tree.parts}


def test_without_all_of_them_reads_fail_and_one_of_them_is_enough() -> None:
    readers = parts()["read replicas of store db"]
    assert isinstance(readers, KOfN)
    assert (readers.k, readers.n) == (1, 2)
    one = parts("spec.stores[db].readReplicas=1")
    assert evaluate(readers).availability > evaluate(one["read replicas of store db"]).availability
    assert "maintenance of the read replica of store db" in one
    assert "maintenance of the read replica of store db" not in parts()


def test_where_reads_can_go_to_the_database_itself_their_loss_is_survived() -> None:
    assert isinstance(parts("spec.stores[db].readNeed=soft")["read replicas of store db"], Soft)
    assert isinstance(parts("spec.stores[db].need=soft")["read replicas of store db"], Soft)


def test_each_takes_as_many_connections_as_the_database() -> None:
    (design,) = (each for each in designed(load(CATALOG, SHAPES.values()), service(NAME)).stores)
    assert isinstance(design, DatabaseDesign)
    flags = {each["name"]: each["value"] for each in instance(FIRST)["settings"]["databaseFlags"]}
    assert flags["max_connections"] == str(design.max_connections)
    assert design.connections_wanted <= design.connections_safe


def said(after: Any, *others: Any, before: Any = None) -> list[str]:
    there = [StoredResource("acme", SQL_INSTANCE, each["name"], "urn", each, {}, "", "") for each in others]
    call = CloudCall(SQL_INSTANCE, "acme", before, after, None, there)
    return [str(error) for error in refusals(call)]


def changed(of: Any, **settings: Any) -> Any:
    return {**of, "settings": {**of["settings"], **settings}}


def test_the_local_cloud_takes_them_beside_the_database_that_there_is() -> None:
    primary, replica = instance(PRIMARY), instance(FIRST)
    assert said(replica, primary) == []


@pytest.mark.parametrize(
    ("settings", "of_primary", "why"),
    [
        ({}, {"connectorEnforcement": "REQUIRED"}, "takes connectors only"),
        ({}, {"backupConfiguration": {}}, "automated backups are off"),
        ({}, {"backupConfiguration": {"enabled": True}}, "keeps no log"),
        (
            {"databaseFlags": [{"name": "max_connections", "value": "14"}]},
            {},
            "the flag max_connections of a",
        ),
        ({"backupConfiguration": {"enabled": True}}, {}, "a read replica has no automated backups"),
        ({"edition": "ENTERPRISE_PLUS", "tier": "db-perf-optimized-N-2"}, {}, "the edition of its primary"),
    ],
)
def test_the_local_cloud_refuses_what_cloud_sql_does_not_copy(
    settings: Any, of_primary: Any, why: str
) -> None:
    found = said(changed(instance(FIRST), **settings), changed(instance(PRIMARY), **of_primary))
    assert [each for each in found if why in each], found


def test_the_local_cloud_knows_no_copy_of_a_copy_of_nothing_or_of_another_version() -> None:
    primary, replica, other = instance(PRIMARY), instance(FIRST), instance(SECOND)
    assert "does not exist" in said(replica)[0]
    assert "is a read replica" in said({**other, "masterInstanceName": FIRST}, primary, replica)[0]
    assert "the version of its primary" in said({**replica, "databaseVersion": "POSTGRES_17"}, primary)[0]


def test_the_local_cloud_deletes_no_database_before_its_copies() -> None:
    primary, replica = instance(PRIMARY), instance(FIRST)
    gone = changed(primary, deletionProtectionEnabled=False)
    assert "has read replicas, such as shop-api-db-g1-read-1" in said(None, replica, before=gone)[0]
    assert said(None, before=gone) == []
