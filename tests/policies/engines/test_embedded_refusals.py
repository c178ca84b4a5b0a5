"""What the engine gives no verdict on, and how it goes on afterwards."""

import gc
import subprocess
import tarfile
import weakref
from pathlib import Path

import msgspec
import pytest

from policies.engines.answer import EngineError
from policies.engines.embedded import EmbeddedEngine
from policies.rule import Bundle
from tests.policies.engines.documents import ZONAL, encoded, of_example, postgres, service


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
    assert len(of_example(engine.evaluate(ZONAL))) == 1


def test_a_document_of_many_megabytes_is_decided_and_its_memory_given_back(shipped_rules: Bundle) -> None:
    engine = EmbeddedEngine(shipped_rules)
    padding = {"padding": [postgres("zonal", f"store-{number}") for number in range(100_000)]}
    big = encoded(service(postgres("zonal")) | padding)
    assert len(big) > 5 << 20
    assert len(of_example(engine.evaluate(big))) == 1
    huge = encoded(service(postgres("zonal")) | {"padding": "x" * (40 << 20)})
    assert len(of_example(engine.evaluate(huge))) == 1
    assert _held(engine) == 0
    assert len(of_example(engine.evaluate(ZONAL))) == 1
    assert 0 < _held(engine) < 4 << 20


def _held(engine: EmbeddedEngine) -> int:
    return engine._instance.size if engine._instance else 0


def test_an_instance_that_failed_is_freed(shipped_rules: Bundle) -> None:
    engine = EmbeddedEngine(shipped_rules)
    failed = weakref.ref(engine._instance)
    with pytest.raises(EngineError):
        engine.evaluate(b'{"spec": {"name": "\xff"}}')
    gc.collect()
    assert failed() is None


def test_two_threads_at_once_in_one_engine_are_refused(engine: EmbeddedEngine) -> None:
    with engine._busy, pytest.raises(EngineError, match="two threads at once; make one for each"):
        engine.evaluate(ZONAL)
    assert len(of_example(engine.evaluate(ZONAL))) == 1


def test_what_is_no_webassembly_is_an_error(shipped_rules: Bundle) -> None:
    with pytest.raises(EngineError, match="no WebAssembly"):
        EmbeddedEngine(msgspec.structs.replace(shipped_rules, wasm=b"\0asm nonsense"))


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


def test_a_bundle_that_does_not_answer_for_each_rule_is_refused(shipped_rules: Bundle) -> None:
    any_other = next(iter(shipped_rules.rules.values()))
    more = shipped_rules.rules | {"cost/a": msgspec.structs.replace(any_other, id="cost/a")}
    with pytest.raises(EngineError, match="the bundle doesn't answer rules/cost/a/deny"):
        EmbeddedEngine(msgspec.structs.replace(shipped_rules, rules=more))
