"""What rules are given of a large service, and what it costs them: in proportion to its size, however many of
everything there are.

Nothing here is a time. Steps are WebAssembly's, the same on every machine; what twice as much adds is
compared, so that what any document costs by itself counts for nothing."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest

from bench.catalogue import make_chain, make_large
from catalog.kinds.service import Service, service_at
from catalog.loader import Catalog, load
from policies.engines.answer import FUEL
from policies.engines.embedded import EmbeddedEngine
from policies.rule import Bundle
from stacks.plan import record_stack
from stacks.policy_input import input_on
from stacks.stack import stack_of

TODAY = date(2026, 11, 21)
SIZES = [(40, 16, 8), (80, 32, 16), (160, 64, 32)]
"""Endpoints, workloads and stores, each twice what was before."""

LARGEST = (500, 200, 100)
"""What the schema takes."""

MOST = 2.2
"""How many times as much the second doubling may add as the first: twice is in proportion, four times is the
square."""

FREE = 2_000_000
"""Steps that a rule may take however they grow: a thousandth of what a document may."""


def large(folder: Path, size: tuple[int, int, int]) -> tuple[Catalog, Service]:
    root = folder / "-".join(map(str, size))
    root.mkdir()
    make_large(root, *size)
    return the_service(load(root), "large")


def the_service(catalog: Catalog, name: str) -> tuple[Catalog, Service]:
    service = service_at(catalog, name, "production")
    assert isinstance(service, Service), service
    return catalog, service


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[bytes]]:
    """What rules are given of services of those sizes, by stage."""
    folder = tmp_path_factory.mktemp("large")
    found: dict[str, list[bytes]] = {"spec": [], "plan": []}
    for size in SIZES:
        catalog, service = large(folder, size)
        found["spec"].append(input_on(catalog, service, TODAY))
        found["plan"].append(input_on(catalog, service, TODAY, record_stack(catalog, stack_of(service))))
    return found


def growth(sizes: Sequence[int]) -> float:
    """What the second doubling adds, as a multiple of what the first does."""
    once, twice, four_times = sizes
    return (four_times - twice) / max(1, twice - once)


@pytest.mark.slow
@pytest.mark.parametrize("stage", ["spec", "plan"])
def test_what_rules_are_given_grows_with_the_service(
    stage: str, documents: Mapping[str, list[bytes]]
) -> None:
    assert growth([len(document) for document in documents[stage]]) <= MOST


@pytest.mark.slow
@pytest.mark.parametrize("stage", ["spec", "plan"])
def test_what_a_rule_costs_grows_with_the_service(
    stage: str, documents: Mapping[str, list[bytes]], bundle: Bundle
) -> None:
    engine = EmbeddedEngine(bundle)
    spent: dict[str, list[int]] = {rule: [] for rule in bundle.rules}
    for document in documents[stage]:
        alone = {rule: engine.steps(document, rule) for rule in bundle.rules}
        reading = min(alone.values())
        for rule, steps in alone.items():
            spent[rule].append(steps - reading)
    steep = {rule: steps for rule, steps in spent.items() if growth(steps) > MOST and steps[-1] > FREE}
    assert steep == {}


@pytest.mark.slow
def test_what_all_rules_cost_grows_with_the_service(
    documents: Mapping[str, list[bytes]], bundle: Bundle
) -> None:
    engine, spent = EmbeddedEngine(bundle), []
    for document in documents["plan"]:
        engine.evaluate(document)
        spent.append(engine.spent)
    assert growth(spent) <= MOST


@pytest.mark.slow
def test_rules_have_room_for_the_plan_of_the_largest_service(
    documents: Mapping[str, list[bytes]], bundle: Bundle
) -> None:
    engine, times = EmbeddedEngine(bundle), LARGEST[0] / SIZES[-1][0]
    engine.evaluate(documents["plan"][-1])
    assert engine.spent * times < 0.85 * FUEL


def test_the_largest_service_is_read_and_judged(tmp_path: Path, bundle: Bundle) -> None:
    document = input_on(*large(tmp_path, LARGEST), TODAY)
    engine = EmbeddedEngine(bundle)
    engine.evaluate(document)
    assert engine.spent < FUEL / 5


@pytest.mark.parametrize("part", range(3))
def test_one_more_of_anything_is_refused_with_the_limit(tmp_path: Path, part: int) -> None:
    endpoints, workloads, stores = (most + (part == index) for index, most in enumerate(LARGEST))
    make_large(tmp_path, endpoints, workloads, stores)
    (problem,) = load(tmp_path).problems
    assert (problem.rule, str(LARGEST[part]) in problem.fix) == ("schema/max-items", True)


def test_a_service_sees_no_more_of_a_long_chain_than_of_a_short_one(tmp_path: Path) -> None:
    seen = []
    for length in (10, 100):
        root = tmp_path / str(length)
        root.mkdir()
        make_chain(root, length, is_linked=True)
        seen.append(len(input_on(*the_service(load(root), "link-9"), TODAY)))
    assert seen[1] - seen[0] == len('"link-10"')  # which calls it
