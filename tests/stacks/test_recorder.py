"""The recorder, on a program like the ones it is for: stores, workloads, explicit providers, references."""

import hashlib
import json
from typing import Any

import msgspec
import pulumi
import pulumi_gcp as gcp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi import ResourceOptions

from stacks.recording.model import LogMessage, Options, Recording, RecordingError, Resource
from stacks.recording.recorder import record
from tests.laws import law
from tests.stacks.recorded_shop import (
    ADDRESS,
    DATABASE,
    DEPLOYMENT,
    FOUNDATION,
    FOUNDATION_OUTPUTS,
    GCP,
    K8S,
    NETWORK,
    PREFIX,
    RECORD_SET,
    REDIS,
    SERVICE,
    STORE,
    USER,
    WORKLOAD,
    Paved,
    as_json,
    inputs_of,
    record_small,
    resource,
    thing,
)

# pulumi_gcp warns of its own deprecated classes while it is imported.
pytestmark = pytest.mark.filterwarnings("ignore:gcp.* has been deprecated in favor of:DeprecationWarning")


def test_resources_have_the_urns_of_the_engine_and_are_sorted_by_them(recording: Recording) -> None:
    urns = [GCP, K8S, NETWORK, SERVICE, STORE, DATABASE, USER, REDIS, WORKLOAD, DEPLOYMENT, RECORD_SET]
    assert [resource.urn for resource in recording.resources] == sorted([*urns, ADDRESS, FOUNDATION])


def test_a_parent_is_a_urn_and_nothing_directly_below_the_stack(recording: Recording) -> None:
    assert {resource.urn: resource.parent for resource in recording.resources if resource.parent} == {
        STORE: SERVICE,
        WORKLOAD: SERVICE,
        DATABASE: STORE,
        USER: STORE,
        REDIS: STORE,
        DEPLOYMENT: WORKLOAD,
    }


def test_a_component_carries_its_origin_as_an_input(recording: Recording) -> None:
    assert resource(recording, WORKLOAD) == Resource(
        urn=WORKLOAD,
        type="pave:components:Workload",
        name="web",
        parent=SERVICE,
        custom=False,
        inputs={"origin": "services/shop.yaml#/spec/workloads/0", "replicas": 3},
        options=Options(depends_on=(REDIS, DATABASE, USER), providers={"gcp": GCP, "kubernetes": K8S}),
    )


def test_inputs_are_as_on_the_wire_with_unknowns_and_secrets_marked(recording: Recording) -> None:
    assert resource(recording, DATABASE).inputs == {
        "databaseVersion": "POSTGRES_17",
        "name": "orders",
        "rootPassword": {"$secret": True},
        "settings": {
            "availabilityType": "REGIONAL",
            "ipConfiguration": {"ipv4Enabled": False, "privateNetwork": {"$unknown": [NETWORK]}},
            "tier": "db-custom-2-8192",
        },
    }


def test_all_options_are_recorded_as_on_the_wire(recording: Recording) -> None:
    assert resource(recording, DATABASE).options == Options(
        protect=True,
        retain_on_delete=True,
        delete_before_replace=False,
        depends_on=(NETWORK, FOUNDATION),
        property_dependencies={"settings": (NETWORK,)},
        provider=GCP,
        version="10.2.0",
        ignore_changes=("settings.disk_size",),
        replace_on_changes=("region",),
        deleted_with=NETWORK,
        additional_secret_outputs=("replicaConfiguration", "rootPassword", "rootPasswordWo", "serverCaCerts"),
        aliases=({"name": "orders-old"},),
        custom_timeouts={"create": "60m"},
    )


def test_an_option_that_is_not_set_is_not_in_the_json(recording: Recording) -> None:
    assert json.loads(msgspec.json.encode(resource(recording, NETWORK).options)) == {
        "protect": True,
        "provider": GCP,
        "retainOnDelete": True,
        "version": "10.2.0",
    }


def test_an_unknown_made_of_outputs_names_all_that_its_input_depends_on(recording: Recording) -> None:
    [container] = resource(recording, DEPLOYMENT).inputs["spec"]["template"]["spec"]["containers"]
    both = {"$unknown": sorted([DATABASE, REDIS])}
    assert [variable["value"] for variable in container["env"]] == [both, both, {"$secret": True}]


def test_what_was_given_is_known_again_also_through_apply(recording: Recording) -> None:
    user = resource(recording, USER)
    assert user.inputs == {"instance": "orders", "name": "orders-app", "password": {"$secret": True}}
    assert user.options.property_dependencies == {"instance": (DATABASE,), "name": (DATABASE,)}


def test_a_lookup_is_marked_as_read_and_its_outputs_are_unknown(recording: Recording) -> None:
    assert [resource.urn for resource in recording.resources if resource.read] == [ADDRESS, FOUNDATION]
    assert resource(recording, RECORD_SET).inputs == {
        "managedZone": "example-org",
        "name": "shop.example.org.",
        "rrdatas": [{"$unknown": [ADDRESS]}],
        "ttl": 60,
        "type": "A",
    }


def test_a_provider_has_the_version_that_the_engine_adds(recording: Recording) -> None:
    assert resource(recording, GCP).inputs == {
        "project": "shop-prod",
        "region": "europe-west4",
        "version": "10.2.0",
        "zone": "europe-west4-a",
    }


def test_stack_outputs_are_recorded(recording: Recording) -> None:
    assert recording.outputs == {
        "database": {"$unknown": []},
        "databaseName": "orders",
        "password": {"$secret": True},
    }


def test_log_messages_are_collected_with_their_resource(recording: Recording) -> None:
    assert recording.logs == [LogMessage("warning", "The orders store has one owner.", DATABASE)]


def test_no_secret_is_left_in_a_recording(recording: Recording) -> None:
    everything = repr(recording).lower() + as_json(recording).decode().lower()
    assert "hunter2" not in everything
    assert "s3cret" not in everything


def test_an_input_that_is_declared_a_secret_output_stays_secret_in_what_is_made_of_it() -> None:
    def program() -> None:
        opts = ResourceOptions(additional_secret_outputs=["value", "unset"])
        token = thing("token", {"value": "abc"}, opts)
        thing("thing", {"copy": token.value, "unset": token.unset})

    assert inputs_of(program) == {
        "copy": {"$secret": True},
        "unset": {"$unknown": [f"{PREFIX}test:index:Thing::token"]},
    }


def test_a_component_does_not_know_its_own_inputs_just_as_in_a_preview() -> None:
    def program() -> None:
        component: Any = Paved("Service", "shop", {}, "services/shop.yaml#")
        thing("thing", {"origin": component.origin})

    assert inputs_of(program) == {"origin": {"$unknown": []}}


def test_files_are_recorded_by_place_or_by_hash() -> None:
    def program() -> None:
        text, secret = pulumi.StringAsset("SELECT 1"), pulumi.Output.secret("SELECT 2")
        archive = pulumi.AssetArchive({"query": text, "dashboards": pulumi.FileArchive("dashboards")})
        remote = pulumi.RemoteAsset("https://example.org/logo.svg")
        thing("thing", {"archive": archive, "remote": remote, "secret": secret.apply(pulumi.StringAsset)})

    assert inputs_of(program) == {
        "archive": {
            "$asset": {
                "assets": {
                    "dashboards": {"$asset": {"path": "dashboards"}},
                    "query": {"$asset": {"sha256": hashlib.sha256(b"SELECT 1").hexdigest()}},
                }
            }
        },
        "remote": {"$asset": {"uri": "https://example.org/logo.svg"}},
        "secret": {"$secret": True},
    }


def test_a_resource_given_as_an_input_is_recorded_as_its_urn() -> None:
    def program() -> None:
        network = gcp.compute.Network("network", name="shop")
        first = thing("first", {"network": network})
        thing("thing", {"network": first.network, "name": first.network.name})

    assert inputs_of(program) == {"name": "shop", "network": {"$resource": NETWORK}}


names = st.text("abcXYZ_", min_size=3)
plain_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda children: st.lists(children) | st.dictionaries(names, children),
    max_leaves=10,
)


@law(50)
@given(st.dictionaries(names, plain_json))
def test_plain_inputs_are_recorded_as_they_were_given(inputs: dict[str, Any]) -> None:
    given_ones = {name: value for name, value in inputs.items() if value is not None}
    assert inputs_of(lambda: thing("thing", inputs)) == given_ones


@pytest.mark.parametrize("key", ["$unknown", "$secret", "$asset", "$resource"])
def test_an_input_that_looks_like_a_mark_is_refused(key: str) -> None:
    with pytest.raises(RecordingError, match=r"Use other keys"):
        record_small(lambda: thing("thing", {"labels": {key: []}}))


def reference_outputs() -> None:
    foundation = pulumi.StackReference("foundation.prod")
    outputs = {"known": foundation.outputs["zone"], "unknown": foundation.outputs["subnetwork"]}
    thing("thing", {**outputs, "got": foundation.get_output("zone")})


def test_an_unknown_stack_has_unknown_outputs() -> None:
    unknown = {"$unknown": [FOUNDATION]}
    assert inputs_of(reference_outputs) == {"got": unknown, "known": unknown, "unknown": unknown}


def test_outputs_of_a_known_stack_are_known_one_by_one() -> None:
    unknown = {"$unknown": [FOUNDATION]}
    references = {"foundation.prod": FOUNDATION_OUTPUTS}
    inputs = inputs_of(reference_outputs, references=references)
    assert inputs == {"got": unknown, "known": "example-org", "unknown": unknown}


def test_the_outputs_of_one_recording_are_the_reference_of_the_next() -> None:
    def foundation() -> None:
        pulumi.export("zone", {"name": "example-org", "ttl": 60, "servers": ["a", "b"]})
        pulumi.export("token", pulumi.Output.secret("hunter2"))

    def service() -> None:
        reference = pulumi.StackReference("foundation.prod")
        thing("thing", {"zone": reference.outputs["zone"], "token": reference.get_output("token")})

    outputs = record(foundation, project="shop", stack="foundation.prod").outputs
    assert inputs_of(service, references={"foundation.prod": outputs}) == {
        "token": {"$unknown": [FOUNDATION]},
        "zone": {"name": "example-org", "servers": ["a", "b"], "ttl": 60},
    }


def test_a_missing_output_of_a_known_stack_is_an_error() -> None:
    def program() -> None:
        thing("thing", {"value": pulumi.StackReference("foundation.prod").outputs["absent"]})

    with pytest.raises(KeyError, match="absent"):
        record_small(program, references={"foundation.prod": {"zone": "example-org"}})


def test_configuration_comes_from_the_caller_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_CONFIG", '{"shop:outside": "yes"}')
    monkeypatch.setenv("PULUMI_CONFIG_SHOP_OUTSIDE", "yes")

    def program() -> None:
        config = pulumi.Config()
        assert config.get("outside") is None
        thing("thing", {"size": config.require_int("size"), "secret": config.require_secret("size")})

    assert inputs_of(program, config={"shop:size": "3"}) == {"secret": {"$secret": True}, "size": 3}
