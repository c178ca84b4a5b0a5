"""What the local cloud knows of Cloud KMS: nothing of it is ever deleted, and no name is ever free again."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import grpc
import pytest

from pave.local_cloud.server import Served, serve
from stacks.providers.cluster import CLUSTER, KEY, KEY_GRANT, KEY_RING, SERVICE_AGENT
from tests.engine.cloud_client import Client, Inputs, enable_apis

RING = "projects/acme/locations/us-east1/keyRings/ring"
KEY_ID = f"{RING}/cryptoKeys/key"
GKE = "serviceAccount:service-1@container-engine-robot.iam.gserviceaccount.com"
GRANT = {
    "cryptoKeyId": KEY_ID,
    "role": "roles/cloudkms.cryptoKeyEncrypterDecrypter",
    "member": GKE,
}


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    made = serve(tmp_path, lambda: datetime(2026, 11, 21, tzinfo=UTC))
    enable_apis(made.store)
    yield made
    made.stop()


@pytest.fixture
def cloud(served: Served) -> Iterator[Client]:
    client = Client(served.port)
    yield client
    client.close()


def ring() -> Inputs:
    return {"name": "ring", "location": "us-east1"}


def key() -> Inputs:
    return {"name": "key", "keyRing": RING, "rotationPeriod": "7776000s"}


def cluster() -> Inputs:
    encryption = {"state": "ENCRYPTED", "keyName": KEY_ID}
    return {"name": "cluster", "location": "us-east1", "databaseEncryption": encryption}


def test_a_key_and_its_ring_outlive_their_deletion_and_keep_their_names(cloud: Client) -> None:
    cloud.create(KEY_RING, ring())
    cloud.create(KEY, key())
    cloud.delete(KEY, KEY_ID)
    cloud.delete(KEY_RING, RING)
    for token, inputs in ((KEY_RING, ring()), (KEY, key())):
        with pytest.raises(grpc.RpcError, match=r"Error 409.*already exists"):
            cloud.create(token, inputs)
    assert cloud.read(KEY_RING, RING)[0] == RING
    assert cloud.read(KEY, KEY_ID) == (KEY_ID, {"name": "key", "keyRing": RING})


def test_the_account_of_a_service_is_there_however_often_it_is_asked_for(cloud: Client) -> None:
    agent = {"service": "container.googleapis.com"}
    id_, made = cloud.create(SERVICE_AGENT, agent)
    cloud.delete(SERVICE_AGENT, id_)
    assert cloud.create(SERVICE_AGENT, agent) == (id_, made)


def test_a_deleted_key_has_no_version_left_that_works(cloud: Client, served: Served) -> None:
    cloud.create(KEY_RING, ring())
    _, made = cloud.create(KEY, key())
    assert [version["state"] for version in made["primaries"]] == ["ENABLED"]
    cloud.create(KEY_GRANT, GRANT)
    cloud.delete(KEY, KEY_ID)
    held = served.store.find("acme", KEY, KEY_ID)
    assert held is not None
    assert [version["state"] for version in held.outputs["primaries"]] == ["DESTROY_SCHEDULED"]
    with pytest.raises(grpc.RpcError, match="primary version is DESTROY_SCHEDULED"):
        cloud.create(CLUSTER, cluster())


def test_a_cluster_takes_a_key_that_is_there_and_that_gke_may_use(cloud: Client) -> None:
    with pytest.raises(grpc.RpcError, match="not there"):
        cloud.create(CLUSTER, cluster())
    cloud.create(KEY_RING, ring())
    cloud.create(KEY, key())
    with pytest.raises(grpc.RpcError, match="GKE's account lacks"):
        cloud.create(CLUSTER, cluster())
    cloud.create(KEY_GRANT, {**GRANT, "member": "user:jane@acme.example"})
    with pytest.raises(grpc.RpcError, match="GKE's account lacks"):
        cloud.create(CLUSTER, cluster())
    cloud.create(KEY_GRANT, GRANT)
    cloud.create(CLUSTER, cluster())
