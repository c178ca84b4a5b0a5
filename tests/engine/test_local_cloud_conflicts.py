"""What is there on the local cloud is another's: nothing is made in its place, and nothing takes it over."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import grpc
import pytest

from pave.delivery.recovery.unconfirmed import REFUSED
from pave.local_cloud.kubernetes import is_built_in
from pave.local_cloud.refusals.load_balancing import FORWARDING_RULE
from pave.local_cloud.server import Served, serve
from stacks.providers.data import BUCKET
from tests.engine.cloud_client import Client, Inputs, enable_apis

ACCOUNT = "kubernetes:core/v1:ServiceAccount"
NAMESPACE = "kubernetes:core/v1:Namespace"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    made = serve(tmp_path, lambda: datetime(2026, 11, 21, tzinfo=UTC))
    enable_apis(made.store, "acme", "other")
    yield made
    made.stop()


@pytest.fixture
def cloud(served: Served) -> Iterator[Client]:
    client = Client(served.port)
    yield client
    client.close()


def object_(kind: str, name: str, namespace: str | None = None) -> Inputs:
    metadata = {"name": name} | ({"namespace": namespace} if namespace else {})
    return {"apiVersion": "v1", "kind": kind, "metadata": metadata}


def test_an_object_that_is_there_is_not_taken_over(cloud: Client, served: Served) -> None:
    cloud.create(NAMESPACE, object_("Namespace", "shop"))
    web = object_("ServiceAccount", "web", "shop")
    cloud.create(ACCOUNT, web)
    for token, inputs in ((ACCOUNT, web), (NAMESPACE, object_("Namespace", "shop"))):
        with pytest.raises(grpc.RpcError, match="already exists") as error:
            cloud.create(token, inputs)
        assert error.value.code() == grpc.StatusCode.ALREADY_EXISTS
    assert REFUSED.search(served.store.calls()[-1].outcome), (
        "a recovery looks for no creation that was refused"
    )
    cloud.create(NAMESPACE, object_("Namespace", "other"))
    cloud.create(ACCOUNT, object_("ServiceAccount", "web", "other"))


@pytest.mark.parametrize(
    ("token", "inputs"),
    [
        (ACCOUNT, object_("ServiceAccount", "default", "shop")),
        (NAMESPACE, object_("Namespace", "kube-system")),
        (NAMESPACE, object_("Namespace", "gmp-system")),
        ("kubernetes:core/v1:Service", object_("Service", "kubernetes", "default")),
    ],
)
def test_what_kubernetes_makes_by_itself_is_there(cloud: Client, token: str, inputs: Inputs) -> None:
    cloud.create(NAMESPACE, object_("Namespace", "shop"))
    with pytest.raises(grpc.RpcError, match="already exists"):
        cloud.create(token, inputs)


def test_every_namespace_holds_the_certificate_of_its_cluster() -> None:
    assert is_built_in("kubernetes:core/v1:ConfigMap", "shop/kube-root-ca.crt")
    assert not is_built_in("kubernetes:core/v1:ConfigMap", "shop/web")


def test_a_bucket_has_its_name_for_itself_in_the_whole_world(cloud: Client, served: Served) -> None:
    bucket = {"name": "acme-audit", "location": "US"}
    cloud.create(BUCKET, bucket)
    other = Client(served.port, project="other")
    with pytest.raises(grpc.RpcError, match=r"Error 409.*not available"):
        other.create(BUCKET, bucket)
    other.close()


def test_an_address_leads_to_one_proxy_for_each_port(cloud: Client) -> None:
    way = {"ipAddress": "an-address", "portRange": "443", "target": "a-proxy"}
    cloud.create(FORWARDING_RULE, {"name": "one", **way})
    with pytest.raises(grpc.RpcError, match="IP address is in-use"):
        cloud.create(FORWARDING_RULE, {"name": "two", **way})
    cloud.create(FORWARDING_RULE, {"name": "two", **way, "portRange": "80"})
