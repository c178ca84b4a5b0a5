"""The recorder, on a program like the ones it is for: stores, workloads, explicit providers, references."""

import asyncio
import contextvars
import gc
import hashlib
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pulumi
import pulumi_gcp as gcp
import pulumi_kubernetes as kubernetes
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pulumi import ResourceOptions
from pulumi._utils import ContextProperty
from pulumi.runtime import resource as sdk
from pulumi.runtime._callbacks import _CallbackServicer
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.settings import Settings

from stacks.recording.model import LogMessage, Options, Recording, RecordingError, Resource
from stacks.recording.recorder import record

PREFIX = "urn:pulumi:prod::shop::"
GCP = f"{PREFIX}pulumi:providers:gcp::gcp"
K8S = f"{PREFIX}pulumi:providers:kubernetes::gke"
NETWORK = f"{PREFIX}gcp:compute/network:Network::network"
SERVICE = f"{PREFIX}pave:components:Service::shop"
STORE = f"{PREFIX}pave:components:Service$pave:components:Store::orders"
IN_STORE = f"{PREFIX}pave:components:Service$pave:components:Store$"
DATABASE = f"{IN_STORE}gcp:sql/databaseInstance:DatabaseInstance::orders"
USER = f"{IN_STORE}gcp:sql/user:User::app"
REDIS = f"{IN_STORE}gcp:redis/instance:Instance::sessions-g1"
WORKLOAD = f"{PREFIX}pave:components:Service$pave:components:Workload::web"
DEPLOYMENT = f"{PREFIX}pave:components:Service$pave:components:Workload$kubernetes:apps/v1:Deployment::web"
RECORD_SET = f"{PREFIX}gcp:dns/recordSet:RecordSet::web"
ADDRESS = f"{PREFIX}gcp:compute/address:Address::egress"
FOUNDATION = f"{PREFIX}pulumi:pulumi:StackReference::foundation.prod"

# pulumi_gcp warns of its own deprecated classes while it is imported.
pytestmark = pytest.mark.filterwarnings("ignore:gcp.* has been deprecated in favor of:DeprecationWarning")

FOUNDATION_OUTPUTS = {"zone": "example-org", "subnetwork": {"$unknown": []}}


class Paved(pulumi.ComponentResource):
    def __init__(
        self,
        kind: str,
        name: str,
        args: Mapping[str, Any],
        origin: str,
        opts: ResourceOptions | None = None,
    ) -> None:
        super().__init__(f"pave:components:{kind}", name, {**args, "origin": origin}, opts)


def shop() -> None:
    """A service with two stores and a workload."""
    google = gcp.Provider("gcp", project="shop-prod", region="europe-west4", zone="europe-west4-a")
    gke = kubernetes.Provider("gke", kubeconfig="{}")
    foundation = pulumi.StackReference("foundation.prod")
    network = gcp.compute.Network(
        "network",
        name="shop",
        auto_create_subnetworks=False,
        opts=ResourceOptions(provider=google, protect=True, retain_on_delete=True),
    )
    service = Paved(
        "Service", "shop", {"tier": "gold"}, "services/shop.yaml#", ResourceOptions(providers=[google, gke])
    )
    store = Paved("Store", "orders", {}, "services/shop.yaml#/spec/stores/0", ResourceOptions(parent=service))
    database = gcp.sql.DatabaseInstance(
        "orders",
        name="orders",
        database_version="POSTGRES_17",
        root_password=pulumi.Config().require_secret("rootPassword"),
        settings=gcp.sql.DatabaseInstanceSettingsArgs(
            tier="db-custom-2-8192",
            availability_type="REGIONAL",
            ip_configuration=gcp.sql.DatabaseInstanceSettingsIpConfigurationArgs(
                ipv4_enabled=False, private_network=network.id
            ),
        ),
        opts=ResourceOptions(
            parent=store,
            protect=True,
            retain_on_delete=True,
            depends_on=[foundation],
            ignore_changes=["settings.disk_size"],
            replace_on_changes=["region"],
            delete_before_replace=False,
            deleted_with=network,
            custom_timeouts=pulumi.CustomTimeouts(create="60m"),
            aliases=[pulumi.Alias(name="orders-old")],
        ),
    )
    gcp.sql.User(
        "app",
        name=database.name.apply(lambda name: f"{name}-app"),
        instance=database.name,
        password=pulumi.Output.secret("hunter2"),
        opts=ResourceOptions(parent=store),
    )
    redis = gcp.redis.Instance(
        "sessions-g1",
        memory_size_gb=5,
        tier="STANDARD_HA",
        authorized_network=network.id,
        opts=ResourceOptions(parent=store),
    )
    workload = Paved(
        "Workload",
        "web",
        {"replicas": 3},
        "services/shop.yaml#/spec/workloads/0",
        ResourceOptions(parent=service, depends_on=[store]),
    )
    container = {
        "name": "web",
        "image": "registry.example/shop/web",
        "env": [
            {"name": "DATABASE", "value": database.connection_name},
            {"name": "REDIS", "value": pulumi.Output.concat("redis://", redis.host, ":6379")},
            {"name": "PASSWORD", "value": pulumi.Config().require_secret("rootPassword").apply(str.upper)},
        ],
    }
    pod: Any = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [container]}}
    kubernetes.apps.v1.Deployment(
        "web",
        metadata={"name": "web", "namespace": "shop"},
        spec={"replicas": 3, "selector": {"match_labels": {"app": "web"}}, "template": pod},
        opts=ResourceOptions(parent=workload),
    )
    egress = gcp.compute.Address.get(
        "egress", "projects/shop-prod/regions/europe-west4/addresses/egress", ResourceOptions(provider=google)
    )
    gcp.dns.RecordSet(
        "web",
        name="shop.example.org.",
        managed_zone=foundation.outputs["zone"],
        type="A",
        ttl=60,
        rrdatas=[egress.address],
        opts=ResourceOptions(provider=google, depends_on=[workload]),
    )
    pulumi.log.warn("The orders store has one owner.", database)
    pulumi.export("database", database.connection_name)
    pulumi.export("databaseName", database.name)
    pulumi.export("password", pulumi.Output.secret("hunter2"))


def record_shop() -> Recording:
    return record(
        shop,
        project="shop",
        stack="prod",
        config={"shop:rootPassword": "s3cret"},
        references={"foundation.prod": FOUNDATION_OUTPUTS},
    )


@pytest.fixture(scope="module")
def recording() -> Recording:
    return record_shop()


def resource(recording: Recording, urn: str) -> Resource:
    [found] = [resource for resource in recording.resources if resource.urn == urn]
    return found


def record_small(program: Callable[[], Any], **arguments: Any) -> Recording:
    return record(program, project="shop", stack="prod", **arguments)


def thing(name: str, inputs: Mapping[str, Any] | None = None, opts: ResourceOptions | None = None) -> Any:
    return pulumi.CustomResource("test:index:Thing", name, {"unset": None, **(inputs or {})}, opts)


def inputs_of(program: Callable[[], Any], **arguments: Any) -> dict[str, Any]:
    """The inputs of the resource called `thing`."""
    recording = record_small(program, **arguments)
    return next(resource.inputs for resource in recording.resources if resource.name == "thing")


def as_json(recording: Recording) -> bytes:
    return msgspec.json.encode(recording)


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


@settings(deadline=None, max_examples=50)
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


def known_invoke() -> None:
    gcp.compute.get_network_output(name="shop")


def unknown_invoke() -> None:
    gcp.compute.get_network_output(name=thing("other").unset)


def plain_invoke() -> None:
    gcp.compute.get_network(name="shop")


def forgiven_invoke() -> None:
    try:
        gcp.compute.get_network(name="shop")
    except RecordingError:
        thing("fallback")


@pytest.mark.parametrize("program", [known_invoke, unknown_invoke, plain_invoke, forgiven_invoke])
def test_an_invoke_is_refused_by_name(program: Callable[[], None]) -> None:
    with pytest.raises(RecordingError, match=r"gcp:compute/getNetwork:getNetwork: components make no inv"):
        record_small(program)


def test_an_invoke_that_leaves_no_trace_in_the_log_is_refused_too() -> None:
    def program() -> None:
        monitor: Any = pulumi.runtime.settings.get_monitor()
        monitor.Invoke(resource_pb2.ResourceInvokeRequest(tok="test:index:zones"))

    with pytest.raises(RecordingError, match=r"the function test:index:zones"):
        record_small(program)


def test_a_method_call_is_refused_by_name() -> None:
    with pytest.raises(RecordingError, match=r"the function test:index:Cluster/kubeconfig"):
        record_small(lambda: pulumi.runtime.call("test:index:Cluster/kubeconfig", {}))


def test_a_component_built_by_a_plugin_is_refused() -> None:
    with pytest.raises(RecordingError, match=r"test:index:Chart 'redis' is built by its provider's plugin"):
        record_small(lambda: pulumi.ComponentResource("test:index:Chart", "redis", {}, None, remote=True))


def test_a_transform_is_refused_because_only_the_engine_runs_it() -> None:
    with pytest.raises(RecordingError, match=r"transforms and hooks \(register_stack_transform\)"):
        record_small(lambda: pulumi.runtime.register_resource_transform(lambda _: None))


def test_a_transform_of_one_resource_is_refused_too() -> None:
    with pytest.raises(RecordingError, match=r"transforms and hooks"):
        record_small(lambda: thing("thing", {}, ResourceOptions(transforms=[lambda _: None])))


def test_a_stack_transformation_is_applied() -> None:
    def label(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult:
        return pulumi.ResourceTransformationResult({**args.props, "label": "shop"}, args.opts)

    def program() -> None:
        pulumi.runtime.register_stack_transformation(label)
        thing("thing", {"size": 1})

    assert inputs_of(program) == {"label": "shop", "size": 1}


@pytest.mark.parametrize("below_component", [False, True])
def test_two_resources_with_one_urn_are_refused(*, below_component: bool) -> None:
    def program() -> None:
        parent = Paved("Store", "orders", {}, "") if below_component else None
        for _ in range(2):
            thing("thing", {}, ResourceOptions(parent=parent))

    with pytest.raises(RecordingError, match=r"Two resources have the URN urn:pulumi:prod::shop::.*::thing,"):
        record_small(program)


def test_one_name_below_two_types_of_parents_is_fine() -> None:
    def program() -> None:
        for kind in ("Store", "Workload"):
            thing("thing", {}, ResourceOptions(parent=Paved(kind, "orders", {}, "")))

    assert [resource.urn for resource in record_small(program).resources if resource.custom] == [
        f"{PREFIX}pave:components:Store$test:index:Thing::thing",
        f"{PREFIX}pave:components:Workload$test:index:Thing::thing",
    ]


ERRORS = [ValueError("boom"), AssertionError("boom"), KeyError("boom"), pulumi.RunError("boom")]


@pytest.mark.parametrize("error", ERRORS, ids=repr)
@pytest.mark.parametrize("place", ["program", "apply", "input of an input", "output", "coroutine", "task"])
def test_an_error_in_the_program_surfaces_as_it_is(error: Exception, place: str) -> None:
    def fail(_: Any = None) -> Any:
        raise error

    async def fail_later() -> Any:
        await asyncio.sleep(0)
        raise error

    tasks = set()

    def program() -> None:
        first = thing("first", {"size": 1})
        match place:
            case "program":
                fail()
            case "apply":
                first.size.apply(fail)
            case "input of an input":
                second = thing("second", {"size": [first.size.apply(fail)]})
                thing("third", {"size": second.size})
            case "output":
                pulumi.export("size", first.size.apply(fail))
            case "coroutine":
                thing("second", {"size": fail_later()})
            case _:
                task = asyncio.ensure_future(fail_later())
                tasks.add(task)
                task.add_done_callback(tasks.discard)

    with pytest.raises(type(error)) as raised:
        record_small(program)
    assert raised.value is error


def test_an_error_that_a_resource_needed_says_which() -> None:
    def fail(_: Any) -> Any:
        raise ValueError("boom")

    with pytest.raises(ValueError, match="boom") as raised:
        record_small(lambda: thing("second", {"size": thing("first", {"size": 1}).size.apply(fail)}))
    assert raised.value.__notes__[0] == "While processing resource: 'second', type: 'test:index:Thing'"
    assert raised.value.__notes__[1].startswith("While processing input: 'size'")


def test_of_several_errors_the_first_is_raised() -> None:
    def fail(number: int) -> None:
        raise ValueError(f"boom {number}")

    def program() -> None:
        for number in range(20):
            pulumi.Output.from_input(number).apply(fail)

    for _ in range(5):
        with pytest.raises(ValueError, match="boom 0"):
            record_small(program)


def test_an_error_from_which_the_program_recovers_is_none() -> None:
    def program() -> None:
        size = thing("first", {"sizes": {}}).sizes.apply(lambda sizes: sizes["web"])
        thing("thing", {"size": size.recover(str)})

    assert inputs_of(program) == {"size": "'web'"}


def test_an_error_for_which_others_wait_is_what_is_raised() -> None:
    async def fail() -> None:
        raise KeyError("boom")

    def program() -> None:
        never: asyncio.Future[str] = asyncio.Future()
        thing("thing", {"value": never})
        pulumi.export("failed", fail())

    with pytest.raises(KeyError, match="boom"):
        record_small(program)


def test_a_program_may_leave_early() -> None:
    with pytest.raises(SystemExit):
        record_small(lambda: sys.exit(3))


def test_waiting_for_a_value_that_never_comes_is_an_error() -> None:
    def program() -> None:
        never: asyncio.Future[str] = asyncio.Future()
        thing("thing", {"value": never})

    with pytest.raises(RecordingError, match=r"waits for a value that never comes"):
        record_small(program)


def test_an_asynchronous_program_is_recorded_to_its_end() -> None:
    async def main() -> dict[str, Any]:
        size = await asyncio.to_thread(lambda: 3)
        thing("thing", {"size": size})
        return {"size": size}

    recording = record_small(lambda: pulumi.run(main))
    assert [resource.inputs for resource in recording.resources] == [{"size": 3}]
    assert recording.outputs == {"size": 3}


def test_outputs_that_come_last_are_recorded() -> None:
    async def main() -> dict[str, Any]:
        await asyncio.sleep(0.001)
        return {"size": 3}

    assert record_small(lambda: pulumi.run(main)).outputs == {"size": 3}


def state_of_this_context() -> dict[str, Any]:
    state = {var.name: var.get() for var in contextvars.copy_context()}
    return {**state, "loop": asyncio.get_running_loop(), "root": pulumi.runtime.get_root_resource()}


def test_recording_inside_a_program_changes_neither_of_them(recording: Recording) -> None:
    inner: list[Recording] = []

    def outer(*, nest: bool) -> None:
        size = pulumi.Config().require_int("size")
        first = thing("first", {"size": size})
        if nest:
            before = state_of_this_context()
            inner.append(record_shop())
            assert state_of_this_context() == before
        assert pulumi.get_stack() == "outer"
        second = thing("second", {"size": pulumi.Config().require_int("size"), "first": first.unset})
        pulumi.export("size", second.size)

    def record_outer(*, nest: bool) -> Recording:
        return record(lambda: outer(nest=nest), project="around", stack="outer", config={"around:size": "3"})

    assert as_json(record_outer(nest=True)) == as_json(record_outer(nest=False))
    assert as_json(inner[0]) == as_json(recording)


def test_recording_leaves_this_thread_and_new_ones_as_they_were() -> None:
    def seen() -> list[Any]:
        names = [pulumi.get_project(), pulumi.get_stack(), pulumi.runtime.is_dry_run()]
        return [*names, pulumi.runtime.settings.get_monitor(), pulumi.runtime.get_config("shop:size")]

    def seen_by_all() -> list[Any]:
        with ThreadPoolExecutor(1) as pool:
            return [seen(), pool.submit(seen).result()]

    before = seen_by_all()
    record_small(lambda: thing("thing"), config={"shop:size": "3"})
    assert seen_by_all() == before


def test_recording_sets_everything_that_belongs_to_a_run() -> None:
    properties = {name for name, value in vars(Settings).items() if isinstance(value, ContextProperty)}
    own: set[str] = set()
    record_small(lambda: own.update(var.name for var in contextvars.copy_context()))
    assert own >= {f"Settings.{name}" for name in properties} | {"global_config", "global_secret_keys"}


def test_recording_leaves_the_callback_server_of_another_program_running() -> None:
    async def other_program() -> None:
        monitor: Any = None
        servicer: Any = _CallbackServicer(monitor)
        await servicer.serve()
        record_small(lambda: thing("thing"))
        host, port = servicer._target.split(":")
        try:
            socket.create_connection((host, int(port))).close()
        finally:
            await servicer._server.stop(grace=0)
            _CallbackServicer._servicers.remove(servicer)

    asyncio.run(other_program())


def test_only_a_recording_leaves_out_where_in_the_program_a_resource_is_made() -> None:
    """The SDK looks for the third constructor on the stack."""

    class Base:
        def __init__(self) -> None:
            self.frames = vars(sdk)["_get_stack_trace"]().frames

    class Custom(Base):
        def __init__(self) -> None:
            super().__init__()

    class Bucket(Custom):
        def __init__(self) -> None:
            super().__init__()

    recorded = []
    assert Bucket().frames
    record_small(lambda: recorded.append(list(Bucket().frames)))
    assert recorded == [[]]
    assert Bucket().frames


@pytest.mark.parametrize("enabled", [True, False])
def test_the_collector_is_off_while_recording_and_then_as_before(*, enabled: bool) -> None:
    states: list[bool] = []

    def program() -> None:
        record_small(lambda: states.append(gc.isenabled()))
        states.append(gc.isenabled())

    was_enabled = gc.isenabled()
    try:
        (gc.enable if enabled else gc.disable)()
        record_small(program)
        assert states == [False, False]
        assert gc.isenabled() is enabled
    finally:
        (gc.enable if was_enabled else gc.disable)()


def test_the_collector_is_on_again_after_an_error() -> None:
    with pytest.raises(SystemExit):
        record_small(lambda: sys.exit(3))
    assert gc.isenabled()


def test_recordings_in_many_threads_are_equal_byte_for_byte(recording: Recording) -> None:
    barrier = threading.Barrier(3)

    def run(_: int) -> bytes:
        barrier.wait()
        return as_json(record_shop())

    with ThreadPoolExecutor(3) as pool:
        assert set(pool.map(run, range(3))) == {as_json(recording)}


@pytest.mark.parametrize("seed", ["1", "2"])
def test_recordings_of_other_processes_are_equal_byte_for_byte(recording: Recording, seed: str) -> None:
    code = "import sys, tests.stacks.test_recorder as t; sys.stdout.buffer.write(t.as_json(t.record_shop()))"
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    process = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
    assert process.stdout == as_json(recording)
