"""Both engines give one verdict: on what every rule has been written for, on the shipped catalog, and on
documents that nobody has thought of."""

import copy
import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.kinds.environment import Environment
from catalog.kinds.service import Service, service_at
from catalog.loader import load
from policies.building.build import server_bundle
from policies.engines.answer import Engine, EngineError, RawFinding
from policies.engines.embedded import EmbeddedEngine
from policies.engines.opa_server import Server, ServerEngine
from policies.rule import Bundle
from stacks.gate.gate import judge_stack
from stacks.plan import Planner
from stacks.policy_input import input_on
from stacks.stack import Stack, foundation_stack, stack_of, stacks
from tests.laws import law
from tests.policies.generated import inputs
from tests.policies.opa_servers import POLICIES, opa_server
from tests.policies.test_rule_pack import FOLDERS, HOME, TODAY, Case, rule_of, state_of, texts_of

pytestmark = [
    pytest.mark.opa,
    pytest.mark.filterwarnings("ignore:gcp.* has been deprecated in favor of:DeprecationWarning"),
]


@pytest.fixture(scope="module")
def embedded(bundle: Bundle) -> EmbeddedEngine:
    return EmbeddedEngine(bundle)


@pytest.fixture(scope="module")
def server(bundle: Bundle, opa: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerEngine]:
    tarball = tmp_path_factory.mktemp("server") / "bundle.tar.gz"
    tarball.write_bytes(server_bundle(POLICIES, opa))
    with opa_server(opa, "--bundle", tarball) as url:
        yield ServerEngine(bundle, Server(url))


def verdict(engine: Engine, document: bytes) -> list[RawFinding] | None:
    """The findings, or None where there is no verdict."""
    try:
        return engine.evaluate(document)
    except EngineError:
        return None


@pytest.mark.parametrize("name", ["failing.yaml", "passing.yaml"])
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: "/".join(folder.parts[-2:]))
def test_both_engines_find_the_same_in_what_a_rule_was_written_for(
    folder: Path, name: str, bundle: Bundle, embedded: EmbeddedEngine, server: ServerEngine, tmp_path: Path
) -> None:
    case = Case(texts_of(folder, name), tmp_path, state_of(folder, name))
    document = case.rule_input(rule_of(folder, bundle).stages[-1])
    assert server.evaluate(document) == embedded.evaluate(document)


@pytest.mark.parametrize("stack", list(stacks(load(HOME / "catalog"))), ids=str)
def test_both_engines_decide_alike_on_the_shipped_catalog(
    stack: Stack, bundle: Bundle, embedded: EmbeddedEngine, server: ServerEngine
) -> None:
    catalog = load(HOME / "catalog")
    one, other = (judge_stack(catalog, stack, engine, bundle.rules, TODAY) for engine in (embedded, server))
    assert other == one


def test_both_engines_find_the_same_in_services_and_plans_made_by_chance(
    bundle: Bundle, embedded: EmbeddedEngine, server: ServerEngine, tmp_path: Path
) -> None:
    for document in inputs(7, tmp_path, bundle.rules.values(), 3):
        assert server.evaluate(document) == embedded.evaluate(document)


# --- documents that nobody has thought of

_words = st.sampled_from(
    [
        "",
        "*",
        "/*",
        "none",
        "zonal",
        "public",
        "preview",
        "0.0.0.0/0",
        "10.0.0.0/8",
        "::/0",
        "a.b/c@sha256:0",
        "1.2",
    ]
)
_numbers = st.one_of(st.integers(-2, 10**6), st.sampled_from([0.5, 99.95, 100.0, 1e9]))
_leaves = st.one_of(_words, _numbers, st.text(max_size=8), st.none(), st.booleans())
_values = st.one_of(_leaves, st.lists(_leaves, max_size=2), st.dictionaries(_words, _leaves, max_size=2))
_edits = st.tuples(st.integers(0, 10**6), st.sampled_from(["set", "drop", "double", "swap"]), _values)


@functools.cache
def bases() -> list[bytes]:
    """Rule inputs of the shipped services and of the example of today, two of them with their plans."""
    catalog = load(HOME / "catalog", [HOME / "catalog" / "examples" / "customersdot-today.yaml"])
    planner = Planner(catalog)
    found = []
    for name in sorted(catalog.documents["Service"]):
        service = service_at(catalog, name, "production")
        assert isinstance(service, Service)
        plan = planner.plan(stack_of(service)) if name.startswith("customersdot") else None
        found.append(input_on(catalog, service, TODAY, plan))
    environment = catalog.find(Environment, "production")
    assert environment is not None
    return [*found, input_on(catalog, environment, TODAY, planner.plan(foundation_stack("production")))]


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place of a document: what holds it, and its key or index there."""
    for key in (
        list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    ):
        yield value, key
        yield from places(value[key])


def edit(document: Any, number: int, how: str, value: Any) -> None:
    found = list(places(document)) or [({"all": document}, "all")]
    holder, key = found[number % len(found)]
    if how == "set":
        holder[key] = value
    elif how == "drop":
        del holder[key]
    elif how == "double" and isinstance(holder, list):
        holder.append(copy.deepcopy(holder[key]))
    else:
        other, at = found[number // 7 % len(found)]
        holder[key], other[at] = copy.deepcopy(other[at]), copy.deepcopy(holder[key])


def test_neither_engine_judges_a_plan_that_names_two_resources_alike(
    embedded: EmbeddedEngine, server: ServerEngine
) -> None:
    planned = [msgspec.json.decode(base) for base in bases() if b'"plan"' in base]
    for document in planned:
        assert verdict(embedded, msgspec.json.encode(document)) is not None
        resources = document["plan"]["resources"]
        for at in (0, len(resources) // 2, -1):
            document["plan"]["resources"] = [*resources, copy.deepcopy(resources[at])]
            doubled = msgspec.json.encode(document)
            assert (verdict(server, doubled), verdict(embedded, doubled)) == (None, None)
    assert len(planned) == 3


@law(300)
@given(base=st.integers(0, 100), edits=st.lists(_edits, min_size=1, max_size=6))
def test_both_engines_find_the_same_in_documents_with_any_edits(
    base: int, edits: list[tuple[int, str, Any]], embedded: EmbeddedEngine, server: ServerEngine
) -> None:
    document = msgspec.json.decode(bases()[base % len(bases())])
    for number, how, value in edits:
        edit(document, number, how, value)
    edited = msgspec.json.encode(document)
    assert verdict(server, edited) == verdict(embedded, edited)
