"""OPA's WebAssembly on wasmtime: programs, their instances, and the cache of their machine code.

The binary interface is OPA's, version 1.3: https://www.openpolicyagent.org/docs/latest/wasm/
Importing this costs as much as the rest of a command's start, so `policies.engines.embedded` does it late.
"""

import atexit
import contextlib
import hashlib
import os
import sys
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import msgspec
import wasmtime

from policies.engines.answer import FUEL, LARGEST, EngineError, Stopped
from policies.private_folder import PrivateFolder

MODULES = 8
"""Modules whose machine code a folder keeps: each is some megabytes."""

_PAGE = 1 << 16
# Addresses are signed numbers of 32 bits to wasmtime.
_ADDRESSABLE = 1 << 31
# What has to be closed while wasmtime still can: its own finalizers write tracebacks once the interpreter
# has begun to take modules apart.
_open: weakref.WeakSet[wasmtime.Engine | wasmtime.Module | wasmtime.Store] = weakref.WeakSet()
# Machine code that this process has compiled or loaded, by name. A forked child inherits it.
_machine_code: dict[str, bytes] = {}


class CompiledModule(NamedTuple):
    """A module as machine code, the wasmtime engine it was made for, and the bytes that the module takes."""

    engine: wasmtime.Engine
    module: wasmtime.Module
    length: int


@atexit.register
def _close() -> None:
    for each in list(_open):
        each.close()


def load(wasm: bytes, cache_dir: Path | None) -> CompiledModule:
    """The program of a module: from `cache_dir`, from this process, or else compiled and kept in both.

    Raises EngineError when the bytes are no WebAssembly. A cache that can't be used is not an error.
    """
    name = _name(wasm)
    folder = PrivateFolder(cache_dir, MODULES) if cache_dir else None
    stored = folder.read(name) if folder else None
    code = stored or _machine_code.get(name, b"")
    program = _deserialize(code, len(wasm))
    if program is None:
        program = compile_module(wasm)
        code = bytes(program.module.serialize())
    _machine_code[name] = code
    if folder and code != stored:
        folder.write(name, code)
    return program


def compile_module(wasm: bytes) -> CompiledModule:
    """The program of a module, compiled. Raises EngineError when the bytes are no WebAssembly."""
    engine = _engine()
    try:
        return _program(engine, wasmtime.Module(engine, wasm), len(wasm))
    except wasmtime.WasmtimeError as error:
        raise EngineError(f"the bundle's module is no WebAssembly: {_last_line(error)}") from error


class _StoppedError(Exception):
    """Ends a call from WebAssembly."""


class Instance:
    """One instance of a program in a store of its own: OPA's functions over one memory."""

    def __init__(self, program: CompiledModule, memory: int) -> None:
        self._failures = (wasmtime.Trap, wasmtime.WasmtimeError, _StoppedError)
        self._reasons: list[str] = []
        self._limit = memory
        self._store = wasmtime.Store(program.engine)
        _open.add(self._store)
        with self._explained(FUEL):
            kinds = (each.type for each in program.module.imports)
            asked = next(kind.limits.min for kind in kinds if isinstance(kind, wasmtime.MemoryType))
            # OPA 1.22 counts these pages before it adds its last texts, which may cross into one more. All
            # texts are part of the module, so that its length is room enough.
            smallest = asked + -(-program.length // _PAGE)
            limits = wasmtime.Limits(smallest, max(smallest, min(memory, _ADDRESSABLE) // _PAGE))
            self._memory = wasmtime.Memory(self._store, wasmtime.MemoryType(limits))
            linker = wasmtime.Linker(program.engine)
            linker.define(self._store, "env", "memory", self._memory)
            i32 = wasmtime.ValType.i32()
            for name, arguments, results, callback in _host(self._memory, self._reasons):
                kind = wasmtime.FuncType([i32] * arguments, [i32] * results)
                function = wasmtime.Func(self._store, kind, callback, access_caller=True)
                linker.define(self._store, "env", name, function)
            self._exports = linker.instantiate(self._store, program.module).exports(self._store)
            address = self._call("opa_malloc", 2)
            self._memory.write(self._store, b"{}", address)
            self._data = self._call("opa_json_parse", address, 2)
            self._heap = self._call("opa_heap_ptr_get")

    @property
    def size(self) -> int:
        """The bytes of memory that the instance holds."""
        return self._memory.data_len(self._store)

    def names(self, table: str) -> dict[str, int]:
        """One of the module's tables, `builtins` or `entrypoints`: numbers by name."""
        with self._explained(FUEL):
            text = self._text(self._call("opa_json_dump", self._call(table)))
        return msgspec.json.decode(text, type=dict[str, int])

    def evaluate(self, document: bytes, fuel: int, entrypoint: int) -> tuple[bytes, int]:
        """The answer to the document as JSON, and the fuel it took. Raises Stopped; the instance is of no
        use then."""
        with self._explained(fuel):
            free = self._write(document)
            # Starting on the same heap each time frees all that the evaluation before has left.
            address = self._call("opa_eval", 0, entrypoint, self._data, self._heap, len(document), free, 0)
            return self._text(address), fuel - self._store.get_fuel()

    def read(self, document: bytes, fuel: int) -> None:
        """Reads the document as an evaluation does, and no more. Raises Stopped as `evaluate` does. The
        instance is of no use afterwards."""
        with self._explained(fuel):
            self._call("opa_heap_ptr_set", self._write(document))
            self._call("opa_value_parse", self._heap, len(document))

    def _write(self, document: bytes) -> int:
        """The address behind the document, which is now on the heap."""
        free = (self._heap + len(document) + 7) & ~7
        if free >= self.size:
            # Only OPA's own allocator may grow the memory, since it keeps its end in a variable.
            self._call("opa_heap_ptr_set", self._heap)
            self._call("opa_malloc", free - self._heap)
        self._memory.write(self._store, document, self._heap)
        return free

    def _call(self, name: str, *arguments: int) -> int:
        function: Any = self._exports[name]
        return function(self._store, *arguments) or 0

    def _text(self, address: int) -> bytes:
        end = min(self._call("opa_heap_ptr_get"), address + LARGEST + 1)
        text, end_of_text, _ = bytes(self._memory.read(self._store, address, end)).partition(b"\0")
        if not end_of_text:
            raise Stopped(f"gives an answer of more than {LARGEST >> 20} MiB")
        return text

    @contextlib.contextmanager
    def _explained(self, fuel: int) -> Iterator[None]:
        self._store.set_fuel(fuel)
        try:
            yield
        except self._failures as error:
            # The exception isn't asked first: wasmtime may raise here what another thread's call has raised.
            if any("opa_malloc" in reason for reason in self._reasons):
                what = f"needs more than {self._limit >> 20} MiB of memory"
            elif self._reasons:
                what = f"stops: {self._reasons[-1]}"
            elif self._store.get_fuel() == 0:
                what = f"needs more than {fuel:,} steps"
            else:
                what = f"crashes: {_last_line(error)}"
            self._store.close()  # whoever keeps the error does not keep the memory
            raise Stopped(what) from error


def _host(memory: wasmtime.Memory, reasons: list[str]) -> Iterator[tuple[str, int, int, Callable[..., None]]]:
    """The functions that the module imports: name, numbers of arguments and results, callback.

    They must not refer to the store: wasmtime holds them as long as the store lives.
    """

    def stop(reason: str) -> NoReturn:
        reasons.append(reason)
        raise _StoppedError

    def abort(caller: wasmtime.Caller, address: int) -> None:
        text = bytes(memory.read(caller, address, address + 1000)).split(b"\0", 1)[0]
        stop(text.decode(errors="replace"))

    def builtin(_caller: wasmtime.Caller, number: int, *_: int) -> None:
        stop(f"built-in {number} is called, which WebAssembly lacks")

    def println(_caller: wasmtime.Caller, _address: int) -> None:
        """Rules print nothing: `opa build` drops their print statements."""

    yield "opa_abort", 1, 0, abort
    yield "opa_println", 1, 0, println
    for count in range(5):
        yield f"opa_builtin{count}", count + 2, 1, builtin


def _program(engine: wasmtime.Engine, module: wasmtime.Module, length: int) -> CompiledModule:
    _open.update((engine, module))
    return CompiledModule(engine, module, length)


def _engine() -> wasmtime.Engine:
    config = wasmtime.Config()
    config.consume_fuel = True
    # A forked child lacks the threads that its parent compiled with and would wait for them for ever.
    config.parallel_compilation = False
    return wasmtime.Engine(config)


def _deserialize(code: bytes, length: int) -> CompiledModule | None:
    engine = _engine()
    try:
        return _program(engine, wasmtime.Module.deserialize(engine, code), length)
    except wasmtime.WasmtimeError:  # none, or made by another version or for another processor
        return None


def _name(wasm: bytes) -> str:
    """The name of a module's machine code: a digest of the module, wasmtime's version and the platform."""
    # `importlib.metadata` knows the version too, but its import takes longer than all else here.
    versions = sorted(each.name for each in Path(wasmtime.__file__).parents[1].glob("wasmtime-*.dist-info"))
    facts = (hashlib.sha256(wasm).hexdigest(), *versions, sys.platform, os.uname().machine)
    return hashlib.sha256("\0".join(facts).encode()).hexdigest() + ".cwasm"


def _last_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else type(error).__name__
