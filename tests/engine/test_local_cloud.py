"""The local cloud's own rules: what it makes, what it replaces, and what it refuses with which source."""

import ipaddress
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import grpc
import pytest

from catalog.loader import load
from pave.local_cloud.server import Served, serve
from stacks.plan import Planner
from stacks.providers.table import TYPES
from stacks.stack import stacks
from tests.components.sdk_types import input_names
from tests.components.service_plans import SHAPES, plan, unwatched
from tests.engine.cloud_client import Client, Inputs, enable_apis

SQL = "gcp:sql/databaseInstance:DatabaseInstance"
REDIS = "gcp:redis/instance:Instance"
NETWORK = "gcp:compute/network:Network"
SUBNET = "gcp:compute/subnetwork:Subnetwork"
ZONE = "gcp:dns/managedZone:ManagedZone"
RECORD = "gcp:dns/recordSet:RecordSet"
SECRET_HOLDER = "gcp:secretmanager/secret:Secret"
NAMESPACE = "kubernetes:core/v1:Namespace"
ACCOUNT = "kubernetes:core/v1:ServiceAccount"
DEPLOYMENT = "kubernetes:apps/v1:Deployment"
NOW = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    made = serve(tmp_path, lambda: NOW)
    enable_apis(made.store, "acme", "other")
    yield made
    made.stop()


@pytest.fixture
def cloud(served: Served) -> Iterator[Client]:
    client = Client(served.port)
    yield client
    client.close()


def database(**settings: Any) -> Inputs:
    backups = {"enabled": True, "pointInTimeRecoveryEnabled": True}
    return {
        "name": "db-g1",
        "databaseVersion": "POSTGRES_16",
        "region": "us-east1",
        "deletionProtection": False,
        "settings": {
            "tier": "db-custom-2-7680",
            "edition": "ENTERPRISE",
            "availabilityType": "REGIONAL",
            "backupConfiguration": backups,
            "diskSize": 50,
            **settings,
        },
    }


def cache(**changes: Any) -> Inputs:
    return {"name": "redis-g1", "memorySizeGb": 1, "tier": "BASIC", "deletionProtection": False, **changes}


def refusal(error: pytest.ExceptionInfo[grpc.RpcError]) -> str:
    details: Any = error.value
    return str(details.details())


@pytest.mark.slow
def test_every_type_that_a_stack_registers_is_served(shipped: Path) -> None:
    planner = Planner(load(shipped))
    plans = [planner.plan(stack) for stack in stacks(load(shipped))] + [plan(name) for name in SHAPES]
    plans.append(unwatched())
    registered = {
        resource.type
        for each in plans
        for resource in each.resources
        if resource.custom and not resource.type.startswith("pulumi:")
    }
    assert registered - TYPES.keys() == set()
    assert TYPES.keys() - registered == set(), "no component registers these any more"


@pytest.mark.parametrize("token", [token for token in TYPES if token.startswith("gcp:")])
def test_the_table_uses_the_sdks_names(token: str) -> None:
    row = TYPES[token]
    used = {*row.required, *(field.partition(".")[0] for field in row.immutable), *row.needs}
    assert used - input_names(token) == set()


def test_a_type_that_nobody_registers_is_refused_by_name(cloud: Client) -> None:
    with pytest.raises(grpc.RpcError) as error:
        cloud.check("gcp:compute/disk:Disk", {"name": "disk"})
    assert "doesn't serve gcp:compute/disk:Disk" in refusal(error)
    assert "stacks/providers/" in refusal(error)


def test_a_missing_input_is_named(cloud: Client) -> None:
    assert set(cloud.check(SQL, {"name": "db"})) == {"databaseVersion"}


def test_ids_and_outputs_follow_from_the_name(cloud: Client) -> None:
    id_, properties = cloud.create(NETWORK, {"name": "net"})
    assert id_ == "projects/acme/global/networks/net"
    assert properties["selfLink"] == f"https://www.googleapis.com/compute/v1/{id_}"
    _, properties = cloud.create(SQL, database())
    assert properties["connectionName"] == "acme:us-east1:db-g1"


def test_addresses_are_distinct_and_kept_for_documentation(cloud: Client, served: Served) -> None:
    token = "gcp:compute/address:Address"
    for metric in ("IN_USE_ADDRESSES", "STATIC_ADDRESSES"):
        served.store.set("quota", f"acme/{metric}/us-east1", "60")
    made = [cloud.create(token, {"name": f"a{n}", "region": "us-east1"})[1]["address"] for n in range(60)]
    assert len(set(made)) == 60
    assert all(ipaddress.ip_address(each) in ipaddress.ip_network("203.0.113.0/24") for each in made)


def test_a_preview_makes_nothing(cloud: Client, served: Served) -> None:
    id_, properties = cloud.create(SQL, database(), preview=True)
    assert (id_, properties) == ("", database())
    assert served.store.resources() == []


def test_what_exists_is_not_created_again(cloud: Client) -> None:
    cloud.create(NETWORK, {"name": "net"})
    with pytest.raises(grpc.RpcError, match="Error 409"):
        cloud.create(NETWORK, {"name": "net"})


def test_two_projects_do_not_see_each_other(cloud: Client, served: Served) -> None:
    other = Client(served.port, project="other")
    cloud.create(SQL, database())
    id_, properties = other.create(SQL, database())
    assert (id_, properties["connectionName"]) == ("db-g1", "other:us-east1:db-g1")
    other.delete(SQL, "db-g1")
    assert cloud.read(SQL, "db-g1", database())[0] == "db-g1"
    other.close()


def test_what_is_gone_in_its_own_project_is_not_looked_for_in_another(cloud: Client, served: Served) -> None:
    """Names are the same in staging as in production: a lookup that strays reads, and deletes, another's."""
    other = Client(served.port, project="other")
    other.create(SQL, database())
    assert cloud.read(SQL, "db-g1", database()) == ("", {})
    cloud.delete(SQL, "db-g1")
    assert other.read(SQL, "db-g1", database())[0] == "db-g1"
    other.close()


def test_what_is_held_outlives_the_server(tmp_path: Path) -> None:
    first = serve(tmp_path, lambda: NOW)
    enable_apis(first.store)
    client = Client(first.port)
    client.create(SQL, database())
    client.close()
    first.stop()
    second = serve(tmp_path, lambda: NOW)
    client = Client(second.port)
    assert client.read(SQL, "db-g1", database()) == ("db-g1", database())
    client.close()
    second.stop()


def test_what_is_gone_reads_as_nothing_and_deletes_as_done(cloud: Client) -> None:
    assert cloud.read(SQL, "db-g1", database()) == ("", {})
    cloud.delete(SQL, "db-g1")


@pytest.mark.parametrize(
    ("token", "old", "new", "path"),
    [
        (REDIS, cache(), cache(tier="STANDARD_HA"), "tier"),
        (SQL, database(), database() | {"region": "us-east4"}, "region"),
        (
            SQL,
            database(diskAutoresize=False),
            database(diskAutoresize=False, diskSize=40),
            "settings.diskSize",
        ),
        (REDIS, cache(redisVersion="REDIS_7_2"), cache(redisVersion="REDIS_6_X"), "redisVersion"),
        (NETWORK, {"name": "a"}, {"name": "b"}, "name"),
        (
            SUBNET,
            {"name": "s", "network": "n", "ipCidrRange": "10.0.0.0/20"},
            {"name": "s", "network": "n", "ipCidrRange": "10.0.0.0/24"},
            "ipCidrRange",
        ),
        (
            SQL,
            database(ipConfiguration={"privateNetwork": "n"}),
            database(ipConfiguration={"ipv4Enabled": True}),
            "settings.ipConfiguration.privateNetwork",
        ),
    ],
)
def test_what_google_replaces_is_replaced(
    cloud: Client, token: str, old: Inputs, new: Inputs, path: str
) -> None:
    changed, replacing = cloud.diff(token, "id", old, new)
    assert path in changed
    assert replacing == {path}


@pytest.mark.parametrize(
    ("token", "old", "new", "path"),
    [
        (SQL, database(availabilityType="ZONAL"), database(), "settings.availabilityType"),
        (SQL, database(), database(diskSize=60), "settings.diskSize"),
        (SQL, database(), database(tier="db-custom-4-15360"), "settings.tier"),
        (REDIS, cache(), cache(memorySizeGb=5), "memorySizeGb"),
        (
            SUBNET,
            {"name": "s", "network": "n", "ipCidrRange": "10.0.0.0/24"},
            {"name": "s", "network": "n", "ipCidrRange": "10.0.0.0/20"},
            "ipCidrRange",
        ),
    ],
)
def test_what_google_changes_in_place_is_not_replaced(
    cloud: Client, token: str, old: Inputs, new: Inputs, path: str
) -> None:
    assert cloud.diff(token, "id", old, new) == ({path}, set())


@pytest.mark.parametrize(
    ("token", "inputs", "why"),
    [
        (SQL, database(tier="db-custom-2-7680", edition="ENTERPRISE_PLUS"), "Invalid Tier"),
        (SQL, database(tier="db-perf-optimized-N-2"), "Invalid Tier"),
        (SQL, database(edition=None), "for (ENTERPRISE_PLUS) Edition"),
        (SQL, database(backupConfiguration={"enabled": False}), "requires automated backups"),
        (SQL, database(backupConfiguration={"enabled": True}), "requires point-in-time recovery"),
        (REDIS, cache(alternativeLocationId="c"), "only for the tier STANDARD_HA"),
        (
            REDIS,
            cache(tier="STANDARD_HA", locationId="b", alternativeLocationId="b"),
            "must differ from locationId",
        ),
        (REDIS, cache(tier="STANDARD"), 'expected tier to be one of ["BASIC" "STANDARD_HA"], got STANDARD'),
        ("gcp:sql/database:Database", {"name": "app", "instance": "nowhere"}, "Error 404"),
    ],
)
def test_what_google_refuses_is_refused_with_its_source(
    cloud: Client, served: Served, token: str, inputs: Inputs, why: str
) -> None:
    with pytest.raises(grpc.RpcError) as error:
        cloud.create(token, inputs)
    assert why in refusal(error)
    assert "https://" in refusal(error)
    assert served.store.resources() == []
    assert served.store.calls()[-1].outcome == refusal(error)


def test_a_database_goes_to_a_later_major_version_only(cloud: Client) -> None:
    earlier, later = (database() | {"databaseVersion": version} for version in ("POSTGRES_15", "POSTGRES_16"))
    cloud.create(SQL, earlier)
    cloud.update(SQL, "db-g1", earlier, later)
    with pytest.raises(grpc.RpcError) as error:
        cloud.update(SQL, "db-g1", later, earlier)
    assert "not downgraded" in refusal(error)


def test_a_guarded_resource_is_only_deleted_after_its_guard_is_taken_away(cloud: Client) -> None:
    guarded = database(deletionProtectionEnabled=True) | {"deletionProtection": True}
    cloud.create(SQL, guarded)
    with pytest.raises(grpc.RpcError, match="deletionProtection is true"):
        cloud.delete(SQL, "db-g1")
    half = database(deletionProtectionEnabled=True)
    cloud.update(SQL, "db-g1", guarded, half)
    with pytest.raises(grpc.RpcError, match="deletionProtectionEnabled"):
        cloud.delete(SQL, "db-g1")
    cloud.update(SQL, "db-g1", half, database())
    cloud.delete(SQL, "db-g1")
    assert cloud.read(SQL, "db-g1", database())[0] == ""


def test_a_guarded_secret_stays(cloud: Client) -> None:
    inputs = {"secretId": "key", "replication": {"auto": {}}, "deletionProtection": True}
    id_, _ = cloud.create(SECRET_HOLDER, inputs)
    with pytest.raises(grpc.RpcError, match="deletionProtection is true"):
        cloud.delete(SECRET_HOLDER, id_)


def test_what_others_use_is_not_deleted(cloud: Client) -> None:
    network, _ = cloud.create(NETWORK, {"name": "net"})
    subnet, _ = cloud.create(
        SUBNET, {"name": "s", "network": network, "region": "us-east1", "ipCidrRange": "10.0.0.0/20"}
    )
    with pytest.raises(grpc.RpcError, match=r"already being used by \S*subnetworks/s:"):
        cloud.delete(NETWORK, network)
    cloud.delete(SUBNET, subnet)
    cloud.delete(NETWORK, network)


def test_a_zone_with_records_is_not_deleted(cloud: Client) -> None:
    zone, _ = cloud.create(ZONE, {"name": "zone", "dnsName": "acme.example."})
    cloud.create(RECORD, {"name": "a.acme.example.", "type": "A", "managedZone": "zone"})
    with pytest.raises(grpc.RpcError, match="containerNotEmpty"):
        cloud.delete(ZONE, zone)


def test_objects_of_kubernetes_are_judged_by_its_own_schemas(cloud: Client) -> None:
    metadata = {"name": "web", "namespace": "shop"}
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata}
    assert cloud.check(ACCOUNT, account) == {}
    misspelt = cloud.check(ACCOUNT, account | {"automountServiceAccountTokens": False})
    assert "automountServiceAccountTokens" in "".join(misspelt.values())
    assert cloud.check(DEPLOYMENT, {"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"replicas": "3"}})


def test_an_object_needs_its_namespace_and_goes_with_it(cloud: Client) -> None:
    inputs = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "web", "namespace": "shop"}}
    with pytest.raises(grpc.RpcError, match='namespaces "shop" not found'):
        cloud.create(ACCOUNT, inputs)
    cloud.create(NAMESPACE, {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}})
    id_, properties = cloud.create(ACCOUNT, inputs)
    assert id_ == "shop/web"
    assert properties["metadata"]["uid"]
    cloud.delete(NAMESPACE, "shop")
    assert cloud.read(ACCOUNT, "shop/web")[0] == ""


def test_a_secret_is_marked_on_the_wire_and_never_shown(cloud: Client, served: Served) -> None:
    from stacks.properties import redacted, revealed

    _, properties = cloud.create(REDIS, cache(authEnabled=True))
    password = revealed(properties["authString"])
    assert len(password) == 32
    (held,) = served.store.resources()
    assert password in json.dumps(held.outputs)
    assert redacted(held.outputs)["authString"] == "[secret]"


def test_the_log_only_grows(cloud: Client, served: Served) -> None:
    import sqlite3

    cloud.create(NETWORK, {"name": "net"})
    for statement in ("DELETE FROM calls", "UPDATE calls SET outcome = 'ok'"):
        with pytest.raises(sqlite3.IntegrityError, match="only grows"):
            served.store._run(statement)
    assert [call.operation for call in served.store.calls()] == ["create"]


def test_a_failure_that_does_not_pass_gives_up_after_a_few_tries(cloud: Client, served: Served) -> None:
    served.store.add_fault("*:Network", "*", "503", 99)
    with pytest.raises(grpc.RpcError, match="Error 503"):
        cloud.create(NETWORK, {"name": "net"})
    assert len(served.store.calls()) == 5
    served.store.clear_faults()
    assert cloud.create(NETWORK, {"name": "net"})[0]


def test_a_fault_meets_only_what_it_names(cloud: Client, served: Served) -> None:
    served.store.add_fault("*:Network", "delete", "quota", 1)
    id_, _ = cloud.create(NETWORK, {"name": "net"})
    cloud.create(SQL, database())
    with pytest.raises(grpc.RpcError, match="quotaExceeded"):
        cloud.delete(NETWORK, id_)
    cloud.delete(NETWORK, id_)


def test_an_engine_whose_port_was_that_of_one_which_has_ended_is_not_cancelled(tmp_path: Path) -> None:
    served = serve(tmp_path, lambda: NOW, speed=0.0001)  # a database takes a tenth of a second
    enable_apis(served.store)
    client = Client(served.port)
    client.cancel()
    client.shake_hands()
    assert client.create(SQL, database() | {"project": "acme"})[0] == "db-g1"
    client.close()
    served.stop()


def test_cancelling_ends_the_wait_but_not_what_has_begun(tmp_path: Path) -> None:
    served = serve(tmp_path, lambda: NOW, speed=1.0)  # ten minutes for a database
    enable_apis(served.store)
    client = Client(served.port)
    with ThreadPoolExecutor(1) as pool:
        creating = pool.submit(client.create, SQL, database())
        while not served.store.resources():
            assert not creating.done(), creating.exception()
            time.sleep(0.01)
        client.cancel()
        with pytest.raises(grpc.RpcError, match="db-g1 goes on in the cloud"):
            creating.result(60)
    assert client.read(SQL, "db-g1", database())[0] == "db-g1"
    client.close()
    served.stop()
