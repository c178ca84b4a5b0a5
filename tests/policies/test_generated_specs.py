"""Laws that hold for every rule, on hundreds of services, environments and plans that nobody wrote."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from policies.engines.answer import RawFinding
from policies.engines.embedded import EmbeddedEngine
from policies.rule import Bundle
from tests.laws import tries
from tests.policies.generated import (
    Generator,
    Json,
    Sample,
    general,
    inputs,
    places,
    rule_input,
    unknown_at,
)

SEED = 20261121
AT_LEAST = tries(20)
"""How often each rule fires and passes, and a rule on the plan is undecided."""
AT_MOST = 5 * AT_LEAST
"""How many samples of a fixture may be needed for that: an edit can mend what is wrong with it."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:gcp.* has been deprecated in favor of:DeprecationWarning"),
]

IMAGE = "us-docker.pkg.dev/acme-registry/portal@sha256:" + "5f0e2a6b" * 8
TAKEN = [
    pytest.param(
        {"dependencies": [{"name": "stripe", "vendor": "stripe", "circuitBreaker": {}}]},
        id="a mapping without fields",
    ),
    pytest.param(
        {
            "environments": [
                {"name": "staging", "override": {"dependencies": [{"name": "usage", "service": "usage-api"}]}}
            ],
        },
        id="another service, in one environment only",
    ),
    pytest.param(
        {
            "workloads": [
                {"name": "web", "runtime": "vm", "vm": {"instances": 1}},
                {"name": "jobs", "kind": "worker", "runtime": "vm", "vm": {"instances": 2}},
            ],
        },
        id="one machine, said to be one and to be two",
    ),
    pytest.param(
        {
            "workloads": [
                {"name": "web", "image": IMAGE, "replicas": {"min": 1}},
                {"name": "api", "image": IMAGE},
            ],
        },
        id="two web workloads without endpoints",
    ),
]


@pytest.fixture(scope="module")
def engine(bundle: Bundle) -> EmbeddedEngine:
    return EmbeddedEngine(bundle)


@pytest.fixture
def generator(bundle: Bundle, tmp_path: Path) -> Generator:
    return Generator(SEED, tmp_path, bundle.rules)


@pytest.fixture
def judge(generator: Generator, engine: EmbeddedEngine) -> Callable[[Sample], list[RawFinding]]:
    """What the rules find in the spec of a sample."""
    return lambda sample: engine.evaluate(rule_input(generator.catalog, sample.judged))


@pytest.fixture(scope="module")
def planner(bundle: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Generator:
    return Generator(SEED, tmp_path_factory.mktemp("planned"), bundle.rules)


@pytest.fixture(scope="module")
def plans(bundle: Bundle, planner: Generator) -> dict[str, list[Json]]:
    """The planned inputs of the failing and the passing fixture of each rule on the plan."""
    found = {}
    for rule in (rule.id for rule in bundle.rules.values() if "plan" in rule.stages):
        samples = [planner.add(texts) for texts in planner.fixtures[rule]]
        assert None not in samples, rule
        found[rule] = [planner.planned(sample) for sample in samples if sample is not None]
    return found


@pytest.fixture
def judge_plan(engine: EmbeddedEngine) -> Callable[[Json], list[RawFinding]]:
    """What the rules find in the plan of a planned input."""

    def judge(document: Json) -> list[RawFinding]:
        found = engine.evaluate(msgspec.json.encode(document))
        return [finding for finding in found if finding.path[0] == "plan"]

    return judge


def test_every_rule_on_the_spec_fires_and_passes_often(
    bundle: Bundle, generator: Generator, judge: Callable[[Sample], list[RawFinding]]
) -> None:
    fired: Counter[str] = Counter()
    passed: Counter[str] = Counter()
    asked = [rule.id for rule in bundle.rules.values() if "spec" in rule.stages]
    for rule in asked:
        failing, passing = generator.fixtures[rule]
        for _ in range(AT_MOST):
            if fired[rule] < AT_LEAST:
                fired.update({finding.rule for finding in judge(generator.sample(failing))})
            if passed[rule] < AT_LEAST:
                passed[rule] += rule not in {finding.rule for finding in judge(generator.sample(passing))}
    assert {rule: fired[rule] for rule in asked if fired[rule] < AT_LEAST} == {}
    assert {rule: passed[rule] for rule in asked if passed[rule] < AT_LEAST} == {}


def test_the_order_in_which_things_are_written_does_not_matter(
    generator: Generator, judge: Callable[[Sample], list[RawFinding]]
) -> None:
    failing = [fixtures[0] for fixtures in generator.fixtures.values()]
    for texts in (*generator.shipped * tries(10), *failing * tries(4)):
        sample = generator.sample(texts)
        shuffled = generator.shuffled(sample)
        assert {named(sample, each) for each in judge(sample)} == {
            named(shuffled, each) for each in judge(shuffled)
        }, sample.texts


def named(sample: Sample, finding: RawFinding) -> tuple[Any, ...]:
    """A finding with names, or the things themselves, for their positions in lists."""
    document, *steps = finding.path
    parts = {"environment": sample.environment, "unit": sample.unit, "global": sample.hub}
    judged = parts.get(str(document), sample.judged)
    at: Any = None if judged is None else judged.data
    path: list[Any] = [document]
    for step in steps:
        at = at[int(step)] if isinstance(at, list) else at.get(step)
        item = at.get("name") if isinstance(at, dict) else at
        if isinstance(item, str):
            item = re.sub(r"-\d+$", "", item)  # a document's name has the number of its sample
        path.append(item if isinstance(step, int) else step)
    return finding.rule, finding.status, *path


def test_the_expected_value_at_its_path_removes_a_finding(
    generator: Generator, judge: Callable[[Sample], list[RawFinding]]
) -> None:
    mended: Counter[str] = Counter()
    failing = [fixtures[0] for fixtures in generator.fixtures.values()]
    for texts in (*generator.shipped * tries(5), *failing * tries(5)):
        sample = generator.sample(texts)
        for finding in judge(sample):
            if "expected" in finding.params:
                after = generator.mended(sample, finding.path, finding.params["expected"])
                if not isinstance(after, Sample):
                    # A managed store can't have any version; which of those there are only its owner can say.
                    assert {each.rule for each in after} == {"catalog/store-version"}, (finding, after)
                    continue
                left = [each.path for each in judge(after) if each.rule == finding.rule]
                assert finding.path not in left, (finding, sample.texts)
                mended[finding.rule] += 1
    assert mended.total() > tries(100)


def test_every_rule_on_the_plan_fires_passes_and_is_undecided_often(
    planner: Generator, plans: dict[str, list[Json]], judge_plan: Callable[[Json], list[RawFinding]]
) -> None:
    fired: Counter[str] = Counter()
    undecided: Counter[str] = Counter()
    quiet: list[tuple[str, set[str]]] = []
    judged: dict[str, set[str]] = defaultdict(set)
    for rule, (failing, passing) in plans.items():
        for _ in range(AT_MOST):
            if min(fired[rule], undecided[rule]) >= AT_LEAST:
                break
            document = planner.shaken(failing)
            failed = [each for each in judge_plan(document) if (each.rule, each.status) == (rule, "failed")]
            if failed:
                fired[rule] += 1
                path = planner.dice.choice(failed).path
                judged[rule].add(types(document)[str(path[1])])
                if len(path) == 2:  # something is missing altogether, and has no value to be unknown:
                    undecided[rule] += 1  # its own tests say when that is undecided
                    continue
                found = judge_plan(unknown_at(document, path))
                assert "undecided" in [
                    each.status for each in found if (each.rule, each.path) == (rule, path)
                ]
                undecided[rule] += 1
        for _ in range(AT_LEAST + AT_LEAST // 2):
            document = planner.shaken(passing)
            if rule not in {each.rule for each in judge_plan(document)}:
                quiet.append((rule, set(types(document).values())))
    passed = Counter(rule for rule, there in quiet if judged[rule] & there)
    for counts in (fired, passed, undecided):
        assert {rule: counts[rule] for rule in plans if counts[rule] < AT_LEAST} == {}


def types(document: Json) -> dict[str, str]:
    """The type of each resource of a planned input."""
    return {each["urn"]: each["type"] for each in document["plan"]["resources"]}


def test_a_rule_does_not_pass_a_resource_that_it_knows_less_about(
    plans: dict[str, list[Json]], judge_plan: Callable[[Json], list[RawFinding]]
) -> None:
    forgetful = set()
    for rule, (document, _) in plans.items():
        urns = {each.path[1] for each in judge_plan(document) if each.rule == rule}
        resources = [each for each in document["plan"]["resources"] if each["urn"] in urns]
        for resource in {each["type"]: each for each in resources}.values():
            for at in (("inputs", *below) for below in places(resource["inputs"]) if below):
                path = ("plan", resource["urn"], *at)
                left = [each for each in judge_plan(unknown_at(document, path)) if each.rule == rule]
                if path[1] not in {each.path[1] for each in left}:
                    forgetful.add((rule, "/".join(map(str, general(at)))))
    assert forgetful == set(), "these rules pass what they don't know"


@pytest.mark.parametrize("spec", TAKEN)
def test_what_the_catalog_takes_is_judged_and_says_one_thing(
    spec: Json, generator: Generator, judge: Callable[[Sample], list[RawFinding]]
) -> None:
    found = []
    for order in (1, -1):
        workloads = spec.get("workloads", [{"name": "web", "image": IMAGE}])[::order]
        text = {
            "apiVersion": "pave/v1",
            "kind": "Service",
            "metadata": {"name": "portal", "owner": "fulfillment-platform"},
            "spec": {"tier": "standard", "stage": "ga", **spec, "workloads": workloads},
        }
        sample = generator.add((text,))
        found.append(sample and {named(sample, each) for each in judge(sample)})
    assert found[0] == found[1]


def test_the_same_seed_makes_the_same_inputs(bundle: Bundle, tmp_path: Path) -> None:
    rules = [rule for rule in bundle.rules.values() if rule.pillar == "performance"]
    made = [list(inputs(seed, tmp_path, rules, 5)) for seed in (1, 1, 2)]
    assert made[0] == made[1]
    assert made[0] != made[2]
