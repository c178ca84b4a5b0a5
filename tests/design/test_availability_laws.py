"""Laws of the availability model that hold for every tree."""

import math
from itertools import pairwise, product

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.design.availability.model import evaluate
from components.design.availability.tree import (
    Failover,
    KOfN,
    Node,
    Parallel,
    Part,
    Serial,
    Soft,
    Spread,
    hard_leaves,
)
from tests.design.availability_trees import (
    TINY,
    improved,
    leaves,
    named,
    ratios,
    replaced,
    several,
    shuffled,
    spreads,
    trees,
)


@given(trees)
def test_availability_and_unavailability_are_ratios_that_add_up(tree: Node) -> None:
    result = evaluate(tree)
    assert 0.0 <= result.unavailability <= 1.0
    assert result.availability == 1.0 - result.unavailability


@given(trees, st.data(), st.floats(0.0, 1.0))
def test_a_better_part_never_makes_a_worse_whole(tree: Node, data: st.DataObject, by: float) -> None:
    leaf = data.draw(st.sampled_from(list(hard_leaves(tree))))
    better = replaced(tree, leaf.name, improved(leaf, by))
    assert evaluate(better).unavailability <= evaluate(tree).unavailability + TINY


@given(several)
def test_a_series_is_no_better_than_its_worst_part(nodes: tuple[Node, ...]) -> None:
    worst = max(evaluate(node).unavailability for node in nodes)
    assert evaluate(Serial("all", nodes)).unavailability >= worst - TINY


@given(several)
def test_independent_parts_in_series_multiply(nodes: tuple[Node, ...]) -> None:
    expected = math.prod(evaluate(node).availability for node in nodes)
    assert evaluate(Serial("all", nodes)).availability == pytest.approx(expected, abs=TINY)


@given(several, ratios)
def test_a_redundant_part_never_makes_a_worse_whole(nodes: tuple[Node, ...], beta: float) -> None:
    best = min(evaluate(node).unavailability for node in nodes)
    assert evaluate(Parallel("any", nodes, beta)).unavailability <= best + TINY


@given(several)
def test_independent_redundant_parts_fail_only_together(nodes: tuple[Node, ...]) -> None:
    expected = math.prod(evaluate(node).unavailability for node in nodes)
    assert evaluate(Parallel("any", nodes, beta=0.0)).unavailability == pytest.approx(expected, abs=TINY)


@given(several, ratios, ratios)
def test_more_in_common_is_never_better(nodes: tuple[Node, ...], one: float, other: float) -> None:
    less, more = sorted([one, other])
    lost = [evaluate(Parallel("any", nodes, beta)).unavailability for beta in (0.0, less, more, 1.0)]
    best = min(evaluate(node).unavailability for node in nodes)
    assert all(before <= after + TINY for before, after in pairwise(lost))
    assert lost[-1] == pytest.approx(best, abs=TINY)


@given(trees, st.data())
def test_the_order_of_parts_does_not_matter(tree: Node, data: st.DataObject) -> None:
    one, other = evaluate(tree), evaluate(shuffled(tree, data))
    assert one.availability == pytest.approx(other.availability, abs=TINY)
    shares = [{share.name: share.share_percent for share in result.shares} for result in (one, other)]
    assert shares[0] == pytest.approx(shares[1], abs=1e-6)


def test_parts_that_are_alike_stand_in_the_order_of_their_names() -> None:
    zones = [Part(f"zone-{letter}", 0.9) for letter in "dbca"]
    others = [Part(f"part-{number}", 1 - 0.01 * number) for number in range(1, 8)]
    shares = evaluate(Serial("all", (*zones[:2], *others, *zones[2:]))).shares
    assert [share.name for share in shares][:4] == ["zone-a", "zone-b", "zone-c", "zone-d"]


@given(several, leaves.map(named))
def test_a_soft_dependency_that_is_always_survived_changes_nothing_but_degraded_minutes(
    nodes: tuple[Node, ...], leaf: Node
) -> None:
    dependency = msgspec.structs.replace(leaf, name="dependency")
    without = evaluate(Serial("all", nodes))
    result = evaluate(Serial("all", (*nodes, Soft(dependency, 1.0))))
    assert msgspec.structs.replace(result, degraded=[]) == without
    assert [degraded.minutes for degraded in result.degraded] == [evaluate(dependency).minutes]


@given(trees)
def test_shares_sum_to_a_hundred_percent(tree: Node) -> None:
    result = evaluate(tree)
    expected = 100.0 if result.unavailability > 0.0 else 0.0
    assert sum(share.share_percent for share in result.shares) == pytest.approx(expected)
    assert all(share.share_percent >= 0.0 for share in result.shares)


@given(ratios, st.integers(1, 6), ratios)
def test_one_of_n_is_redundancy_and_n_of_n_without_common_cause_is_a_series(
    availability: float, n: int, beta: float
) -> None:
    members = tuple(Part(f"part-{number}", availability) for number in range(n))
    any_one, all_of_them = KOfN("members", 1, n, availability, beta), KOfN("members", n, n, availability, 0.0)
    redundant, series = Parallel("any", members, beta), Serial("all", members)
    assert evaluate(any_one).availability == pytest.approx(evaluate(redundant).availability, abs=TINY)
    assert evaluate(all_of_them).availability == pytest.approx(evaluate(series).availability, abs=TINY)


@given(ratios, st.integers(1, 6), ratios, st.data())
def test_one_replica_a_zone_is_a_quorum_of_zones(
    zone: float, n: int, beta: float, data: st.DataObject
) -> None:
    k = data.draw(st.integers(1, n))
    spread, quorum = Spread("web", k, (1,) * n, zone, beta=beta), KOfN("web", k, n, zone, beta)
    assert evaluate(spread).availability == pytest.approx(evaluate(quorum).availability, abs=TINY)


@given(spreads.filter(lambda spread: sum(spread.replicas_per_zone) <= 7))
def test_a_spread_is_what_counting_every_state_gives(spread: Spread) -> None:
    zones = [size for size in spread.replicas_per_zone if size]
    shared = spread.beta * (1.0 - spread.zone_availability) if len(zones) > 1 else 0.0
    zone = min(1.0, spread.zone_availability / (1.0 - shared)) if shared < 1.0 else 1.0
    home = [number for number, size in enumerate(zones) for _ in range(size)]
    up = 0.0
    for zones_up in product([False, True], repeat=len(zones)):
        for replicas_up in product([False, True], repeat=len(home)):
            chance = math.prod(zone if is_up else 1.0 - zone for is_up in zones_up)
            chance *= math.prod(
                spread.replica_availability if is_up else 1.0 - spread.replica_availability
                for is_up in replicas_up
            )
            running = sum(is_up and zones_up[at] for is_up, at in zip(replicas_up, home, strict=True))
            up += chance if running >= spread.needed else 0.0
    assert evaluate(spread).availability == pytest.approx((1.0 - shared) * up, abs=1e-9)


@given(trees)
def test_a_tree_survives_json(tree: Node) -> None:
    assert msgspec.json.decode(msgspec.json.encode(tree), type=Node) == tree


def test_a_tree_is_camel_case_in_json() -> None:
    written = msgspec.json.decode(msgspec.json.encode(Soft(KOfN("web", 2, 3, 0.999))))
    assert written["kind"] == "soft"
    assert written["dependency"]["kind"] == "kOfN"
    assert "failoverSeconds" in msgspec.json.decode(msgspec.json.encode(Failover("db", 1, 60)))
