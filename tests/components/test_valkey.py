"""A Valkey: closed, encrypted, with a replica, an endpoint among the nodes, and tokens for passwords."""

from typing import Any

import pytest

from pave.local_cloud.refusal import CloudCall
from pave.local_cloud.refusals.memorystore_valkey import refusals
from pave.local_cloud.store import StoredResource
from stacks.providers.compute import CONNECTION_POLICY
from stacks.providers.data import VALKEY
from tests.components.service_plans import all_of, named, one
from tests.components.test_workload import container
from tests.trial.test_compose import composed

NAME = "every-store"


def instance() -> Any:
    return one("memorystore/instance:Instance", NAME).inputs


def test_it_has_a_replica_in_another_zone_is_encrypted_and_asks_who_connects() -> None:
    inputs = instance()
    assert (inputs["mode"], inputs["shardCount"], inputs["replicaCount"]) == ("CLUSTER_DISABLED", 1, 1)
    assert inputs["zoneDistributionConfig"] == {"mode": "MULTI_ZONE"}
    assert inputs["transitEncryptionMode"] == "SERVER_AUTHENTICATION"
    assert inputs["authorizationMode"] == "IAM_AUTH"
    assert inputs["persistenceConfig"] == {"mode": "RDB", "rdbConfig": {"rdbSnapshotPeriod": "ONE_HOUR"}}
    (window,) = inputs["maintenancePolicy"]["weeklyMaintenanceWindows"]
    assert (window["day"], window["startTime"]) == ("SATURDAY", {"hours": 8})
    assert inputs["deletionProtectionEnabled"] is True


def test_only_who_reaches_it_may_log_in_and_in_no_other() -> None:
    grants = {
        each.inputs["member"].partition("@")[0].rpartition(":")[2]: each.inputs["condition"]["expression"]
        for each in all_of(":IAMMember", NAME)
        if each.inputs.get("role") == "roles/memorystore.dbConnectionUser"
    }
    assert grants.keys() == {"every-store-web"}
    assert grants["every-store-web"] == 'resource.name.endsWith("/instances/every-store-hits-g1")'


def test_it_is_reached_among_the_addresses_of_nodes_and_told_without_a_password() -> None:
    policies = {
        each.inputs["metadata"]["name"]: each.inputs["spec"] for each in all_of("NetworkPolicy", NAME)
    }
    ways = [
        (to["ipBlock"]["cidr"], rule["ports"])
        for rule in policies["outgoing-web"]["egress"]
        for to in rule["to"]
    ]
    assert ("10.0.0.0/20", [{"protocol": "TCP", "port": 6379}]) in ways
    told = {each["name"] for each in container(named(":Rollout", f"{NAME}-web", NAME))["env"]}
    assert {name for name in told if name.startswith("HITS_")} == {"HITS_HOST", "HITS_PORT", "HITS_CA"}
    worker = {each["name"] for each in container(named(":Rollout", f"{NAME}-work", NAME))["env"]}
    assert not {name for name in worker if name.startswith("HITS_")}


def test_a_trial_has_the_same_version() -> None:
    assert composed(NAME)["services"]["store-hits"]["image"] == "docker.io/valkey/valkey:8.0"


def policy(**changes: Any) -> StoredResource:
    inputs = {
        "serviceClass": "gcp-memorystore",
        "location": "us-east1",
        "network": instance()["desiredAutoCreatedEndpoints"][0]["network"],
    } | changes
    return StoredResource("acme", CONNECTION_POLICY, "id", "urn", inputs, {}, "", "")


def said(changes: Any, *others: StoredResource) -> str:
    call = CloudCall(VALKEY, "acme", None, {**instance(), **changes}, None, others)
    return "".join(str(error) for error in refusals(call))


def test_the_local_cloud_takes_it_where_a_policy_lets_it_have_an_endpoint() -> None:
    assert said({}, policy()) == ""
    assert "no service connection policy" in said({})
    assert "no service connection policy" in said({}, policy(location="us-east4"))
    assert "no service connection policy" in said({}, policy(serviceClass="google-cloud-sql"))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"engineVersion": "VALKEY_6_0"}, "'VALKEY_6_0' is not supported"),
        ({"shardCount": 2}, "has one shard"),
        ({"replicaCount": 6}, "must be 0 to 5"),
        ({"zoneDistributionConfig": {"mode": "SINGLE_ZONE"}}, "A zone is said"),
        ({"zoneDistributionConfig": {"mode": "MULTI_ZONE", "zone": "us-east1-b"}}, "A zone is said"),
    ],
)
def test_the_local_cloud_refuses_what_memorystore_does(changes: Any, why: str) -> None:
    assert why in said(changes, policy())
