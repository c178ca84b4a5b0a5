"""The table of resource types against the rule that protects them and the components that mark them, the
engine's marks, and what replaces."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi.runtime import rpc

from catalog.document import Json
from catalog.kinds.environment import Environment
from catalog.loader import load
from policies.engines.embedded import EmbeddedEngine
from policies.rule import Bundle
from stacks import properties
from stacks.plan import Plan, PlannedResource, Planner
from stacks.policy_input import input_on
from stacks.properties import changed_paths, is_unknown, redacted, revealed, secret
from stacks.providers.apis import BOOTSTRAP, api_of, apis_of
from stacks.providers.names import refused_name
from stacks.providers.permissions import PERMISSIONS, ProviderCall, permissions_for, permissions_of
from stacks.providers.table import TYPES, holds_data, is_store, replaces
from stacks.stack import stacks
from tests.components.service_plans import SHAPES, plan

HOME = Path(__file__).resolve().parents[2]
RULE = "reliability/stateful-resources-are-protected"
REGO = (
    HOME / "policies/rules/reliability/stateful_resources_are_protected/stateful_resources_are_protected.rego"
)
STATEFUL = {token for token, row in TYPES.items() if row.is_stateful}
SQL = "gcp:sql/databaseInstance:DatabaseInstance"
REDIS = "gcp:redis/instance:Instance"
SUBNET = "gcp:compute/subnetwork:Subnetwork"
NETWORK = "gcp:compute/network:Network"
DEPLOYMENT = "kubernetes:apps/v1:Deployment"


def test_the_rule_that_protects_names_exactly_what_the_table_calls_stateful() -> None:
    locks = REGO.read_text("utf-8").partition("_locks := {")[2]
    assert set(re.findall(r'^\t"([^"]+)": \[', locks, re.MULTILINE)) == STATEFUL


def test_the_compiled_rule_finds_each_of_them_and_nothing_else_without_its_locks(bundle: Bundle) -> None:
    catalog = load(HOME / "catalog")
    environment = catalog.find(Environment, "production")
    assert environment is not None
    resources: list[Json] = [
        {
            "urn": token,
            "type": token,
            "name": "x",
            "parent": None,
            "custom": True,
            "inputs": {},
            "options": {},
            "origin": None,
        }
        for token in TYPES
    ]
    plan = msgspec.convert({"stack": "foundation.production", "resources": resources}, Plan)
    asked = input_on(catalog, environment, date(2026, 11, 21), plan)
    found = [one for one in EmbeddedEngine(bundle).evaluate(asked) if one.rule == RULE]
    assert {one.path[1] for one in found} == STATEFUL


def recorded() -> list[PlannedResource]:
    """All that the stacks of protected environments register, and services of every other shape."""
    catalog = load(HOME / "catalog")
    planner = Planner(catalog)
    plans = [planner.plan(each) for each in stacks(catalog) if each.environment == "production"]
    plans += [plan(name) for name in SHAPES]
    return [each for one in plans for each in one.resources if each.custom and not each.read]


def test_components_mark_exactly_what_the_table_calls_stateful() -> None:
    marked = {(each.options.protect, each.options.retain_on_delete, each.type) for each in recorded()}
    assert {token for protect, retain, token in marked if protect or retain} == STATEFUL
    assert {(protect, retain) for protect, retain, token in marked if token in STATEFUL} == {(True, True)}


def test_what_holds_data_is_stateful_and_so_is_every_store_that_holds_any() -> None:
    assert {token for token in TYPES if holds_data(token)} <= STATEFUL
    assert {token for token in TYPES if is_store(token)} - STATEFUL == {"gcp:sql/user:User"}
    only_known = {token for token in STATEFUL if not holds_data(token)}
    assert only_known == {
        *{"gcp:compute/address:Address", "gcp:compute/globalAddress:GlobalAddress", NETWORK, SUBNET},
        "gcp:servicenetworking/connection:Connection",
        "gcp:networkconnectivity/serviceConnectionPolicy:ServiceConnectionPolicy",
        "gcp:kms/keyRing:KeyRing",  # nobody can delete one, and its name stays taken
    }


def test_of_a_type_that_is_not_in_the_table_nothing_is_known() -> None:
    token = "gcp:compute/disk:Disk"
    assert not holds_data(token)
    assert not is_store(token)
    assert list(replaces(token, {"name": "a"}, {"name": "b"}, [("name",)])) == []


def test_every_row_has_its_source_and_needs_only_what_is_in_the_table() -> None:
    for token, row in TYPES.items():
        assert row.source.startswith("https://"), token
        assert set(row.needs.values()) <= TYPES.keys(), token
        assert (row.id == "") == token.startswith("kubernetes:"), token


def replaced(token: str, old: Json, new: Json) -> list[str]:
    found = replaces(token, old, new, changed_paths(old, new))
    return [".".join(str(step) for step in path) for path in found]


@pytest.mark.parametrize(
    ("token", "old", "new", "wanted"),
    [
        (NETWORK, {"name": "a"}, {"name": "b"}, ["name"]),
        (NETWORK, {"routingMode": "REGIONAL"}, {"routingMode": "GLOBAL"}, []),
        (SUBNET, {"ipCidrRange": "10.0.0.0/20"}, {"ipCidrRange": "10.0.0.0/19"}, []),
        (SUBNET, {"ipCidrRange": "10.0.0.0/20"}, {"ipCidrRange": "10.0.0.0/21"}, ["ipCidrRange"]),
        (SUBNET, {"ipCidrRange": "10.0.0.0/20"}, {"ipCidrRange": properties.UNKNOWN}, ["ipCidrRange"]),
        (
            SQL,
            {"settings": {"diskSize": 60, "diskAutoresize": False}},
            {"settings": {"diskSize": 50, "diskAutoresize": False}},
            ["settings.diskSize"],
        ),
        (SQL, {"settings": {"diskSize": 60}}, {"settings": {"diskSize": 50}}, []),
        (SQL, {"settings": {"diskSize": 50}}, {"settings": {"diskSize": 60}}, []),
        (REDIS, {"redisVersion": "REDIS_7_2"}, {"redisVersion": "REDIS_7_0"}, ["redisVersion"]),
        (REDIS, {"redisVersion": "REDIS_7_0"}, {"redisVersion": "REDIS_7_2"}, []),
        (DEPLOYMENT, {"spec": {"selector": {"a": 1}}}, {"spec": {"selector": {"a": 2}}}, ["spec.selector.a"]),
        (
            DEPLOYMENT,
            {"metadata": {"namespace": "a"}},
            {"metadata": {"namespace": "b"}},
            ["metadata.namespace"],
        ),
        (DEPLOYMENT, {"spec": {"replicas": 1}}, {"spec": {"replicas": 2}}, []),
    ],
)
def test_a_change_replaces_where_the_provider_cannot_make_it_in_place(
    token: str, old: Json, new: Json, wanted: list[str]
) -> None:
    assert replaced(token, old, new) == wanted


def test_an_object_that_comes_with_an_immutable_field_in_it_replaces() -> None:
    field = {"initializeParams": {"image": "debian"}}
    assert replaced("gcp:compute/instance:Instance", {}, {"bootDisk": field}) == ["bootDisk"]


def test_the_marks_are_those_of_the_sdk() -> None:
    assert properties.UNKNOWN == rpc.UNKNOWN
    assert rpc._special_sig_key == properties.SIGNATURE
    assert rpc._special_secret_sig == properties.CONFIDENTIAL


plain = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text("ab", max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xyz"), inner, max_size=3),
    max_leaves=8,
)


@given(plain)
def test_a_secret_is_the_same_value_that_nobody_is_shown(value: Any) -> None:
    marked = {"x": secret(value)}
    assert revealed(marked) == {"x": value}
    assert redacted(marked) == {"x": "[secret]"}
    assert list(changed_paths(marked, {"x": value})) == []


@given(plain)
def test_one_unknown_makes_the_whole_unknown(value: Any) -> None:
    assert not is_unknown(value)
    assert is_unknown([value, {"x": properties.UNKNOWN}])


@given(st.dictionaries(st.sampled_from("xyz"), plain, max_size=3))
def test_properties_come_back_from_the_wire_as_they_were_sent(values: Json) -> None:
    assert properties.from_struct(properties.to_struct(values)) == values


def test_every_type_of_googles_has_an_api_and_what_enables_them_is_not_among_them() -> None:
    google = {token for token in TYPES if token.startswith("gcp:")}
    assert all(api_of(token) is not None for token in google)
    services = [api.service for api in apis_of(TYPES)]
    assert services == sorted({*services})
    assert {"compute.googleapis.com", "sqladmin.googleapis.com"} <= {*services}
    assert not {api.service for api in BOOTSTRAP} & {*services}


def test_google_takes_every_name_that_stacks_give() -> None:
    refused = {each.urn for each in recorded() if refused_name(each.type, each.inputs) is not None}
    assert refused == set()


def test_permissions_are_known_for_exactly_the_types_of_google_in_the_table() -> None:
    assert PERMISSIONS.keys() == {token for token in TYPES if token.startswith("gcp:")}


def test_every_call_names_permissions_of_the_api_that_it_goes_to() -> None:
    calls: tuple[ProviderCall, ...] = ("create", "read", "update", "delete")
    for token, row in PERMISSIONS.items():
        assert row.source.startswith("https://"), token
        for name in {name for call in calls for name in permissions_of(token, call)}:
            assert re.fullmatch(r"[a-z]+(\.[a-zA-Z]+){2}", name), name
        assert row.create, token


def test_a_plan_needs_what_its_calls_need_together_and_nothing_for_kubernetes() -> None:
    found = permissions_for([(SQL, "create"), (REDIS, "read"), (DEPLOYMENT, "create")])
    assert {"cloudsql.instances.create", "cloudsql.instances.get", "redis.instances.get"} <= {*found}
    assert found == sorted({*found})
    assert not {name for name in found if name in ("redis.instances.create", "cloudsql.instances.delete")}
    assert permissions_for([(DEPLOYMENT, "delete")]) == []


def test_permissions_of_a_type_of_google_that_nobody_knows_are_no_empty_list() -> None:
    with pytest.raises(LookupError):
        permissions_of("gcp:compute/disk:Disk", "create")
