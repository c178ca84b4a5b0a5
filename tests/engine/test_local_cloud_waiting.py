"""What the provider of Kubernetes waits for, on the local cloud: in vain, or not long enough."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import grpc
import pytest

from pave.local_cloud.server import Served, serve
from tests.engine.cloud_client import Client, Inputs, enable_apis

NAMESPACE = "kubernetes:core/v1:Namespace"
SERVICE = "kubernetes:core/v1:Service"
DEPLOYMENT = "kubernetes:apps/v1:Deployment"
GROUP = "gcp:compute/networkEndpointGroup:NetworkEndpointGroup"
BACKEND = "gcp:compute/backendService:BackendService"
STATUS = "jsonpath={.metadata.annotations['cloud.google.com/neg-status']}"
GROUPS = '{"exposed_ports": {"8080": {"name": "shop-web"}}}'


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[Client]:
    served: Served = serve(tmp_path, lambda: datetime(2026, 11, 21, tzinfo=UTC))
    enable_apis(served.store)
    client = Client(served.port)
    client.create(NAMESPACE, {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}})
    yield client
    client.close()
    served.stop()


def service(**annotations: str) -> Inputs:
    metadata = {"name": "web", "namespace": "shop", "annotations": annotations}
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": {"ports": [{"port": 8080}]}}


def waiting(expression: str, **annotations: str) -> Inputs:
    return service(**{"pulumi.com/waitFor": expression, **annotations})


def deployment(**spec: Any) -> Inputs:
    labels = {"app": "web"}
    pods = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "web", "image": "web:1"}]}}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web", "namespace": "shop"},
        "spec": {"selector": {"matchLabels": labels}, "template": pods, **spec},
    }


@pytest.mark.parametrize(
    "expression",
    [
        r"jsonpath={.metadata.annotations.cloud\.google\.com/neg-status}",
        "jsonpath=.status.phase",
        '["condition=Ready", "jsonpath={.a..}"]',
        "neg-status",
    ],
)
def test_a_wait_that_the_provider_can_not_read_is_refused(cloud: Client, expression: str) -> None:
    assert list(cloud.check(SERVICE, waiting(expression))) == ["metadata.annotations.pulumi.com/waitFor"]


@pytest.mark.parametrize("expression", [STATUS, "condition=Ready", "jsonpath={.status.phase}=Running"])
def test_a_wait_in_words_that_the_provider_reads_is_taken(cloud: Client, expression: str) -> None:
    assert cloud.check(SERVICE, waiting(expression)) == {}


def test_a_wait_for_groups_that_nobody_asked_for_never_ends(cloud: Client) -> None:
    with pytest.raises(grpc.RpcError, match="timed out"):
        cloud.create(SERVICE, waiting(STATUS))
    cloud.create(SERVICE, waiting(STATUS, **{"cloud.google.com/neg": GROUPS}))


def test_gke_fills_no_group_that_says_nothing_of_itself(cloud: Client) -> None:
    group = {"name": "shop-web", "zone": "us-east1-b", "network": "net"}
    id_, _ = cloud.create(GROUP, group)
    asks = service(**{"cloud.google.com/neg": GROUPS})
    with pytest.raises(grpc.RpcError, match="empty description"):
        cloud.create(SERVICE, asks)
    cloud.delete(GROUP, id_)
    cloud.create(GROUP, {**group, "description": "Filled by GKE."})
    cloud.create(SERVICE, asks)


def test_a_backend_names_groups_that_exist(cloud: Client) -> None:
    id_, group = cloud.create(GROUP, {"name": "shop-web", "zone": "us-east1-b", "network": "net"})
    for known in (id_, group["selfLink"]):
        backend = {"name": f"shop-{len(known)}", "backends": [{"group": known}]}
        cloud.create(BACKEND, backend)
    with pytest.raises(grpc.RpcError, match="us-east1-c/networkEndpointGroups/shop-web was not found"):
        cloud.create(BACKEND, {"name": "shop", "backends": [{"group": id_.replace("east1-b", "east1-c")}]})


@pytest.mark.parametrize(
    ("progress", "patience", "comes_up"),
    [(None, 0, False), (660, 0, False), (300, 0, True), (660, 660, False), (660, 720, True)],
)
def test_a_rollout_is_not_given_up_before_kubernetes_does(
    cloud: Client, progress: int | None, patience: float, comes_up: bool
) -> None:
    inputs = deployment(**({} if progress is None else {"progressDeadlineSeconds": progress}))
    if comes_up:
        cloud.create(DEPLOYMENT, inputs, patience=patience)
        return
    with pytest.raises(grpc.RpcError, match="give up on one that goes well"):
        cloud.create(DEPLOYMENT, inputs, patience=patience)
