"""A program like the ones that the recorder is for: stores, workloads, explicit providers, references."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import pulumi
import pulumi_gcp as gcp
import pulumi_kubernetes as kubernetes
from pulumi import ResourceOptions

from stacks.recording.model import Recording, Resource
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
