"""The engine in this process: its verdicts, the same as OPA's own, in any thread and forked child."""

import json
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.engines import wasm
from policies.engines.answer import EngineError, RawFinding, checked
from policies.engines.embedded import EmbeddedEngine
from policies.rule import Bundle
from tests.laws import law
from tests.policies.engines.documents import (
    DATABASE,
    ZONAL,
    Build,
    compiles_nothing,
    encoded,
    of_example,
    postgres,
    resource,
    service,
)
from tests.policies.opa_servers import POLICIES


def test_a_zonal_database_fails_and_the_finding_is_whole(engine: EmbeddedEngine) -> None:
    assert of_example(
        engine.evaluate(encoded(service(postgres("regional", "users"), postgres("zonal"))))
    ) == [
        RawFinding(
            rule="reliability/database-is-regional",
            path=("service", "spec", "stores", 1, "availability"),
            params={"store": "orders", "expected": "regional"},
            status="failed",
        )
    ]


def test_a_regional_database_passes(engine: EmbeddedEngine) -> None:
    assert of_example(engine.evaluate(encoded(service(postgres("regional"))))) == []


def test_findings_come_in_the_order_of_rule_and_path(engine: EmbeddedEngine) -> None:
    stores = [postgres("zonal", f"store-{number}") for number in range(12)]
    stores = stores[5:] + stores[:5]
    found = engine.evaluate(encoded(service(*stores)))
    keys = [(finding.rule, "/".join(map(str, finding.path))) for finding in found]
    assert keys == sorted(keys)
    assert len(of_example(found)) == 12


def test_text_of_any_script_comes_back_as_it_went_in(engine: EmbeddedEngine) -> None:
    name = 'Zürich "本番" \\ \u0000 \U0001f600 {store}'
    [finding] = of_example(engine.evaluate(encoded(service(postgres("zonal", name)))))
    assert finding.params["store"] == name


@pytest.mark.opa
@pytest.mark.parametrize(
    ("inputs", "status"),
    [
        ({"settings": {"availabilityType": "ZONAL"}}, "failed"),
        ({"settings": {}}, "failed"),
        ({}, "failed"),
        ({"settings": {"availabilityType": {"$unknown": ["urn:zone"]}}}, "undecided"),
        ({"settings": {"$unknown": []}}, "undecided"),
        ({"$unknown": []}, "undecided"),
        ({"settings": {"availabilityType": "ZONAL", "tier": {"$unknown": []}}}, "failed"),
        ({"settings": {"availabilityType": {"$secret": True}}}, "failed"),
    ],
)
def test_a_planned_value_is_decided_only_when_it_is_known(
    with_plan_rules: Build, inputs: dict[str, Any], status: str
) -> None:
    engine = EmbeddedEngine(with_plan_rules(1)[1])
    found = engine.evaluate(
        encoded(service(), resource("urn:db", inputs), resource("urn:net", {}, "network"))
    )
    path = ("plan", "urn:db", "inputs", "settings", "availabilityType")
    params = {"store": "urn:db", "expected": "REGIONAL"}
    assert found == [RawFinding("reliability/planned-0", path, params, status)]  # type: ignore[arg-type]


@pytest.mark.opa
def test_a_planned_value_that_is_good_passes(with_plan_rules: Build) -> None:
    good = resource("urn:db", {"settings": {"availabilityType": "REGIONAL"}})
    assert EmbeddedEngine(with_plan_rules(1)[1]).evaluate(encoded(service(), good)) == []


@pytest.mark.opa
def test_without_a_plan_a_plan_rule_costs_the_same_for_every_document(with_plan_rules: Build) -> None:
    """Instructions are counted, so this is exact. What remains is the rule's entry: its metadata."""
    few, many = (EmbeddedEngine(with_plan_rules(number)[1]) for number in (1, 21))
    extra = []
    for padding in (0, 20_000):
        document = encoded(service() | {"padding": "x" * padding})
        few.evaluate(document)
        many.evaluate(document)
        extra.append((many.spent - few.spent) / 20)
    assert extra[0] == pytest.approx(extra[1], rel=0.05)
    assert max(extra) < 20_000


@pytest.mark.opa
def test_resources_are_indexed_once_and_not_for_each_finding(with_plan_rules: Build) -> None:
    engine = EmbeddedEngine(with_plan_rules(1)[1])
    spent = []
    for number in (100, 200):
        engine.evaluate(encoded(service(), *(resource(f"urn:{each}", {}) for each in range(number))))
        spent.append(engine.spent)
    assert spent[1] / spent[0] < 3  # 4 if each finding read the whole plan


_words = st.one_of(st.sampled_from(["postgres", "redis", "zonal", "regional"]), st.text(max_size=5))
_stores = st.lists(
    st.fixed_dictionaries(
        {"name": st.text(max_size=8), "kind": _words},
        optional={"availability": st.one_of(_words, st.none(), st.integers(), st.booleans())},
    ),
    max_size=6,
)
_unknown = st.just({"$unknown": ["urn:other"]})
_settings = st.one_of(
    _unknown,
    st.fixed_dictionaries(
        {},
        optional={"availabilityType": st.one_of(st.sampled_from(["REGIONAL", "ZONAL"]), st.none(), _unknown)},
    ),
)
_inputs = st.one_of(_unknown, st.fixed_dictionaries({}, optional={"settings": _settings}))
_plans = st.lists(
    st.builds(resource, st.text(max_size=8), _inputs, st.sampled_from([DATABASE, "network"])),
    max_size=6,
    unique_by=lambda resource: resource["urn"],
)
_documents = st.lists(
    st.builds(lambda s, p: encoded(service(*s), *p), _stores, _plans), min_size=1, max_size=25
)


@pytest.mark.opa
@law(25)
@given(documents=_documents)
def test_the_module_finds_what_opa_finds(opa: Path, with_plan_rules: Build, documents: list[bytes]) -> None:
    root, bundle = with_plan_rules(1)
    engine = EmbeddedEngine(bundle)
    query = "[answer | some document in input; answer := data.main.findings with input as document]"
    sources = [f"--data={root / path}" for path in ("main.rego", "lib", "rules")]
    done = subprocess.run(
        [opa, "eval", "--format=raw", "--stdin-input", "--ignore=*_test.rego", *sources, query],
        input=b"[" + b",".join(documents) + b"]",
        capture_output=True,
        check=True,
    )
    expected = msgspec.json.decode(done.stdout, type=list[list[RawFinding]])
    assert [engine.evaluate(document) for document in documents] == [
        checked(findings, bundle.rules) for findings in expected
    ]


@law(50)
@given(documents=_documents)
def test_an_evaluation_leaves_nothing_behind_for_the_next(
    start_engine: Callable[[], EmbeddedEngine], engine: EmbeddedEngine, documents: list[bytes]
) -> None:
    used = [engine.evaluate(document) for document in documents]
    assert used == [start_engine().evaluate(document) for document in documents]


def _exit_code(work: Callable[[], None]) -> int | None:
    """Run in a forked child. A child that waits for ever is ended: None."""
    process = multiprocessing.get_context("fork").Process(target=work)
    process.start()
    process.join(60)
    if process.exitcode is None:
        process.kill()
        process.join()
        return None
    return process.exitcode


def test_a_forked_child_makes_its_engine_without_compiling(
    shipped_rules: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    EmbeddedEngine(shipped_rules)
    monkeypatch.setattr(wasm, "compile_module", compiles_nothing)

    def work() -> None:
        assert len(of_example(EmbeddedEngine(shipped_rules).evaluate(ZONAL))) == 1

    assert _exit_code(work) == 0


def test_a_forked_child_goes_on_with_its_parents_engine(engine: EmbeddedEngine) -> None:
    engine.evaluate(ZONAL)

    def work() -> None:
        assert len(of_example(engine.evaluate(ZONAL))) == 1
        with pytest.raises(EngineError):
            engine.evaluate(b"")
        assert len(of_example(engine.evaluate(ZONAL))) == 1

    assert _exit_code(work) == 0


def test_a_forked_child_that_has_to_compile_does_not_wait_for_ever(shipped_rules: Bundle) -> None:
    EmbeddedEngine(shipped_rules)

    def work() -> None:
        wasm._machine_code.clear()
        assert len(of_example(EmbeddedEngine(shipped_rules).evaluate(ZONAL))) == 1

    assert _exit_code(work) == 0


def test_threads_with_an_engine_each_agree_and_keep_their_errors_apart(shipped_rules: Bundle) -> None:
    def work(number: int) -> list[Any]:
        engine = EmbeddedEngine(shipped_rules)
        outcomes: list[Any] = []
        for turn in range(50):
            if (number + turn) % 3 == 0:
                with pytest.raises(EngineError, match="illegal utf-8"):
                    engine.evaluate(b'{"spec": {"name": "\xff"}}')
            else:
                outcomes.append(engine.evaluate(ZONAL))
        return outcomes

    expected = EmbeddedEngine(shipped_rules).evaluate(ZONAL)
    with ThreadPoolExecutor(4) as pool:
        for outcomes in pool.map(work, range(8)):
            assert outcomes == [expected] * len(outcomes)


def test_an_engine_that_lives_to_the_end_leaves_without_a_word(
    shipped_rules: Bundle, warm_cache: Path
) -> None:
    """A thread outlives the modules; wasmtime's own finalizers would print tracebacks there."""
    code = """
import sys, threading
from pathlib import Path
from policies.engines.embedded import EmbeddedEngine
from policies.rule import Bundle
bundle = Bundle("", {}, sys.stdin.buffer.read())
threading.current_thread().engine = EmbeddedEngine(bundle, cache_dir=Path(sys.argv[1]))
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(warm_cache)],
        cwd=POLICIES.parent,
        input=shipped_rules.wasm,
        capture_output=True,
        check=True,
    )
    assert done.stderr == b""


def test_wasmtime_is_imported_only_to_evaluate() -> None:
    code = "import json, sys; import policies.engines.embedded; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=POLICIES.parent,
        env=dict(os.environ),
        capture_output=True,
        check=True,
    )
    assert not {"wasmtime", "jsonschema", "policies.engines.wasm"} & set(json.loads(done.stdout))
