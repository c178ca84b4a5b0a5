"""The availability model: figures worked by hand, and what a result says beside the figure.

The figures are those of published SLAs of CustomersDot's parts, external vendors left out.
"""

import math

import pytest

from catalog.document import Origin
from components.design.availability.model import evaluate, minutes
from components.design.availability.published_sla import published_part
from components.design.availability.tree import (
    Deploys,
    Failover,
    KOfN,
    Node,
    Parallel,
    Part,
    Serial,
    Soft,
    Spread,
)
from tests.design.availability_trees import (
    EDGE,
    ENTERPRISE,
    PLUS,
    REDIS,
    REDIS_CLUSTER,
    VM,
    ZUORA,
)


@pytest.mark.parametrize(
    ("needed", "percent", "lost"),
    [
        ((VM, ENTERPRISE, REDIS), 99.750, 100.7),
        ((*EDGE, ENTERPRISE, REDIS), 99.830, 68.5),
        ((*EDGE, PLUS, REDIS), 99.870, 52.4),
        ((*EDGE, PLUS, REDIS_CLUSTER), 99.960, 16.1),
        ((*EDGE, ENTERPRISE, Soft(REDIS, 1.0)), 99.930, 28.2),
        ((*EDGE, PLUS, Soft(REDIS, 1.0)), 99.970, 12.1),
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

    assert meets(PLUS, Soft(REDIS, 1.0))
    assert meets(PLUS, REDIS_CLUSTER)
    assert not meets(ENTERPRISE, Soft(REDIS, 1.0))
    assert not meets(PLUS, REDIS)


def test_a_hard_vendor_costs_forty_minutes_and_a_soft_one_none() -> None:
    without = evaluate(Serial("customersdot", (*EDGE, PLUS, Soft(REDIS, 1.0))))
    hard = evaluate(Serial("customersdot", (*EDGE, PLUS, Soft(REDIS, 1.0), ZUORA)))
    soft = evaluate(Serial("customersdot", (*EDGE, PLUS, Soft(REDIS, 1.0), Soft(ZUORA, 1.0))))
    assert hard.minutes - without.minutes == pytest.approx(40, abs=0.5)
    assert hard.weakest == "zuora"
    assert soft.availability == without.availability
    assert [(dependency.name, round(dependency.minutes, 2)) for dependency in soft.degraded] == [
        ("redis", 40.32),
        ("zuora", 40.32),
    ]


def test_a_soft_dependency_costs_the_outages_that_its_degraded_mode_does_not_cover() -> None:
    covered = evaluate(Serial("customersdot", (*EDGE, PLUS, Soft(REDIS, 0.9))))
    assert covered.minutes - evaluate(Serial("customersdot", (*EDGE, PLUS))).minutes == pytest.approx(
        4.03, abs=0.01
    )
    assert covered.degraded[0].minutes == pytest.approx(40.32)
    assert [share.availability for share in covered.shares if share.name == "redis"] == [
        pytest.approx(0.9999)
    ]
    never = evaluate(Serial("customersdot", (*EDGE, PLUS, Soft(REDIS, 0.0))))
    assert never.minutes == evaluate(Serial("customersdot", (*EDGE, PLUS, REDIS))).minutes


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
    soft = Serial("customersdot", (*EDGE, ENTERPRISE, Soft(REDIS, 1.0)))
    plus = Serial("customersdot", (*EDGE, PLUS, REDIS))
    machine = Serial("customersdot", (VM, ENTERPRISE, REDIS))
    saved = [evaluate(now).minutes - evaluate(changed).minutes for changed in (soft, plus, machine)]
    assert [round(each, 1) for each in saved] == [40.3, 16.1, -32.2]
