"""The embedded policy engine: the rules as OPA compiled them, run in process."""

import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

import msgspec

from policies.rule import DOCUMENTS, Bundle, Rule

if TYPE_CHECKING:
    from policies.wasm import Instance

FUEL = 5_000_000_000
"""Steps, WebAssembly's instructions, of one evaluation: seconds. The shipped services take a hundredth."""

MEMORY = 256 << 20
"""Bytes of memory for one evaluation. The shipped services take a hundredth."""

LARGEST = 16 << 20
"""Bytes of an answer. The findings on the worst of services are a hundredth of it."""

ENTRYPOINT = "main/findings"
"""The question that every rule has a part in."""

_BLAMED = 3
"""Rules named when an evaluation is stopped; after so many, the others are not tried."""

# An instance that one big document has made bigger than this is replaced: its memory never shrinks.
_KEPT = 64 << 20


class EngineError(Exception):
    """The rules gave no answer that can be trusted. One line; there is no verdict, and no pass."""


class Stopped(EngineError):
    """An evaluation that was stopped, or broke off. `what` says why, as a clause that lacks its subject:
    `needs more than 256 MiB of memory`."""

    def __init__(self, what: str) -> None:
        super().__init__(what)  # and no more: an exception comes out of another process by its arguments
        self.what = what

    def __str__(self) -> str:
        return f"an evaluation {self.what}"


class RawFinding(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A finding as a rule returns it.

    `path` leads to the value judged and starts with its document: "service", "environment" or "plan" (then
    the resource's URN). `params` are strings, numbers and booleans; only `expected` may be any value.
    """

    rule: str
    path: tuple[str | int, ...]
    params: dict[str, Any]
    status: Literal["failed", "undecided"]


class Engine(Protocol):
    """Decides on documents with one bundle's rules. An object belongs to one thread at a time."""

    def evaluate(self, document: bytes) -> list[RawFinding]:
        """All findings on one rule input (JSON with `spec` and perhaps `plan`), as `checked` gives them.

        Raises EngineError when there is no answer to trust."""
        ...


def entrypoint_of(rule: str) -> str:
    """The question that only one rule answers: `rules/cost/budget_is_set/deny` of `cost/budget-is-set`."""
    return f"rules/{rule.replace('-', '_')}/deny"


def blamed(what: str, rules: Iterable[str], ask: Callable[[str], float]) -> EngineError:
    """The error that names the rules to blame for an evaluation that was stopped for the reason `what`.

    `ask` has a rule judge the same document alone; it gives what that took, in any unit, or raises
    Stopped."""
    cost: dict[str, float] = {}
    guilty: list[str] = []
    for rule in rules:
        try:
            cost[rule] = ask(rule)
        except Stopped as alone:
            guilty.append(f"rule {rule} {alone.what}")
            if len(guilty) == _BLAMED:
                break
    if guilty:
        return EngineError("; ".join(guilty))
    if not cost:
        return Stopped(what)
    most = max(cost, key=lambda rule: cost[rule])
    return EngineError(f"judging by all rules together {what}, by each of them alone not; {most} takes most")


class _Answer(msgspec.Struct):
    result: list[RawFinding]


_answers = msgspec.json.Decoder(list[_Answer])


def checked(findings: Iterable[RawFinding], rules: dict[str, Rule]) -> list[RawFinding]:
    """The findings in the order of rule, path as text and params, each proved to be one its rule may make.

    Raises EngineError for a rule that the bundle doesn't hold, a path outside the rule's stages and
    parameters that aren't flat.
    """
    found = sorted(findings, key=_order)
    for finding in found:
        rule = rules.get(finding.rule)
        if rule is None:
            raise EngineError(f"a finding names the rule {finding.rule}, which the bundle doesn't hold")
        if not any(finding.path[:1] == (document,) for s in rule.stages for document in DOCUMENTS[s]):
            stages = " and ".join(rule.stages)
            raise EngineError(f"{rule.id} is a rule on the {stages}; it judged {_text(finding)!r}")
        for name, value in finding.params.items():
            if name != "expected" and not isinstance(value, str | int | float):
                raise EngineError(f"{rule.id} gives {name} as a {type(value).__name__}, not as flat text")
    return found


def _order(finding: RawFinding) -> tuple[str, str, bytes, str]:
    params = msgspec.json.encode(finding.params, order="deterministic")
    return finding.rule, _text(finding), params, finding.status


def _text(finding: RawFinding) -> str:
    return "/".join(map(str, finding.path))


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
        from policies import wasm  # late, for those who evaluate: it costs as much as a command's start

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
        return blamed(what, self._rules, lambda rule: self._ask(entrypoint_of(rule), document)[1])


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
    from policies import wasm as host

    return frozenset(host.Instance(host.compile_module(wasm), MEMORY).names("builtins"))
