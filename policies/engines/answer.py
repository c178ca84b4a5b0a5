"""What an engine is asked and what it may answer: findings, each proved to be one that its rule may make."""

from collections.abc import Callable, Iterable
from typing import Any, Literal, Protocol

import msgspec

from policies.rule import DOCUMENTS, Rule

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
