"""A workload that lists its stores is told of those, may use those, and finds a way to no others."""

from typing import Any

import pytest

from catalog.loader import load
from components.design.availability.series import tree_of
from components.design.availability.tree import hard_leaves
from components.design.service import designed
from components.design.stores.database import DatabaseDesign
from tests.components.service_plans import CATALOG, SHAPES, all_of, named
from tests.components.test_workload import container, pod
from tests.trial.test_compose import service

NAME = "two-halves"
WORKLOADS = ("web", "mailer", "echo")


def told(workload: str) -> set[str]:
    env = container(named(":Rollout", f"{NAME}-{workload}", NAME)).get("env", ())
    return {each["name"].partition("_")[0] for each in env}


def test_it_is_told_of_its_own() -> None:
    assert {name: told(name) for name in WORKLOADS} == {
        "web": {"DB", "MAILS"},
        "mailer": {"MAILS", "CACHE"},
        "echo": set(),
    }


def test_only_who_reaches_a_database_has_a_proxy_and_a_user_there() -> None:
    proxied = {
        name for name in WORKLOADS if pod(named(":Rollout", f"{NAME}-{name}", NAME)).get("initContainers")
    }
    assert proxied == {"web"}
    users = {each.inputs["name"].partition("@")[0] for each in all_of(":User", NAME)}
    assert users == {"two-halves-web", "two-halves-migrate-db"}


def test_only_who_reaches_a_queue_may_publish_and_take() -> None:
    for kind in (":TopicIAMMember", ":SubscriptionIAMMember"):
        members = {each.name for each in all_of(kind, NAME) if "pubsub" not in each.name}
        assert {name for name in WORKLOADS for member in members if name in member} == {"web", "mailer"}


def test_only_who_reaches_a_cache_reads_its_password() -> None:
    readers = {each.name for each in all_of(":SecretIamMember", NAME)}
    assert [name for name in WORKLOADS for reader in readers if name in reader] == ["mailer"]


def policies() -> dict[str, Any]:
    return {each.inputs["metadata"]["name"]: each.inputs["spec"] for each in all_of("NetworkPolicy", NAME)}


@pytest.mark.parametrize(
    ("policy", "workload", "ports"),
    [
        ("outgoing-web", "web", [3307]),
        ("outgoing-mailer", "mailer", [6378]),
        ("outgoing-migrate-db", "migrate-db", [3307]),
    ],
)
def test_the_way_to_a_store_is_open_to_its_pods_only(policy: str, workload: str, ports: list[int]) -> None:
    spec = policies()[policy]
    assert spec["podSelector"] == {"matchLabels": {"app.kubernetes.io/name": workload}}
    assert [each["port"] for rule in spec["egress"] for each in rule["ports"]] == ports


def test_nobody_else_finds_a_way_there() -> None:
    found = policies()
    ports = {each["port"] for rule in found["outgoing"]["egress"] for each in rule["ports"]}
    assert ports == {53, 80}
    assert "pubsub.googleapis.com" not in found
    for workload in ("web", "mailer"):
        selector = found[f"pubsub.googleapis.com-{workload}"]["podSelector"]
        assert selector == {"matchLabels": {"app.kubernetes.io/name": workload}}
    assert not {name for name in found if "echo" in name}


def test_connections_are_counted_of_those_who_reach_a_database_and_users_wait_for_what_they_reach() -> None:
    found = service(NAME)
    design = designed(load(CATALOG, SHAPES.values()), found)
    (database,) = (each for each in design.stores if isinstance(each, DatabaseDesign))
    (web,) = (each for each in design.workloads if each.name == "web")
    assert database.connections_wanted == (web.max_replicas + web.max_surge) * web.connections
    names = {leaf.name for leaf in hard_leaves(tree_of(found, design))}
    assert {"store db", "store mails"} <= names
    assert "store cache" not in names, "no request needs it"


def test_where_all_reach_all_there_is_one_policy_for_all() -> None:
    names = {each.inputs["metadata"]["name"] for each in all_of("NetworkPolicy", "django-shop")}
    assert not {name for name in names if name.startswith("outgoing-")}
