"""The embedded policy engine: the rules as OPA compiled them, run in process."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from policies.engines.answer import (
    ENTRYPOINT,
    FUEL,
    MEMORY,
    EngineError,
    RawFinding,
    Stopped,
    blamed,
    checked,
    entrypoint_of,
)
from policies.rule import Bundle

if TYPE_CHECKING:
    from policies.engines.wasm import Instance

# An instance that one big document has made bigger than this is replaced: its memory never shrinks.
_KEPT = 64 << 20


class _Answer(msgspec.Struct):
    result: list[RawFinding]


_answers = msgspec.json.Decoder(list[_Answer])


class EmbeddedEngine:
    """Decides on documents with a bundle's rules.

    Making one compiles the module (most of a second for some fifty rules, once per process) unless
    `cache_dir` has its machine code (milliseconds). An object belongs to one thread at a time: make one per
    thread. A forked child may go on with its parent's, or make its own.

    `cache_dir` keeps machine code between processes. It and what lacks above it are made with mode 0700. One
    that isn't ours alone is left alone: whoever can write there could run code here. None keeps nothing.
    `fuel` bounds the steps of one evaluation, `memory` its bytes.
    """

    def __init__(
        self, bundle: Bundle, *, cache_dir: Path | None = None, fuel: int = FUEL, memory: int = MEMORY
    ) -> None:
        from policies.engines import wasm

        self.spent = 0
        """The fuel that the last answer took: its cost, the same on every machine for a new engine."""
        self._rules = bundle.rules
        self._fuel = fuel
        program = wasm.load(bundle.wasm, cache_dir)
        self._start: Callable[[], Instance] = lambda: wasm.Instance(program, memory)
        self._instance: Instance | None = self._start()
        self._busy = threading.Lock()
        if missing := sorted(self._instance.names("builtins")):
            raise EngineError(f"the rules call built-ins that WebAssembly lacks: {', '.join(missing)}")
        self._entrypoints = self._instance.names("entrypoints")
        for asked in (ENTRYPOINT, *map(entrypoint_of, self._rules)):
            if asked not in self._entrypoints:
                raise EngineError(f"the bundle doesn't answer {asked}")

    def evaluate(self, document: bytes) -> list[RawFinding]:
        """All findings on one rule input (JSON with `spec` and perhaps `plan`), ordered.

        Raises EngineError when there is no answer to trust: a document of another shape, or a rule that needs
        too much fuel or memory, contradicts itself or finds what it may not. It names the rule. The next
        evaluation then starts on a fresh instance.
        """
        if not self._busy.acquire(blocking=False):
            raise EngineError("one engine was used by two threads at once; make one for each")
        try:
            try:
                found, self.spent = self._ask(ENTRYPOINT, document)
            except Stopped as stopped:
                what = stopped.what
            else:
                return found
            raise self._blamed(what, document)  # out of the handler, which holds all that has failed
        finally:
            self._busy.release()

    def steps(self, document: bytes, rule: str) -> int:
        """The fuel that a document takes where only one rule, by its id, is asked; most of it for reading the
        document. Raises Stopped, and EngineError."""
        return self._ask(entrypoint_of(rule), document)[1]

    def _ask(self, question: str, document: bytes) -> tuple[list[RawFinding], int]:
        """What is found, and the fuel it took. Raises Stopped, and EngineError."""
        instance = self._instance or self._start()
        self._instance = None  # an instance that fails is not used again
        answer, spent = instance.evaluate(document, self._fuel, self._entrypoints[question])
        if instance.size <= _KEPT:
            self._instance = instance
        try:
            results = _answers.decode(answer)
        except msgspec.MsgspecError as error:
            raise Stopped(f"makes a finding without `result.fail`: {error}") from error
        if not results:
            raise EngineError("the rules can't read this document: `spec`, or the resources of its `plan`")
        return checked(results[0].result, self._rules), spent

    def _blamed(self, what: str, document: bytes) -> EngineError:
        try:
            self._start().read(document, self._fuel)
        except Stopped as stopped:
            return EngineError(f"reading a document of {len(document):,} bytes {stopped.what}")
        return blamed(what, self._rules, lambda rule: self.steps(document, rule))


class EngineAside:
    """An `EmbeddedEngine` that a thread makes while its owner does something else: compiling rules for the
    first time takes another core the better part of a second.

    `evaluate` waits for it, and raises the EngineError that making it ends in."""

    def __init__(self, bundle: Bundle, *, cache_dir: Path | None) -> None:
        from concurrent.futures import ThreadPoolExecutor  # late: its import is slow, and few come here

        maker = ThreadPoolExecutor(1)
        self._made = maker.submit(EmbeddedEngine, bundle, cache_dir=cache_dir)
        maker.shutdown(wait=False)

    def evaluate(self, document: bytes) -> list[RawFinding]:
        """See `EmbeddedEngine.evaluate`."""
        return self._made.result().evaluate(document)


def foreign_builtins(wasm: bytes) -> frozenset[str]:
    """The built-ins, by their Rego names, that a module compiled by OPA expects from its host."""
    from policies.engines import wasm as host

    return frozenset(host.Instance(host.compile_module(wasm), MEMORY).names("builtins"))
