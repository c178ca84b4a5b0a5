import gc
import json
import multiprocessing
import os
import shutil
import stat
import subprocess
import sys
import tarfile
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.engines import wasm
from policies.engines.answer import EngineError, RawFinding, checked
from policies.engines.embedded import EmbeddedEngine, EngineAside
from policies.private_folder import PrivateFolder, code_directory
from policies.rule import Bundle, Rule, load_bundle
from tests.policies.scratch import EXAMPLE, bundle_of, policies, text_of

POLICIES = Path(__file__).parents[2] / "policies"
DATABASE = "gcp:sql/databaseInstance:DatabaseInstance"

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

Build = Callable[[int], tuple[Path, Bundle]]


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """The committed bundle as an image has it: without sources beside it."""
    image = tmp_path_factory.mktemp("image") / "bundle"
    shutil.copytree(POLICIES / "bundle", image)
    return load_bundle(image)


@pytest.fixture(scope="session")
def engine(shipped: Bundle) -> EmbeddedEngine:
    return EmbeddedEngine(shipped)


@pytest.fixture(scope="session")
def start_engine(shipped: Bundle) -> Callable[[], EmbeddedEngine]:
    return lambda: EmbeddedEngine(shipped)


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


def _service(*stores: dict[str, Any]) -> dict[str, Any]:
    return {"service": {"spec": {"stores": list(stores)}}}


def _postgres(availability: str, name: str = "orders") -> dict[str, Any]:
    return {"name": name, "kind": "postgres", "availability": availability}


def _encoded(spec: dict[str, Any], *resources: dict[str, Any]) -> bytes:
    plan = {"plan": {"stack": "service.shop.production", "resources": resources}} if resources else {}
    return msgspec.json.encode({"spec": spec} | plan)


def _resource(urn: str, inputs: Any, kind: str = DATABASE) -> dict[str, Any]:
    return {"urn": urn, "type": kind, "name": urn, "inputs": inputs}


def _of_example(findings: list[RawFinding]) -> list[RawFinding]:
    return [finding for finding in findings if finding.rule == EXAMPLE]


ZONAL = _encoded(_service(_postgres("zonal")))


# --- verdicts


def test_a_zonal_database_fails_and_the_finding_is_whole(engine: EmbeddedEngine) -> None:
    assert _of_example(
        engine.evaluate(_encoded(_service(_postgres("regional", "users"), _postgres("zonal"))))
    ) == [
        RawFinding(
            rule="reliability/database-is-regional",
            path=("service", "spec", "stores", 1, "availability"),
            params={"store": "orders", "expected": "regional"},
            status="failed",
        )
    ]


def test_a_regional_database_passes(engine: EmbeddedEngine) -> None:
    assert _of_example(engine.evaluate(_encoded(_service(_postgres("regional"))))) == []


def test_findings_come_in_the_order_of_rule_and_path(engine: EmbeddedEngine) -> None:
    stores = [_postgres("zonal", f"store-{number}") for number in range(12)]
    stores = stores[5:] + stores[:5]
    found = engine.evaluate(_encoded(_service(*stores)))
    keys = [(finding.rule, "/".join(map(str, finding.path))) for finding in found]
    assert keys == sorted(keys)
    assert len(_of_example(found)) == 12


def test_text_of_any_script_comes_back_as_it_went_in(engine: EmbeddedEngine) -> None:
    name = 'Zürich "本番" \\ \u0000 \U0001f600 {store}'
    [finding] = _of_example(engine.evaluate(_encoded(_service(_postgres("zonal", name)))))
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
        _encoded(_service(), _resource("urn:db", inputs), _resource("urn:net", {}, "network"))
    )
    path = ("plan", "urn:db", "inputs", "settings", "availabilityType")
    params = {"store": "urn:db", "expected": "REGIONAL"}
    assert found == [RawFinding("reliability/planned-0", path, params, status)]  # type: ignore[arg-type]


@pytest.mark.opa
def test_a_planned_value_that_is_good_passes(with_plan_rules: Build) -> None:
    good = _resource("urn:db", {"settings": {"availabilityType": "REGIONAL"}})
    assert EmbeddedEngine(with_plan_rules(1)[1]).evaluate(_encoded(_service(), good)) == []


@pytest.mark.opa
def test_without_a_plan_a_plan_rule_costs_the_same_for_every_document(with_plan_rules: Build) -> None:
    """Instructions are counted, so this is exact. What remains is the rule's entry: its metadata."""
    few, many = (EmbeddedEngine(with_plan_rules(number)[1]) for number in (1, 21))
    extra = []
    for padding in (0, 20_000):
        document = _encoded(_service() | {"padding": "x" * padding})
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
        engine.evaluate(_encoded(_service(), *(_resource(f"urn:{each}", {}) for each in range(number))))
        spent.append(engine.spent)
    assert spent[1] / spent[0] < 3  # 4 if each finding read the whole plan


# --- the same verdict as OPA's own

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
    st.builds(_resource, st.text(max_size=8), _inputs, st.sampled_from([DATABASE, "network"])),
    max_size=6,
    unique_by=lambda resource: resource["urn"],
)
_documents = st.lists(
    st.builds(lambda s, p: _encoded(_service(*s), *p), _stores, _plans), min_size=1, max_size=25
)


@pytest.mark.opa
@settings(max_examples=25, deadline=None)
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


@settings(max_examples=50, deadline=None)
@given(documents=_documents)
def test_an_evaluation_leaves_nothing_behind_for_the_next(
    start_engine: Callable[[], EmbeddedEngine], engine: EmbeddedEngine, documents: list[bytes]
) -> None:
    used = [engine.evaluate(document) for document in documents]
    assert used == [start_engine().evaluate(document) for document in documents]


# --- no verdict


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"spec": null}',
        b'{"spec": []}',
        ZONAL[:-1],
        ZONAL[:-20],
        b'{"spec": {}, "plan": null}',
        b'{"spec": {}, "plan": {}}',
        b'{"spec": {}, "plan": {"resources": {}}}',
        b'{"spec": {}, "plan": {"resources": [{"type": "t"}]}}',
        b'{"spec": {"name": "\xff"}}',
        b'{"spec": ' + b'{"a":' * 100_000 + b"1" + b"}" * 100_001,
    ],
)
def test_a_document_that_cannot_be_read_is_an_error_and_no_pass(
    engine: EmbeddedEngine, document: bytes
) -> None:
    with pytest.raises(EngineError):
        engine.evaluate(document)
    assert len(_of_example(engine.evaluate(ZONAL))) == 1


def test_a_document_of_many_megabytes_is_decided_and_its_memory_given_back(shipped: Bundle) -> None:
    engine = EmbeddedEngine(shipped)
    padding = {"padding": [_postgres("zonal", f"store-{number}") for number in range(100_000)]}
    big = _encoded(_service(_postgres("zonal")) | padding)
    assert len(big) > 5 << 20
    assert len(_of_example(engine.evaluate(big))) == 1
    huge = _encoded(_service(_postgres("zonal")) | {"padding": "x" * (40 << 20)})
    assert len(_of_example(engine.evaluate(huge))) == 1
    assert _held(engine) == 0
    assert len(_of_example(engine.evaluate(ZONAL))) == 1
    assert 0 < _held(engine) < 4 << 20


def _held(engine: EmbeddedEngine) -> int:
    return engine._instance.size if engine._instance else 0


def test_an_instance_that_failed_is_freed(shipped: Bundle) -> None:
    engine = EmbeddedEngine(shipped)
    failed = weakref.ref(engine._instance)
    with pytest.raises(EngineError):
        engine.evaluate(b'{"spec": {"name": "\xff"}}')
    gc.collect()
    assert failed() is None


def test_two_threads_at_once_in_one_engine_are_refused(engine: EmbeddedEngine) -> None:
    with engine._busy, pytest.raises(EngineError, match="two threads at once; make one for each"):
        engine.evaluate(ZONAL)
    assert len(_of_example(engine.evaluate(ZONAL))) == 1


def test_what_is_no_webassembly_is_an_error(shipped: Bundle) -> None:
    with pytest.raises(EngineError, match="no WebAssembly"):
        EmbeddedEngine(msgspec.structs.replace(shipped, wasm=b"\0asm nonsense"))


def _compiled(opa: Path, folder: Path, entrypoint: str, text: str) -> bytes:
    """A module that OPA compiles without the project's checks."""
    (folder / "odd.rego").write_text(text)
    options = ["--target=wasm", "--entrypoint", entrypoint, "--output", "odd.tar.gz", "odd.rego"]
    subprocess.run([opa, "build", *options], cwd=folder, check=True)
    with tarfile.open(folder / "odd.tar.gz") as opened:
        member = opened.extractfile("/policy.wasm")
        assert member
        return member.read()


@pytest.mark.opa
@pytest.mark.parametrize(
    ("entrypoint", "rule", "what"),
    [
        ("main/findings", 'findings := [sprintf("%d", [1])]', "built-ins that WebAssembly lacks: sprintf"),
        ("main/other", "other := []", "the bundle doesn't answer main/findings"),
        ("main/findings", 'findings := ["text"]', "without `result.fail`: Expected `object`, got `str`"),
        ("main/findings", "findings := true", "without `result.fail`"),
        (
            "main/findings",
            'findings := [{"rule": "x", "path": [], "params": {}, "status": "passed"}]',
            "'passed'",
        ),
        ("main/findings", "findings := input.spec.a\nfindings := input.spec.b", "assignment conflict"),
    ],
)
def test_a_module_that_misbehaves_is_an_error(
    opa: Path, tmp_path: Path, entrypoint: str, rule: str, what: str
) -> None:
    odd = Bundle("", {}, _compiled(opa, tmp_path, entrypoint, f"package main\n\n{rule}\n"))
    with pytest.raises(EngineError, match=what):
        EmbeddedEngine(odd).evaluate(b'{"spec": {"a": [], "b": [1]}}')


def test_a_bundle_that_does_not_answer_for_each_rule_is_refused(shipped: Bundle) -> None:
    more = shipped.rules | {"cost/a": _rule("spec")["cost/a"]}
    with pytest.raises(EngineError, match="the bundle doesn't answer rules/cost/a/deny"):
        EmbeddedEngine(msgspec.structs.replace(shipped, rules=more))


def _rule(*stages: Any) -> dict[str, Rule]:
    return {"cost/a": Rule("cost/a", "cost", "", "", 1, "error", stages, "", "", ())}


@pytest.mark.parametrize(
    ("finding", "stages", "what"),
    [
        (RawFinding("cost/b", ("service",), {}, "failed"), ["spec"], "cost/b, which the bundle doesn't hold"),
        (
            RawFinding("cost/a", ("plan", "urn"), {}, "failed"),
            ["spec"],
            "a rule on the spec; it judged 'plan/urn'",
        ),
        (
            RawFinding("cost/a", ("service",), {}, "failed"),
            ["plan"],
            "a rule on the plan; it judged 'service'",
        ),
        (
            RawFinding("cost/a", (), {}, "failed"),
            ["spec", "plan"],
            "a rule on the spec and plan; it judged ''",
        ),
        (RawFinding("cost/a", ("service",), {"x": None}, "failed"), ["spec"], "gives x as a NoneType"),
        (RawFinding("cost/a", ("service",), {"x": [1]}, "failed"), ["spec"], "gives x as a list"),
    ],
)
def test_a_finding_that_its_rule_may_not_make_is_an_error(
    finding: RawFinding, stages: list[str], what: str
) -> None:
    with pytest.raises(EngineError, match=what):
        checked([finding], _rule(*stages))


def test_what_would_pass_may_be_any_value() -> None:
    finding = RawFinding("cost/a", ("environment",), {"expected": ["a", None], "n": 1.5, "b": True}, "failed")
    assert checked([finding], _rule("spec")) == [finding]


# --- machine code


@pytest.fixture
def cold(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a new process: no machine code in memory."""
    monkeypatch.setattr(wasm, "_machine_code", {})


def _fail(_: bytes) -> wasm.CompiledModule:
    raise AssertionError("compiled again")


@pytest.fixture(scope="session")
def warm_cache(shipped: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("warm") / "deep" / "cache"
    EmbeddedEngine(shipped, cache_dir=folder)
    return folder


@pytest.fixture
def cache(warm_cache: Path, tmp_path: Path) -> Path:
    """A cache that another process has filled."""
    return Path(shutil.copytree(warm_cache, tmp_path / "cache"))


def _code(cache: Path) -> Path:
    [file] = cache.iterdir()
    return file


@pytest.mark.usefixtures("cold")
def test_machine_code_is_kept_for_the_next_process(
    shipped: Bundle, warm_cache: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = (cache, warm_cache, warm_cache.parent)
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in made] == [0o700] * 3
    assert stat.S_IMODE(_code(cache).stat().st_mode) == 0o600
    monkeypatch.setattr(wasm, "compile_module", _fail)
    assert len(_of_example(EmbeddedEngine(shipped, cache_dir=cache).evaluate(ZONAL))) == 1


@pytest.mark.usefixtures("cold")
def test_an_engine_made_aside_answers_as_any_other(shipped: Bundle, tmp_path: Path) -> None:
    made = EngineAside(shipped, cache_dir=tmp_path / "cache")
    assert made.evaluate(ZONAL) == EmbeddedEngine(shipped).evaluate(ZONAL)
    assert made.evaluate(ZONAL) == made.evaluate(ZONAL)
    assert _code(tmp_path / "cache").suffix == ".cwasm"


def test_an_engine_that_can_not_be_made_aside_gives_no_answer(shipped: Bundle) -> None:
    made = EngineAside(msgspec.structs.replace(shipped, wasm=b"\0asm nonsense"), cache_dir=None)
    for _ in range(2):
        with pytest.raises(EngineError, match="no WebAssembly"):
            made.evaluate(ZONAL)


def test_no_variable_leads_the_gate_to_another_folder_of_machine_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOME", "XDG_CACHE_HOME", "PYTHONPYCACHEPREFIX", "TMPDIR"):
        monkeypatch.setenv(name, str(tmp_path))
    assert code_directory().is_relative_to(POLICIES)


@pytest.mark.usefixtures("cold")
def test_machine_code_of_another_module_is_not_taken(shipped: Bundle, cache: Path) -> None:
    other = msgspec.structs.replace(shipped, wasm=shipped.wasm + b"\0\4\3abc")  # a custom section more
    EmbeddedEngine(other, cache_dir=cache)
    assert len(list(cache.iterdir())) == 2
    first, second = cache.iterdir()
    shutil.copy(first, second)  # whole, but of the other module
    folder = PrivateFolder(cache, wasm.MODULES)
    assert folder.read(first.name)
    assert folder.read(second.name) is None


def _truncated(code: bytes) -> bytes:
    return code[: len(code) // 2]


def _emptied(_: bytes) -> bytes:
    return b""


def _flipped(code: bytes) -> bytes:
    middle = len(code) // 2
    return code[:middle] + bytes([code[middle] ^ 1]) + code[middle + 1 :]


def _replaced(_: bytes) -> bytes:
    return b"\x7fELF" + b"of something else" * 100


@pytest.mark.usefixtures("cold")
@pytest.mark.parametrize("poison", [_truncated, _emptied, _flipped, _replaced])
def test_poisoned_machine_code_is_compiled_again_and_mended(
    shipped: Bundle, cache: Path, poison: Callable[[bytes], bytes]
) -> None:
    file = _code(cache)
    good = file.read_bytes()
    file.write_bytes(poison(good))
    assert len(_of_example(EmbeddedEngine(shipped, cache_dir=cache).evaluate(ZONAL))) == 1
    assert _code(cache).read_bytes() == good


@pytest.mark.usefixtures("cold")
def test_machine_code_that_wasmtime_refuses_is_compiled_again(shipped: Bundle, cache: Path) -> None:
    foreign = b"machine code of another version"
    PrivateFolder(cache, wasm.MODULES).write(_code(cache).name, foreign)
    assert len(_of_example(EmbeddedEngine(shipped, cache_dir=cache).evaluate(ZONAL))) == 1
    assert PrivateFolder(cache, wasm.MODULES).read(_code(cache).name) not in {None, foreign}


@pytest.mark.usefixtures("cold")
def test_a_cache_that_others_may_enter_is_neither_read_nor_written(
    shipped: Bundle, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared, link = tmp_path / "shared", tmp_path / "link"
    shutil.copytree(cache, shared)
    shared.chmod(0o755)
    link.symlink_to(cache)
    compiled: list[bytes] = []
    compile_module = wasm.compile_module

    def count(module: bytes) -> wasm.CompiledModule:
        compiled.append(module)
        return compile_module(module)

    monkeypatch.setattr(wasm, "compile_module", count)
    before = _code(shared).stat().st_mtime_ns
    for folder in (shared, link):
        monkeypatch.setattr(wasm, "_machine_code", {})
        EmbeddedEngine(shipped, cache_dir=folder)
    assert compiled == [shipped.wasm, shipped.wasm]
    assert _code(shared).stat().st_mtime_ns == before


@pytest.mark.usefixtures("cold")
def test_a_cache_that_cannot_be_made_does_not_matter(shipped: Bundle, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    engine = EmbeddedEngine(shipped, cache_dir=tmp_path / "file" / "cache")
    assert len(_of_example(engine.evaluate(ZONAL))) == 1


@pytest.mark.usefixtures("cold")
def test_a_cache_keeps_only_the_newest_modules(tmp_path: Path) -> None:
    for number in range(12):
        wasm.load(b"\0asm\1\0\0\0\0\2\1" + bytes([97 + number]), tmp_path / "cache")
    assert len(list((tmp_path / "cache").iterdir())) == 8


# --- processes and threads


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
    shipped: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    EmbeddedEngine(shipped)
    monkeypatch.setattr(wasm, "compile_module", _fail)

    def work() -> None:
        assert len(_of_example(EmbeddedEngine(shipped).evaluate(ZONAL))) == 1

    assert _exit_code(work) == 0


def test_a_forked_child_goes_on_with_its_parents_engine(engine: EmbeddedEngine) -> None:
    engine.evaluate(ZONAL)

    def work() -> None:
        assert len(_of_example(engine.evaluate(ZONAL))) == 1
        with pytest.raises(EngineError):
            engine.evaluate(b"")
        assert len(_of_example(engine.evaluate(ZONAL))) == 1

    assert _exit_code(work) == 0


def test_a_forked_child_that_has_to_compile_does_not_wait_for_ever(shipped: Bundle) -> None:
    EmbeddedEngine(shipped)

    def work() -> None:
        wasm._machine_code.clear()
        assert len(_of_example(EmbeddedEngine(shipped).evaluate(ZONAL))) == 1

    assert _exit_code(work) == 0


def test_threads_with_an_engine_each_agree_and_keep_their_errors_apart(shipped: Bundle) -> None:
    def work(number: int) -> list[Any]:
        engine = EmbeddedEngine(shipped)
        outcomes: list[Any] = []
        for turn in range(50):
            if (number + turn) % 3 == 0:
                with pytest.raises(EngineError, match="illegal utf-8"):
                    engine.evaluate(b'{"spec": {"name": "\xff"}}')
            else:
                outcomes.append(engine.evaluate(ZONAL))
        return outcomes

    expected = EmbeddedEngine(shipped).evaluate(ZONAL)
    with ThreadPoolExecutor(4) as pool:
        for outcomes in pool.map(work, range(8)):
            assert outcomes == [expected] * len(outcomes)


def test_an_engine_that_lives_to_the_end_leaves_without_a_word(shipped: Bundle, warm_cache: Path) -> None:
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
        input=shipped.wasm,
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
