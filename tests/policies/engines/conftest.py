"""The engine that the tests of this folder share, and rules on a plan for it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from policies.engines.embedded import EmbeddedEngine
from policies.rule import Bundle, load_bundle
from tests.policies.engines.documents import Build
from tests.policies.opa_servers import POLICIES
from tests.policies.scratch import EXAMPLE, bundle_of, policies, text_of

PLANNED = """
import rego.v2

import data.lib.plan

deny contains finding if {
	some resource in plan.resources_of("gcp:sql/databaseInstance:DatabaseInstance")
	path := ["inputs", "settings", "availabilityType"]
	not plan.value(resource, path) == "REGIONAL"
	finding := result.fail(
		rego.metadata.chain(),
		array.concat(["plan", resource.urn], path),
		{"store": resource.name, "expected": "REGIONAL"},
	)
}
"""


@pytest.fixture(scope="session")
def shipped_rules(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """The committed bundle as an image has it: without sources beside it."""
    image = tmp_path_factory.mktemp("image") / "bundle"
    shutil.copytree(POLICIES / "bundle", image)
    return load_bundle(image)


@pytest.fixture(scope="session")
def engine(shipped_rules: Bundle) -> EmbeddedEngine:
    return EmbeddedEngine(shipped_rules)


@pytest.fixture(scope="session")
def start_engine(shipped_rules: Bundle) -> Callable[[], EmbeddedEngine]:
    return lambda: EmbeddedEngine(shipped_rules)


@pytest.fixture(scope="session")
def with_plan_rules(opa: Path, tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Policies of the example and a number of equal rules on the plan: their folder and their bundle."""
    built: dict[int, tuple[Path, Bundle]] = {}

    def compiled(number: int) -> tuple[Path, Bundle]:
        if number not in built:
            names = [f"reliability/planned-{n}" for n in range(number)]
            rules = {EXAMPLE: text_of()} | {name: text_of(name, PLANNED, "plan") for name in names}
            root = policies(tmp_path_factory.mktemp("policies"), rules)
            built[number] = root, bundle_of(root, opa)
        return built[number]

    return compiled


@pytest.fixture(scope="session")
def warm_cache(shipped_rules: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that holds the shipped rules' machine code, in folders that were made for it."""
    folder = tmp_path_factory.mktemp("warm") / "deep" / "cache"
    EmbeddedEngine(shipped_rules, cache_dir=folder)
    return folder
