"""The availability model: worked figures, laws that hold for every tree, and refusals."""

import math
from itertools import count, pairwise, product

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.document import Origin
from components.design.availability.model import evaluate, minutes
from components.design.availability.published_sla import published_part
from components.design.availability.tree import (
    Deploys,
    Failover,
    KOfN,
    Leaf,
    Node,
    Parallel,
    Part,
    Serial,
    Soft,
    Spread,
    hard_leaves,
)

TINY = 1e-12

law = settings(deadline=None)

EDGE = (published_part("load-balancer", "edge"), published_part("compute-multi-zone", "web"))
VM = published_part("compute-single-vm", "vm")
ENTERPRISE = published_part("cloud-sql-enterprise-regional", "db")
PLUS = published_part("cloud-sql-enterprise-plus-regional", "db")
REDIS = published_part("redis-standard-ha", "redis")
REDIS_CLUSTER = published_part("redis-cluster", "redis")
ZUORA = Part("zuora", 0.999)


def _named(node: Node) -> Node:
    """The same tree with a name of its own for every node."""
    names = (f"part-{number}" for number in count())

    def rename(node: Node) -> Node:
        match node:
            case Soft():
                return Soft(rename(node.dependency))
            case Serial() | Parallel():
                parts = tuple(rename(part) for part in node.parts)
                return msgspec.structs.replace(node, name=next(names), parts=parts)
            case _:
                return msgspec.structs.replace(node, name=next(names))

    return rename(node)


ratios = st.floats(0.0, 1.0) | st.floats(0.9, 1.0) | st.sampled_from([0.999, 0.9999, 0.99999, 1.0])
unnamed = st.just("")
parts = st.builds(Part, unnamed, ratios)
quorums = st.integers(1, 6).flatmap(
    lambda n: st.builds(KOfN, unnamed, st.integers(1, n), st.just(n), ratios, ratios)
)
spreads = (
    st.lists(st.integers(0, 4), min_size=1, max_size=4)
    .filter(any)
    .flatmap(
        lambda zones: st.builds(
            Spread, unnamed, st.integers(1, sum(zones)), st.just(tuple(zones)), ratios, ratios, ratios
        )
    )
)
failovers = st.builds(Failover, unnamed, st.floats(0.0, 100.0), st.floats(0.0, 7200.0))
deploys = st.builds(
    Deploys,
    unnamed,
    st.floats(0.0, 200.0),
    st.floats(0.0, 100.0),
    st.floats(0.0, 100.0),
    st.floats(0.0, 60.0),
)
leaves = st.one_of(parts, quorums, spreads, failovers, deploys)
trees = st.recursive(
    leaves,
    lambda nodes: st.one_of(
        st.builds(Serial, unnamed, st.lists(nodes, min_size=1, max_size=4).map(tuple)),
        st.builds(Parallel, unnamed, st.lists(nodes, min_size=1, max_size=3).map(tuple), ratios),
    ),
    max_leaves=8,
).map(_named)
several = st.lists(leaves, min_size=1, max_size=5).map(
    lambda nodes: tuple(hard_leaves(_named(Serial("", tuple(nodes)))))
)


def _replaced(node: Node, name: str, leaf: Leaf) -> Node:
    match node:
        case Serial() | Parallel():
            inner = tuple(_replaced(part, name, leaf) for part in node.parts)
            return msgspec.structs.replace(node, parts=inner)
        case _:
            return leaf if node.name == name else node


def _improved(leaf: Leaf, by: float) -> Leaf:
    match leaf:
        case Part() | KOfN():
            better = leaf.availability + (1.0 - leaf.availability) * by
            return msgspec.structs.replace(leaf, availability=min(1.0, better))
        case Spread():
            return msgspec.structs.replace(
                leaf,
                zone_availability=min(1.0, leaf.zone_availability + (1.0 - leaf.zone_availability) * by),
                replica_availability=min(
                    1.0, leaf.replica_availability + (1.0 - leaf.replica_availability) * by
                ),
            )
        case Failover():
            return msgspec.structs.replace(leaf, failover_seconds=leaf.failover_seconds * (1.0 - by))
        case Deploys():
            return msgspec.structs.replace(leaf, restore_minutes=leaf.restore_minutes * (1.0 - by))


def _shuffled(node: Node, order: "st.DataObject") -> Node:
    match node:
        case Serial() | Parallel():
            inner = order.draw(st.permutations([_shuffled(part, order) for part in node.parts]))
            return msgspec.structs.replace(node, parts=tuple(inner))
        case _:
            return node


# Worked figures: published SLAs of CustomersDot's parts, external vendors left out.


@pytest.mark.parametrize(
    ("needed", "percent", "lost"),
    [
        ((VM, ENTERPRISE, REDIS), 99.750, 100.7),
        ((*EDGE, ENTERPRISE, REDIS), 99.830, 68.5),
        ((*EDGE, PLUS, REDIS), 99.870, 52.4),
        ((*EDGE, PLUS, REDIS_CLUSTER), 99.960, 16.1),
        ((*EDGE, ENTERPRISE, Soft(REDIS)), 99.930, 28.2),
        ((*EDGE, PLUS, Soft(REDIS)), 99.970, 12.1),
    ],
    ids=["single vm", "ha", "ha, plus", "ha, plus, redis cluster", "ha, redis soft", "ha, plus, redis soft"],
)
def test_a_topology_is_as_available_as_reckoned_by_hand(
    needed: tuple[Node, ...], percent: float, lost: float
) -> None:
    result = evaluate(Serial("customersdot", needed))
    assert round(100 * result.availability, 3) == pytest.approx(percent)
    assert round(result.minutes, 1) == pytest.approx(lost)


def test_only_soft_redis_or_redis_cluster_on_plus_meets_the_target() -> None:
    def meets(*needed: Node) -> bool:
        return evaluate(Serial("customersdot", (*EDGE, *needed))).availability >= 0.9995

    assert meets(PLUS, Soft(REDIS))
    assert meets(PLUS, REDIS_CLUSTER)
    assert not meets(ENTERPRISE, Soft(REDIS))
    assert not meets(PLUS, REDIS)


def test_a_hard_vendor_costs_forty_minutes_and_a_soft_one_none() -> None:
    without = evaluate(Serial("customersdot", (*EDGE, PLUS, Soft(REDIS))))
    hard = evaluate(Serial("customersdot", (*EDGE, PLUS, Soft(REDIS), ZUORA)))
    soft = evaluate(Serial("customersdot", (*EDGE, PLUS, Soft(REDIS), Soft(ZUORA))))
    assert hard.minutes - without.minutes == pytest.approx(40, abs=0.5)
    assert hard.weakest == "zuora"
    assert soft.availability == without.availability
    assert [(dependency.name, round(dependency.minutes, 2)) for dependency in soft.degraded] == [
        ("redis", 40.32),
        ("zuora", 40.32),
    ]


def test_two_machines_are_six_nines_only_if_they_share_nothing() -> None:
    machines = (Part("vm-1", 0.999), Part("vm-2", 0.999))
    assert 100 * evaluate(Parallel("vms", machines, beta=0.0)).availability == pytest.approx(
        99.9999, abs=1e-9
    )
    assert f"{100 * evaluate(Parallel('vms', machines)).availability:.4f}" == "99.9899"


def test_three_zones_of_three_nines_are_what_is_published_for_several_zones() -> None:
    survives_a_zone = evaluate(Spread("web", 2, (1, 1, 1), 0.999))
    needs_every_zone = evaluate(Spread("web", 3, (1, 1, 1), 0.999))
    assert 100 * survives_a_zone.availability == pytest.approx(99.99, abs=0.001)
    assert survives_a_zone.weakest == "web: shared cause"
    assert 100 * needs_every_zone.availability == pytest.approx(99.72, abs=0.005)
    assert needs_every_zone.weakest == "web"


@pytest.mark.parametrize(
    ("blast_percent", "restore_minutes", "lost"),
    [(100.0, 30.0, 120.0), (5.0, 5.0, 1.0)],
    ids=["all at once, turned back by hand", "canary, turned back by itself"],
)
def test_bad_deploys_cost_their_blast_times_their_repair(
    blast_percent: float, restore_minutes: float, lost: float
) -> None:
    assert evaluate(Deploys("deploys", 80, 5, blast_percent, restore_minutes)).minutes == pytest.approx(lost)


def test_a_failover_a_month_of_two_minutes_costs_its_length() -> None:
    failover = Failover("db failover", failures_per_year=365.25 / 28, failover_seconds=120)
    assert evaluate(failover, window_days=28).minutes == pytest.approx(2.0)


def test_more_bad_deploys_than_time_to_restore_them_are_as_bad_as_always_broken() -> None:
    assert evaluate(Deploys("deploys", 1000, 100, 25, 1440)).availability == 0.75
    assert evaluate(Failover("db", 1e6, 3600)).availability == 0.0


@pytest.mark.parametrize(
    ("availability", "window_days", "lost"),
    [
        (0.999, 28, 40.32),
        (0.999, 30, 43.2),
        (0.999, 365.25, 8.77 * 60),
        (0.9995, 28, 20.16),
        (0.9995, 30, 21.6),
        (0.9995, 365.25, 4.38 * 60),
        (0.9999, 28, 4.03),
        (0.9999, 30, 4.32),
        (0.9999, 365.25, 52.6),
        (0.99999, 28, 0.40),
        (1.0, 28, 0.0),
        (0.0, 28, 40320.0),
    ],
)
def test_an_availability_in_minutes_of_a_window(availability: float, window_days: float, lost: float) -> None:
    assert minutes(availability, window_days) == pytest.approx(lost, rel=2e-3, abs=0.005)


# What a result says beside the figure.


def test_shares_name_the_weakest_part_first_with_its_minutes_source_and_origin() -> None:
    origin = Origin("services/customersdot.yaml", "/spec/stores/1", written=True)
    redis = published_part("redis-standard-ha", "redis", origin)
    result = evaluate(Serial("customersdot", (*EDGE, PLUS, redis)))
    assert result.weakest == "redis"
    assert [share.name for share in result.shares] == ["redis", "db", "edge", "web"]
    worst = result.shares[0]
    assert worst.origin == origin
    assert worst.source == "https://cloud.google.com/memorystore/sla"
    assert worst.share_percent == pytest.approx(100 * math.log(0.999) / math.log(result.availability))
    assert worst.minutes == pytest.approx(result.minutes * worst.share_percent / 100)
    assert sum(share.minutes for share in result.shares) == pytest.approx(result.minutes)


def test_an_outage_that_needs_both_parts_down_is_shared_evenly() -> None:
    result = evaluate(Parallel("pair", (Part("good", 0.999), Part("bad", 0.9)), beta=0.0))
    assert [(share.name, share.share_percent) for share in result.shares] == [("bad", 50.0), ("good", 50.0)]


@pytest.mark.parametrize(
    "alone",
    [Parallel("one", (Part("web", 0.999),)), KOfN("web", 1, 1, 0.999), Spread("web", 1, (2, 0), 0.999)],
    ids=lambda node: type(node).__name__,
)
def test_what_stands_alone_shares_no_cause(alone: Node) -> None:
    assert [(share.name, share.share_percent) for share in evaluate(alone).shares] == [("web", 100.0)]


def test_what_cannot_fail_has_no_weakest_part() -> None:
    result = evaluate(Serial("ideal", (Part("a", 1.0), Part("b", 1.0))))
    assert (result.availability, result.weakest) == (1.0, None)
    assert [share.share_percent for share in result.shares] == [0.0, 0.0]


def test_what_is_never_up_takes_the_whole_share() -> None:
    result = evaluate(Serial("dead", (Part("a", 0.0), Part("b", 0.9), Part("c", 0.0))))
    assert (result.availability, result.weakest) == (0.0, "a")
    assert [share.share_percent for share in result.shares] == [50.0, 50.0, 0.0]


def test_nine_nines_keep_their_digits() -> None:
    parts = tuple(Part(f"part-{number}", 1 - 1e-9) for number in range(10))
    assert evaluate(Serial("long", parts)).unavailability == pytest.approx(1e-8, rel=1e-6, abs=0)
    assert evaluate(Parallel("wide", parts[:3], beta=0.0)).unavailability == pytest.approx(
        1e-27, rel=1e-6, abs=0
    )


def test_the_interval_runs_from_every_part_at_its_worst_to_every_part_at_its_best() -> None:
    tree = Serial("service", (Part("a", 0.999, low=0.99, high=0.9999), Part("b", 0.9995)))
    result = evaluate(tree)
    assert result.low == pytest.approx(0.99 * 0.9995)
    assert result.availability == pytest.approx(0.999 * 0.9995)
    assert result.high == pytest.approx(0.9999 * 0.9995)


def test_what_a_change_saves_is_the_difference_of_two_trees() -> None:
    now = Serial("customersdot", (*EDGE, ENTERPRISE, REDIS))
    soft = Serial("customersdot", (*EDGE, ENTERPRISE, Soft(REDIS)))
    plus = Serial("customersdot", (*EDGE, PLUS, REDIS))
    machine = Serial("customersdot", (VM, ENTERPRISE, REDIS))
    saved = [evaluate(now).minutes - evaluate(changed).minutes for changed in (soft, plus, machine)]
    assert [round(each, 1) for each in saved] == [40.3, 16.1, -32.2]


# Laws.


@law
@given(trees)
def test_availability_and_unavailability_are_ratios_that_add_up(tree: Node) -> None:
    result = evaluate(tree)
    assert 0.0 <= result.unavailability <= 1.0
    assert result.availability == 1.0 - result.unavailability


@law
@given(trees, st.data(), st.floats(0.0, 1.0))
def test_a_better_part_never_makes_a_worse_whole(tree: Node, data: st.DataObject, by: float) -> None:
    leaf = data.draw(st.sampled_from(list(hard_leaves(tree))))
    better = _replaced(tree, leaf.name, _improved(leaf, by))
    assert evaluate(better).unavailability <= evaluate(tree).unavailability + TINY


@law
@given(several)
def test_a_series_is_no_better_than_its_worst_part(nodes: tuple[Node, ...]) -> None:
    worst = max(evaluate(node).unavailability for node in nodes)
    assert evaluate(Serial("all", nodes)).unavailability >= worst - TINY


@law
@given(several)
def test_independent_parts_in_series_multiply(nodes: tuple[Node, ...]) -> None:
    expected = math.prod(evaluate(node).availability for node in nodes)
    assert evaluate(Serial("all", nodes)).availability == pytest.approx(expected, abs=TINY)


@law
@given(several, ratios)
def test_a_redundant_part_never_makes_a_worse_whole(nodes: tuple[Node, ...], beta: float) -> None:
    best = min(evaluate(node).unavailability for node in nodes)
    assert evaluate(Parallel("any", nodes, beta)).unavailability <= best + TINY


@law
@given(several)
def test_independent_redundant_parts_fail_only_together(nodes: tuple[Node, ...]) -> None:
    expected = math.prod(evaluate(node).unavailability for node in nodes)
    assert evaluate(Parallel("any", nodes, beta=0.0)).unavailability == pytest.approx(expected, abs=TINY)


@law
@given(several, ratios, ratios)
def test_more_in_common_is_never_better(nodes: tuple[Node, ...], one: float, other: float) -> None:
    less, more = sorted([one, other])
    lost = [evaluate(Parallel("any", nodes, beta)).unavailability for beta in (0.0, less, more, 1.0)]
    best = min(evaluate(node).unavailability for node in nodes)
    assert all(before <= after + TINY for before, after in pairwise(lost))
    assert lost[-1] == pytest.approx(best, abs=TINY)


@law
@given(trees, st.data())
def test_the_order_of_parts_does_not_matter(tree: Node, data: st.DataObject) -> None:
    one, other = evaluate(tree), evaluate(_shuffled(tree, data))
    assert one.availability == pytest.approx(other.availability, abs=TINY)
    shares = [{share.name: share.share_percent for share in result.shares} for result in (one, other)]
    assert shares[0] == pytest.approx(shares[1], abs=1e-6)


def test_parts_that_are_alike_stand_in_the_order_of_their_names() -> None:
    zones = [Part(f"zone-{letter}", 0.9) for letter in "dbca"]
    others = [Part(f"part-{number}", 1 - 0.01 * number) for number in range(1, 8)]
    shares = evaluate(Serial("all", (*zones[:2], *others, *zones[2:]))).shares
    assert [share.name for share in shares][:4] == ["zone-a", "zone-b", "zone-c", "zone-d"]


@law
@given(several, leaves.map(_named))
def test_a_soft_dependency_changes_nothing_but_degraded_minutes(nodes: tuple[Node, ...], leaf: Node) -> None:
    dependency = msgspec.structs.replace(leaf, name="dependency")
    without = evaluate(Serial("all", nodes))
    result = evaluate(Serial("all", (*nodes, Soft(dependency))))
    assert msgspec.structs.replace(result, degraded=[]) == without
    assert [degraded.minutes for degraded in result.degraded] == [evaluate(dependency).minutes]


@law
@given(trees)
def test_shares_sum_to_a_hundred_percent(tree: Node) -> None:
    result = evaluate(tree)
    expected = 100.0 if result.unavailability > 0.0 else 0.0
    assert sum(share.share_percent for share in result.shares) == pytest.approx(expected)
    assert all(share.share_percent >= 0.0 for share in result.shares)


@law
@given(ratios, st.integers(1, 6), ratios)
def test_one_of_n_is_redundancy_and_n_of_n_without_common_cause_is_a_series(
    availability: float, n: int, beta: float
) -> None:
    members = tuple(Part(f"part-{number}", availability) for number in range(n))
    any_one, all_of_them = KOfN("members", 1, n, availability, beta), KOfN("members", n, n, availability, 0.0)
    redundant, series = Parallel("any", members, beta), Serial("all", members)
    assert evaluate(any_one).availability == pytest.approx(evaluate(redundant).availability, abs=TINY)
    assert evaluate(all_of_them).availability == pytest.approx(evaluate(series).availability, abs=TINY)


@law
@given(ratios, st.integers(1, 6), ratios, st.data())
def test_one_replica_a_zone_is_a_quorum_of_zones(
    zone: float, n: int, beta: float, data: st.DataObject
) -> None:
    k = data.draw(st.integers(1, n))
    spread, quorum = Spread("web", k, (1,) * n, zone, beta=beta), KOfN("web", k, n, zone, beta)
    assert evaluate(spread).availability == pytest.approx(evaluate(quorum).availability, abs=TINY)


@law
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


@law
@given(trees)
def test_a_tree_survives_json(tree: Node) -> None:
    assert msgspec.json.decode(msgspec.json.encode(tree), type=Node) == tree


def test_a_tree_is_camel_case_in_json() -> None:
    written = msgspec.json.decode(msgspec.json.encode(Soft(KOfN("web", 2, 3, 0.999))))
    assert written["kind"] == "soft"
    assert written["dependency"]["kind"] == "kOfN"
    assert "failoverSeconds" in msgspec.json.decode(msgspec.json.encode(Failover("db", 1, 60)))


# Refusals name the node, the field and the value.


@pytest.mark.parametrize("value", [-0.1, 1.1, 99.9, math.nan, math.inf])
def test_an_availability_outside_zero_to_one_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match=rf"db: availability is {value}, but must be between 0 and 1"):
        Part("db", value)
    with pytest.raises(ValueError, match=rf"availability is {value}"):
        KOfN("web", 1, 2, value)
    with pytest.raises(ValueError, match=rf"availability is {value}"):
        Spread("web", 1, (1, 1), value)
    with pytest.raises(ValueError, match=rf"replica availability is {value}"):
        Spread("web", 1, (1, 1), 0.999, value)
    with pytest.raises(ValueError, match=rf"availability of {value}"):
        minutes(value)


@pytest.mark.parametrize("beta", [-0.1, 1.1, 10, math.nan])
def test_a_beta_outside_zero_to_one_is_refused(beta: float) -> None:
    pair = (Part("a", 0.999), Part("b", 0.999))
    with pytest.raises(ValueError, match=f"vms: beta is {beta}, but must be between 0 and 1"):
        Parallel("vms", pair, beta)
    with pytest.raises(ValueError, match=f"beta is {beta}"):
        KOfN("web", 1, 2, 0.999, beta)
    with pytest.raises(ValueError, match=f"beta is {beta}"):
        Spread("web", 1, (1, 1), 0.999, beta=beta)


@pytest.mark.parametrize("k", [0, 4, -1])
def test_a_quorum_that_cannot_be_is_refused(k: int) -> None:
    with pytest.raises(ValueError, match=f"web: k is {k}, but must be between 1 and n, which is 3"):
        KOfN("web", k, 3, 0.999)
    with pytest.raises(ValueError, match=f"web: needed is {k}, but must be between 1 and the 3 replicas"):
        Spread("web", k, (2, 1, 0), 0.999)


def test_a_negative_number_of_replicas_is_refused() -> None:
    with pytest.raises(ValueError, match="replicas per zone is -1"):
        Spread("web", 1, (2, -1), 0.999)


def test_bounds_that_do_not_hold_the_point_are_refused() -> None:
    with pytest.raises(ValueError, match=r"db: low is 0\.9999, but must be between 0 and the availability"):
        Part("db", 0.999, low=0.9999)
    with pytest.raises(ValueError, match=r"db: high is 0\.99, but must be between the availability"):
        Part("db", 0.999, high=0.99)


def test_amounts_and_percents_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="change failure percent is 101"):
        Deploys("deploys", 80, 101, 100, 30)
    with pytest.raises(ValueError, match="blast percent is -1"):
        Deploys("deploys", 80, 5, -1, 30)
    with pytest.raises(ValueError, match="restore minutes is nan"):
        Deploys("deploys", 80, 5, 5, math.nan)
    with pytest.raises(ValueError, match="window days is 0"):
        Deploys("deploys", 0, 5, 5, 5, window_days=0)
    with pytest.raises(ValueError, match="failover seconds is -1"):
        Failover("db", 1, -1)


@pytest.mark.parametrize("window_days", [0.0, -28.0, math.nan, math.inf])
def test_a_window_without_minutes_is_refused(window_days: float) -> None:
    with pytest.raises(ValueError, match=f"window of {window_days} days"):
        evaluate(Part("db", 0.999), window_days)
    with pytest.raises(ValueError, match=f"window of {window_days} days"):
        minutes(0.999, window_days)


def test_a_node_without_parts_is_refused() -> None:
    with pytest.raises(ValueError, match="all: parts is"):
        Serial("all", ())
    with pytest.raises(ValueError, match="any: parts is"):
        Parallel("any", ())


def test_a_soft_dependency_is_no_redundant_part() -> None:
    with pytest.raises(ValueError, match="any: parts is b, but must hold a part that can fail"):
        Parallel("any", (Part("a", 0.999), Soft(Part("b", 0.999))))


def test_one_part_in_two_places_is_refused() -> None:
    redis = Part("redis", 0.999)
    branches = (Serial("a", (Part("web-a", 0.999), redis)), Serial("b", (Part("web-b", 0.999), redis)))
    with pytest.raises(ValueError, match="the part redis stands twice"):
        evaluate(Parallel("web", branches))
    with pytest.raises(ValueError, match="the part redis stands twice"):
        evaluate(Serial("web", (redis, Soft(redis))))
