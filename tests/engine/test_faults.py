"""Updates on a cloud that fails: what passes is survived, what doesn't is said, and nothing is made twice."""

from collections import Counter

import pytest

from pave.local_cloud.process import start, stop
from pave.local_cloud.store import CloudStore, store_file
from tests.engine.engine import NOW, Engine

pytestmark = pytest.mark.engine
STACK = "foundation.production"
NETWORK = "gcp:compute/network:Network"
PROJECT = "acme-subscriptions-prod"


def created(store: CloudStore) -> Counter[tuple[str, str]]:
    return Counter(
        (call.type, call.id)
        for call in store.calls()
        if call.operation == "create" and not call.preview and call.outcome == "ok"
    )


def test_failures_that_pass_are_survived_within_one_update(fresh: Engine) -> None:
    store = fresh.cloud.store
    store.add_fault("*:Network", "create", "503", 2)
    store.add_fault("*:ManagedZone", "create", "429", 2)
    fresh.new(STACK)
    done = fresh.up(STACK)
    assert done.code == 0, done.text
    outcomes = [call.outcome for call in store.calls() if call.type == NETWORK and call.operation == "create"]
    assert [outcome.partition(": The")[0] for outcome in outcomes] == ["googleapi: Error 503"] * 2 + ["ok"]
    assert set(created(store).values()) == {1}


def test_an_update_that_failed_is_finished_by_the_next(fresh: Engine) -> None:
    store = fresh.cloud.store
    store.add_fault("*:Cluster", "create", "quota", 1)
    fresh.new(STACK)
    failed = fresh.up(STACK)
    assert failed.code != 0
    assert "Quota exceeded" in failed.text
    again = fresh.up(STACK)
    assert again.code == 0, again.text
    assert set(created(store).values()) == {1}


def test_what_was_made_unheard_is_not_made_twice(fresh: Engine) -> None:
    """The network is there, but the engine doesn't know: names are explicit, so the cloud says so."""
    store = fresh.cloud.store
    store.add_fault("*:Network", "create", "timeout", 1)
    fresh.new(STACK)
    assert fresh.up(STACK).code != 0
    again = fresh.up(STACK)
    assert again.code != 0
    assert "Error 409" in again.text
    assert "production-network already exists" in again.text
    networks = [held.id for held in store.resources() if held.type == NETWORK]
    assert networks == [f"projects/{PROJECT}/global/networks/production-network"]


def test_a_provider_that_crashes_loses_nothing_that_it_was_given(fresh: Engine) -> None:
    state = fresh.folder / "process"
    try:
        fresh.ports = str(start(state, 0, 0).port)
        store = CloudStore(store_file(state), lambda: NOW)
        store.add_fault("*:Network", "create", "crash", 1)
        fresh.new(STACK)
        assert fresh.up(STACK).code != 0
        assert [held.type for held in store.resources()].count(NETWORK) == 1
        store.close()
    finally:
        stop(state)
