"""A foundation that was destroyed is made again, with what the cloud never deletes."""

from collections.abc import Iterator

import pytest

from stacks.providers.cluster import CLUSTER, KEY, KEY_RING
from tests.engine.road import Road, flat, lines

pytestmark = pytest.mark.engine
STACK = "foundation.staging"


@pytest.fixture
def staging(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Road]:
    road = Road(tmp_path_factory.mktemp("staging"))
    try:
        yield road
    finally:
        road.close()


def test_a_foundation_goes_and_comes_again_with_the_key_that_it_had(staging: Road) -> None:
    assert staging.up(STACK).code == 0
    created = staging.held(KEY, "staging-cluster-secrets").created
    gone = staging.pave("destroy", STACK, "--with-data", "--confirm", STACK)
    assert gone.code == 0, gone.text
    assert "kept kms CryptoKey staging-cluster-secrets, kms KeyRing staging-cluster" in flat(gone.text)
    assert not [held for held in staging.store.resources() if held.type == CLUSTER]
    key = staging.held(KEY, "staging-cluster-secrets")
    assert [version["state"] for version in key.outputs["primaries"]] == ["ENABLED"]
    again = staging.up(STACK)
    assert again.code == 0, again.text
    assert staging.held(KEY, "staging-cluster-secrets").created == created
    assert (
        staging.held(KEY_RING, "staging-cluster").created < staging.held(CLUSTER, "staging-cluster").created
    )
    as_left = staging.pave("drift", STACK)
    assert as_left.code == 0, as_left.text


def test_a_foundation_whose_state_is_lost_takes_another_key(staging: Road) -> None:
    ring = {"name": "staging-cluster", "location": "us-east1"}
    id_ = "projects/acme-subscriptions-stg/locations/us-east1/keyRings/staging-cluster"
    staging.store.insert("acme-subscriptions-stg", KEY_RING, id_, "", ring, {})
    stopped = staging.up(STACK)
    assert stopped.code == 1
    assert "count `spec.cluster.keyGeneration` of the environment up" in flat(stopped.text)
    staging.edit(
        "environments/staging.yaml",
        "releaseChannel: regular",
        "releaseChannel: regular\n    keyGeneration: 2",
    )
    done = staging.up(STACK)
    assert done.code == 0, done.text
    assert lines(done.text, "DONE")
    assert staging.held(KEY_RING, "staging-cluster-g2")
    as_left = staging.pave("drift", STACK)
    assert as_left.code == 0, as_left.text
