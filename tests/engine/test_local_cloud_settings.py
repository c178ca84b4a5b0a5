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
from tests.engine.cloud_client import Client

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
