"""The formulas against time: random trees, simulated event by event, agree with `availability_model`."""

from itertools import count
from random import Random

import pytest

from components.design.availability.model import evaluate
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
from tests.design.event_simulation import simulate
from tests.laws import tries

pytestmark = pytest.mark.slow

# Parts fail far more often than real ones, so that what coincides is seen often enough in the time simulated.
HOURS = 45_000.0


def _random_tree(seed: int) -> Node:
    random = Random(seed)  # noqa: S311  # shapes, no secrets
    names = (f"part-{number}" for number in count())

    def leaf(depth: int) -> Node:
        name, down = next(names), random.uniform(0.03, 0.2)
        beta = random.choice([0.0, 0.1, 0.4])
        match random.choice(
            ["part", "part", "k of n", "spread", "failover", "deploys"] if depth else ["part"]
        ):
            case "k of n":
                n = random.randint(2, 4)
                return KOfN(name, random.randint(1, n), n, 1.0 - down, beta)
            case "spread":
                zones = tuple(random.randint(1, 2) for _ in range(random.randint(1, 3)))
                return Spread(name, random.randint(1, sum(zones)), zones, 1.0 - down, 0.95, beta)
            case "failover":
                return Failover(name, random.uniform(50.0, 300.0), random.uniform(600.0, 7200.0))
            case "deploys":
                return Deploys(
                    name, random.uniform(40.0, 120.0), 25.0, random.choice([5.0, 50.0, 100.0]), 60.0
                )
            case _:
                return Part(name, 1.0 - down)

    def tree(depth: int) -> Node:
        if depth == 0:
            return leaf(0)
        parts = tuple(tree(depth - 1) if random.random() < 0.5 else leaf(depth) for _ in range(2))
        if random.random() < 0.5:
            return Parallel(next(names), parts, random.choice([0.0, 0.1, 0.5]))
        return Serial(next(names), (*parts, Soft(leaf(0), random.choice([0.0, 0.5, 0.9]))))

    return Serial("service", (tree(2), leaf(1)))


def _agrees(tree: Node, seed: int, hours: float = HOURS) -> None:
    expected = evaluate(tree).unavailability
    seen = simulate(tree, seed, hours)
    assert seen.half_width < 0.15 * expected, "the simulation is too short to tell right from wrong"
    assert seen.unavailability == pytest.approx(expected, abs=seen.half_width)


@pytest.mark.parametrize("seed", range(tries(8)))
def test_a_random_tree_is_as_available_as_its_simulation(seed: int) -> None:
    _agrees(_random_tree(seed), seed)


@pytest.mark.parametrize(
    "tree",
    [
        Parallel("pair", (Part("a", 0.9), Part("b", 0.7)), beta=0.4),
        Parallel("trio", (Part("a", 0.8), Part("b", 0.7), Part("c", 0.75)), beta=0.0),
        KOfN("quorum", 2, 3, 0.85, beta=0.3),
        Spread("pods", 3, (2, 2, 1), zone_availability=0.9, replica_availability=0.95, beta=0.3),
        Spread("pods", 2, (3,), zone_availability=0.9, replica_availability=0.8),
        Failover("standby", failures_per_year=200.0, failover_seconds=3600.0),
        Deploys("deploys", 80.0, 25.0, 50.0, 60.0),
        Serial("softly", (Part("web", 0.98), Soft(Part("redis", 0.8), 0.7))),
    ],
    ids=lambda tree: f"{tree.name} of {type(tree).__name__}",
)
def test_each_kind_of_node_is_as_available_as_its_simulation(tree: Node) -> None:
    _agrees(tree, seed=7, hours=2 * HOURS)


def test_a_simulation_tells_independent_parts_from_parts_with_a_shared_cause() -> None:
    parts = (Part("a", 0.9), Part("b", 0.9))
    seen = simulate(Parallel("pair", parts, beta=0.3), 1, HOURS)
    independent = evaluate(Parallel("pair", parts, beta=0.0)).unavailability
    assert seen.unavailability - seen.half_width > independent


def test_the_same_seed_gives_the_same_outages() -> None:
    tree = _random_tree(3)
    assert simulate(tree, 5, 2000.0) == simulate(tree, 5, 2000.0)
    assert simulate(tree, 5, 2000.0) != simulate(tree, 6, 2000.0)
