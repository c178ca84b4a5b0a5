"""What is so in a project of the local cloud without being a resource, and what it refuses for that."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import grpc
import pytest

from pave.local_cloud.server import Served, serve
from pave.local_cloud.settings import is_enabled
from stacks.providers.access import ENABLED_API
from tests.engine.cloud_client import Client, enable_apis

NETWORK = "gcp:compute/network:Network"
ZONE = "gcp:dns/managedZone:ManagedZone"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    made = serve(tmp_path, lambda: datetime(2026, 11, 21, tzinfo=UTC))
    yield made
    made.stop()


def refusal(error: pytest.ExceptionInfo[grpc.RpcError]) -> str:
    details: Any = error.value
    return str(details.details())


def test_nothing_is_made_with_an_api_that_its_project_has_not_enabled(served: Served) -> None:
    client = Client(served.port, project="bare")
    with pytest.raises(grpc.RpcError) as error:
        client.create(NETWORK, {"name": "net"})
    assert "Error 403: Compute Engine API has not been used in project bare before" in refusal(error)
    assert "SERVICE_DISABLED" in refusal(error)
    client.create(ENABLED_API, {"service": "compute.googleapis.com", "project": "bare"})
    client.create(NETWORK, {"name": "net"})
    with pytest.raises(grpc.RpcError):
        client.create(ZONE, {"name": "zone", "dnsName": "acme.example."})
    served.store.set("api", "bare/serviceusage.googleapis.com", "disabled")
    with pytest.raises(grpc.RpcError, match="Service Usage API has not been used"):
        client.create(ENABLED_API, {"service": "dns.googleapis.com", "project": "bare"})
    client.close()


@pytest.mark.parametrize("goes", [True, False])
def test_an_api_stays_enabled_without_its_resource_unless_that_says_otherwise(
    served: Served, goes: bool
) -> None:
    client = Client(served.port, project="bare")
    id_, _ = client.create(ENABLED_API, {"service": "compute.googleapis.com", "disableOnDestroy": goes})
    client.delete(ENABLED_API, id_)
    assert is_enabled(served.store.settings(), "bare", "compute.googleapis.com") is not goes
    client.close()


@pytest.mark.parametrize(
    ("limit", "message"),
    [("599", "Quota 'SSD_TOTAL_GB' exceeded. Limit: 599.0 in region us-east1."), ("600", "")],
)
def test_a_pool_of_nodes_is_made_as_far_as_the_quota_of_its_disks_goes(
    served: Served, limit: str, message: str
) -> None:
    enable_apis(served.store)
    served.store.set("quota", "acme/SSD_TOTAL_GB/us-east1", limit)
    served.store.set("quota", "acme/CPUS_ALL_REGIONS/global", "24")
    client = Client(served.port)
    client.create("gcp:container/cluster:Cluster", {"name": "cluster", "location": "us-east1"})
    disks = {"diskType": "pd-balanced", "diskSizeGb": 100, "machineType": "e2-standard-4"}
    pool = {
        "name": "nodes",
        "cluster": "cluster",
        "location": "us-east1",
        "nodeLocations": ["us-east1-b", "us-east1-c", "us-east1-d"],
        "initialNodeCount": 2,
        "nodeConfig": disks,
    }
    said = ""
    try:
        client.create("gcp:container/nodePool:NodePool", pool)
    except grpc.RpcError as error:
        said = str(error)
    assert message in said
    assert bool(said) is bool(message)
    client.close()


def test_a_quota_is_for_all_of_a_project_and_says_nothing_of_what_does_not_grow(served: Served) -> None:
    enable_apis(served.store, "acme", "other")
    client, other = Client(served.port), Client(served.port, project="other")
    served.store.set("quota", "acme/NETWORKS/global", "1")
    id_, _ = client.create(NETWORK, {"name": "one"})
    with pytest.raises(grpc.RpcError, match=r"Quota 'NETWORKS' exceeded\. Limit: 1\.0 globally"):
        client.create(NETWORK, {"name": "two"})
    other.create(NETWORK, {"name": "two"})
    served.store.set("quota", "acme/NETWORKS/global", "0")
    client.update(NETWORK, id_, {"name": "one"}, {"name": "one", "mtu": 1500})
    client.close()
    other.close()


def test_a_project_has_the_quotas_of_a_new_one_unless_its_environment_states_others_or_they_are_set(
    served: Served,
) -> None:
    enable_apis(served.store)
    client = Client(served.port)
    for number in range(5):
        client.create(NETWORK, {"name": f"net-{number}"})
    with pytest.raises(grpc.RpcError, match=r"Quota 'NETWORKS' exceeded\. Limit: 5\.0 globally"):
        client.create(NETWORK, {"name": "net-5"})
    served.store.set("stated-quota", "acme/NETWORKS/global", "6")
    client.create(NETWORK, {"name": "net-5"})
    with pytest.raises(grpc.RpcError, match=r"Limit: 6\.0 globally"):
        client.create(NETWORK, {"name": "net-6"})
    served.store.set("quota", "acme/NETWORKS/global", "5")
    with pytest.raises(grpc.RpcError, match=r"Limit: 5\.0 globally"):
        client.create(NETWORK, {"name": "net-6"})
    client.close()


@pytest.mark.parametrize(
    ("token", "inputs"),
    [
        (NETWORK, {"name": "1st"}),
        (NETWORK, {"name": "n" * 64}),
        ("gcp:redis/instance:Instance", {"name": "r" * 41, "memorySizeGb": 1}),
        ("gcp:serviceaccount/account:Account", {"accountId": "short"}),
        ("gcp:storage/bucket:Bucket", {"name": "our-google-things", "location": "US"}),
    ],
)
def test_a_name_that_its_type_does_not_take_is_refused(
    served: Served, token: str, inputs: dict[str, Any]
) -> None:
    enable_apis(served.store)
    client = Client(served.port)
    with pytest.raises(grpc.RpcError, match="Error 400: Invalid value for field 'resource"):
        client.create(token, inputs)
    client.close()


def test_an_autoscaler_of_zero_is_refused(served: Served) -> None:
    client = Client(served.port)
    token = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}

    def found(least: int) -> dict[str, str]:
        scaler = {
            "apiVersion": "autoscaling/v2",
            "kind": "HorizontalPodAutoscaler",
            "metadata": {"name": "web", "namespace": "shop"},
            "spec": {"minReplicas": least, "maxReplicas": 3, "scaleTargetRef": target},
        }
        return client.check(token, scaler)

    assert found(0) == {"spec.minReplicas": "must be greater than or equal to 1"}
    assert found(1) == {}
    client.close()
