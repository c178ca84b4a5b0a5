"""What is no tree is refused: the node, the field and the value are named."""

import math

import pytest

from components.design.availability.model import evaluate, minutes
from components.design.availability.tree import (
    Deploys,
    Failover,
    KOfN,
    Parallel,
    Part,
    Serial,
    Soft,
    Spread,
)


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
