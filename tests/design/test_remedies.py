"""The values that the design says would pass: the least that do, and ones that an owner may write."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.validation import schema
from components.design import workloads
from components.design.model import WorkloadDesign
from components.design.stores.database import DatabaseDesign
from tests.design.test_service_design import WEB, decide

IMAGE = "image: us-docker.pkg.dev/acme-registry/a/b:1"


def web(more: str) -> WorkloadDesign:
    return decide(f"    - {{name: web, {IMAGE}, {more}}}").workloads[0]


def database(connections: int, more: str = "") -> DatabaseDesign:
    """A database that 3 to 9 copies of web use, and 3 more while a rollout lasts."""
    stores = f"  stores: [{{name: db, kind: postgres{more}}}]"
    store = decide(f"    - {{name: web, {IMAGE}, connections: {connections}}}", stores).stores[0]
    assert isinstance(store, DatabaseDesign)
    return store


@given(needed=st.integers(0, 10_000), zones=st.integers(2, 9))
def test_so_many_copies_are_the_fewest_that_are_enough_without_the_fullest_zone(
    needed: int, zones: int
) -> None:
    def left(copies: int) -> int:
        return copies - math.ceil(copies / zones)

    enough = workloads.enough_without_zone(needed, zones)
    assert left(enough) >= needed
    assert enough == 0 or left(enough - 1) < needed


def test_the_least_that_carries_the_peak_is_the_default() -> None:
    default = web("capacity: {peakPerSecond: 300, perReplicaPerSecond: 30}")
    assert (default.needed_at_peak, default.min_for_peak, default.min_replicas) == (10, 15, 15)
    assert default.left_after_zone_loss == 10


def test_no_number_is_told_that_the_owner_may_not_write() -> None:
    peak = "capacity: {peakPerSecond: 300, perReplicaPerSecond: 30}"
    assert web(f"{peak}, replicas: {{min: 3, max: 14}}").min_for_peak is None
    assert web(f"{peak}, replicas: {{min: 3, max: 15}}").min_for_peak == 15
    assert web("capacity: {peakPerSecond: 333, perReplicaPerSecond: 1}").min_for_peak == 500
    assert web("capacity: {peakPerSecond: 334, perReplicaPerSecond: 1}").min_for_peak is None
    assert (
        web("capacity: {peakPerSecond: 500, perReplicaPerSecond: 1}, replicas: {min: 3}").max_for_room == 1000
    )
    assert (
        web("capacity: {peakPerSecond: 501, perReplicaPerSecond: 1}, replicas: {min: 3}").max_for_room is None
    )
    assert web("replicas: {min: 3}").min_for_peak is None


def test_the_bounds_are_those_of_the_schema() -> None:
    fields: Any = schema("Service")["$defs"]["workload"]["properties"]["replicas"]["properties"]
    assert (fields["min"]["maximum"], fields["max"]["maximum"]) == (workloads.MOST_MIN, workloads.MOST_MAX)


def test_the_autoscaler_has_room_above_all_that_is_needed() -> None:
    assert web("replicas: {min: 7, max: 7}").max_for_room == 8
    assert web("replicas: {min: 1}, capacity: {peakPerSecond: 1, perReplicaPerSecond: 1}").max_for_room == 3
    assert web("replicas: {min: 3}, capacity: {peakPerSecond: 9, perReplicaPerSecond: 1}").max_for_room == 18


def test_the_busiest_service_there_can_be_is_designed_at_once() -> None:
    assert web("capacity: {peakPerSecond: 1000000, perReplicaPerSecond: 0.001}").min_replicas == 1_500_000_000


@pytest.mark.parametrize(("connections", "fit"), [(13, "small"), (14, "medium"), (53, "large"), (54, None)])
def test_a_store_is_told_the_smallest_size_that_has_the_connections(
    connections: int, fit: str | None
) -> None:
    store = database(connections)
    assert store.connections_wanted == 12 * connections
    assert (store.connections_field, store.connections_fit) == ("size", fit)


@pytest.mark.parametrize(("connections", "fit"), [(10, 150), (13, 195), (14, None)])
def test_a_number_of_connections_grows_no_further_than_the_size_has(
    connections: int, fit: int | None
) -> None:
    store = database(connections, ", maxConnections: 100")
    assert (store.connections_field, store.connections_fit) == ("maxConnections", fit)


@pytest.mark.parametrize(
    ("rest", "floor"),
    [
        ("capacity: {peakPerSecond: 10, perReplicaPerSecond: 5}", 3600),
        ("capacity: {peakPerSecond: 2, perReplicaPerSecond: 5}", 720),
        ("capacity: {peakPerSecond: 0, perReplicaPerSecond: 5}", 1),
        ("startupSeconds: 60", 3600),
    ],
)
def test_alerts_wait_for_what_comes_at_a_quiet_time_too(rest: str, floor: int) -> None:
    decided = decide(f"    - {{name: web, {IMAGE}, {rest}}}")
    assert decided.alert_floor == floor
    assert {alert.minimum_requests for alert in decided.alerts} == {floor}
    assert all(alert.most_requests is None or alert.most_requests >= floor for alert in decided.alerts)


def test_a_longer_window_brings_more() -> None:
    peak = f"    - {{name: web, {IMAGE}, capacity: {{peakPerSecond: 0.5, perReplicaPerSecond: 5}}}}"
    decided = decide(peak, "  alerting: {windows: [6h, 3d]}")
    assert {alert.window: alert.most_requests for alert in decided.alerts} == {"6h": 10_800, "3d": 129_600}
    assert decided.alert_floor == 1080


def test_what_an_owner_writes_is_the_floor() -> None:
    decided = decide(WEB, "  alerting: {minimumRequests: 7}")
    assert {alert.minimum_requests for alert in decided.alerts} == {7}
    assert decided.alert_floor == 3600


def test_the_least_objective_is_the_lowest_with_which_an_alert_can_fire() -> None:
    for alert in decide(WEB, "  alerting: {windows: [1h, 6h, 3d]}").alerts:
        assert alert.factor * (100 - alert.least_objective) / 100 < 1
        assert alert.factor * (100 - (alert.least_objective - 1)) / 100 >= 1
