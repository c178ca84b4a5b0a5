"""The cache of machine code: what it spares, and whom it doesn't believe."""

import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
import wasmtime

from policies.engines import wasm
from policies.engines.answer import EngineError
from policies.engines.embedded import EmbeddedEngine, EngineAside
from policies.private_folder import PrivateFolder, code_directory
from policies.rule import Bundle
from tests.policies.engines.documents import ZONAL, compiles_nothing, of_example
from tests.policies.opa_servers import POLICIES


@pytest.fixture
def cold(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a new process: no machine code in memory."""
    monkeypatch.setattr(wasm, "_machine_code", {})


@pytest.fixture
def cache(warm_cache: Path, tmp_path: Path) -> Path:
    """A cache that another process has filled."""
    return Path(shutil.copytree(warm_cache, tmp_path / "cache"))


def _code(cache: Path) -> Path:
    [file] = cache.iterdir()
    return file


@pytest.fixture
def compiled(shipped_rules: Bundle, warm_cache: Path, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The modules that are compiled from now on. Out comes what the warm cache has: compiling takes a
    hundred times longer."""
    modules: list[bytes] = []
    code = PrivateFolder(warm_cache, wasm.MODULES).read(_code(warm_cache).name)
    assert code is not None

    def take(module: bytes) -> wasm.CompiledModule:
        assert module.startswith(shipped_rules.wasm)
        modules.append(module)
        program = wasm._deserialize(code, len(module))
        assert program is not None
        return program

    monkeypatch.setattr(wasm, "compile_module", take)
    return modules


@pytest.mark.usefixtures("cold")
def test_machine_code_is_kept_for_the_next_process(
    shipped_rules: Bundle, warm_cache: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = (cache, warm_cache, warm_cache.parent)
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in made] == [0o700] * 3
    assert stat.S_IMODE(_code(cache).stat().st_mode) == 0o600
    monkeypatch.setattr(wasm, "compile_module", compiles_nothing)
    assert len(of_example(EmbeddedEngine(shipped_rules, cache_dir=cache).evaluate(ZONAL))) == 1


@pytest.mark.usefixtures("cold")
def test_an_engine_made_aside_answers_as_any_other(shipped_rules: Bundle, tmp_path: Path) -> None:
    made = EngineAside(shipped_rules, cache_dir=tmp_path / "cache")
    assert made.evaluate(ZONAL) == EmbeddedEngine(shipped_rules).evaluate(ZONAL)
    assert made.evaluate(ZONAL) == made.evaluate(ZONAL)
    assert _code(tmp_path / "cache").suffix == ".cwasm"


def test_an_engine_that_can_not_be_made_aside_gives_no_answer(shipped_rules: Bundle) -> None:
    made = EngineAside(msgspec.structs.replace(shipped_rules, wasm=b"\0asm nonsense"), cache_dir=None)
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
def test_machine_code_of_another_module_is_not_taken(
    shipped_rules: Bundle, cache: Path, compiled: list[bytes]
) -> None:
    other = msgspec.structs.replace(shipped_rules, wasm=shipped_rules.wasm + b"\0\4\3abc")
    EmbeddedEngine(other, cache_dir=cache)
    assert compiled == [other.wasm]
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
    shipped_rules: Bundle, cache: Path, compiled: list[bytes], poison: Callable[[bytes], bytes]
) -> None:
    file = _code(cache)
    good = file.read_bytes()
    file.write_bytes(poison(good))
    assert len(of_example(EmbeddedEngine(shipped_rules, cache_dir=cache).evaluate(ZONAL))) == 1
    assert compiled == [shipped_rules.wasm]
    assert _code(cache).read_bytes() == good


@pytest.mark.usefixtures("cold")
def test_machine_code_that_wasmtime_refuses_is_compiled_again(
    shipped_rules: Bundle, cache: Path, compiled: list[bytes]
) -> None:
    foreign = b"machine code of another version"
    PrivateFolder(cache, wasm.MODULES).write(_code(cache).name, foreign)
    assert len(of_example(EmbeddedEngine(shipped_rules, cache_dir=cache).evaluate(ZONAL))) == 1
    assert compiled == [shipped_rules.wasm]
    assert PrivateFolder(cache, wasm.MODULES).read(_code(cache).name) not in {None, foreign}


@pytest.mark.usefixtures("cold")
def test_a_cache_that_others_may_enter_is_neither_read_nor_written(
    shipped_rules: Bundle,
    cache: Path,
    compiled: list[bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shared, link = tmp_path / "shared", tmp_path / "link"
    shutil.copytree(cache, shared)
    shared.chmod(0o755)
    link.symlink_to(cache)
    before = _code(shared).stat().st_mtime_ns
    for folder in (shared, link):
        monkeypatch.setattr(wasm, "_machine_code", {})
        EmbeddedEngine(shipped_rules, cache_dir=folder)
    assert compiled == [shipped_rules.wasm, shipped_rules.wasm]
    assert _code(shared).stat().st_mtime_ns == before


@pytest.mark.usefixtures("cold")
def test_a_cache_that_cannot_be_made_does_not_matter(shipped_rules: Bundle, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    engine = EmbeddedEngine(shipped_rules, cache_dir=tmp_path / "file" / "cache")
    assert len(of_example(engine.evaluate(ZONAL))) == 1


@pytest.mark.usefixtures("cold")
def test_a_cache_keeps_only_the_newest_modules(tmp_path: Path) -> None:
    for number in range(12):
        wasm.load(b"\0asm\1\0\0\0\0\2\1" + bytes([97 + number]), tmp_path / "cache")
    assert len(list((tmp_path / "cache").iterdir())) == 8


def test_memory_holds_all_texts_of_the_rules_although_opa_asks_for_less(shipped_rules: Bundle) -> None:
    """OPA 1.22 counts the pages before it adds the last texts: once they cross a page, nothing starts."""
    program = wasm.load(shipped_rules.wasm, None)
    types = [each.type for each in program.module.imports]
    [asked] = [each.limits.min for each in types if isinstance(each, wasmtime.MemoryType)]
    assert wasm.Instance(program, 0).size >= asked * 65536 + len(shipped_rules.wasm)
