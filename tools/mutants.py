"""Mutants of a rule: its source with one small mistake in it, of a kind that people make.

They are made at the places of OPA's own syntax tree, so a mutant is wrong in one place and as it was in all
others. Messages, METADATA, comments and imports stay as they are.
"""

import base64
import difflib
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

Json = dict[str, Any]

COMPARISONS = {
    "equal": ("==", ["!="]),
    "neq": ("!=", ["=="]),
    "lt": ("<", ["<=", ">="]),
    "lte": ("<=", ["<", ">"]),
    "gt": (">", [">=", "<="]),
    "gte": (">=", [">", "<"]),
}
"""OPA's name of a comparison: its operator, and those that it becomes (the negation, and the one that differs
at the bound)."""


class Mutant(NamedTuple):
    """The text that replaces `start` to `end` (in characters) of a source, and what that amounts to."""

    start: int
    end: int
    text: str
    what: str

    @property
    def kind(self) -> str:
        """What it amounts to, for mutants of all rules."""
        return self.what.partition(" of ")[0]

    def applied(self, source: str) -> str:
        """The source of the mutant."""
        return source[: self.start] + self.text + source[self.end :]

    def line(self, source: str) -> int:
        """The line, from 1, on which it differs first."""
        return source.count("\n", 0, self.start) + 1

    def diff(self, source: str) -> list[str]:
        """The lines that it takes away (`-…`) and brings (`+…`)."""
        lines = difflib.unified_diff(source.splitlines(), self.applied(source).splitlines(), lineterm="", n=0)
        return [line for line in lines if line[1:] and not line.startswith(("---", "+++", "@@"))]


def mutants(source: str, tree: Json) -> list[Mutant]:
    """All mutants of a source, each once, in the order of their places.

    `tree` is what `opa parse --format json --json-include locations` says of it. Some do not compile: only
    OPA can tell. Equivalent by construction, and so not made: a source that equals another's; a declaration
    (`some`, `:=`) left out, which leaves a variable without a value; a single definition left out, which
    says the same as each of its conditions turned round.
    """
    places = _Places(source)
    made = {each.applied(source): each for each in sorted(_mutants(tree["rules"], places))}
    made.pop(source, None)
    return sorted(made.values())


class _Places:
    """Where the nodes of a syntax tree stand in their source."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._lines = [0]
        for line in source.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)

    def span(self, node: Json) -> tuple[int, int]:
        """(start, end) of a node. Raises ValueError when the tree is not this source's."""
        at = node["location"]
        text = base64.b64decode(at["text"]).decode()
        start = self._lines[at["row"] - 1] + at["col"] - 1
        if not self.source.startswith(text, start):
            raise ValueError(f"{at['file']}:{at['row']}:{at['col']}: {text!r} is not what stands there")
        return start, start + len(text)

    def text(self, node: Json) -> str:
        start, end = self.span(node)
        return self.source[start:end]


def _mutants(rules: list[Json], places: _Places) -> Iterator[Mutant]:
    yield from _without_a_definition(rules, places)
    for rule in rules:
        yield from _untrue(rule, places)
        for node in _nodes(rule):
            if "index" in node and "terms" in node and not node.get("generated"):
                yield from _conditions(node, places)
            operands = node.get("terms") if "terms" in node else node.get("value")
            if isinstance(operands, list) and operands:
                yield from _comparisons(operands[0], places)
            if node.get("type") in {"array", "set", "object"}:
                yield from _without_an_element(node, places)
            elif node.get("type") in {"number", "boolean", "string"} and "location" in node:
                yield from _constants(node, places)


def _nodes(tree: Any) -> Iterator[Json]:
    if isinstance(tree, dict):
        yield tree
        tree = [value for key, value in tree.items() if key not in {"location", "annotations"}]
    if isinstance(tree, list):
        for each in tree:
            yield from _nodes(each)


def _without_a_definition(rules: list[Json], places: _Places) -> Iterator[Mutant]:
    """One of several ways in which something holds, or one of several findings, is forgotten."""
    by_name = defaultdict(list)
    for rule in rules:
        by_name[places.text(rule["head"]["ref"][0])].append(rule)
    for name, definitions in by_name.items():
        for rule in definitions if len(definitions) > 1 else []:
            start, end = places.span(rule)
            if rule.get("default"):  # its own place is only the word
                end = places.span(rule["head"])[1]
            yield Mutant(start, end, "", f"without a definition of {name}")


def _untrue(rule: Json, places: _Places) -> Iterator[Mutant]:
    """What a helper says without a word, `true`, becomes false."""
    head = rule["head"]
    if "key" not in head and head.get("value", {}).get("value") is True and "location" not in head["value"]:
        _, end = places.span(head)
        yield Mutant(end, end, " := false", "false for true")


def _conditions(expression: Json, places: _Places) -> Iterator[Mutant]:
    """A condition is forgotten, or turned round."""
    terms = expression["terms"]
    operator = _name(terms[0]) if isinstance(terms, list) else ""
    if operator == "assign" or "symbols" in terms:
        return
    start, end = places.span(expression)
    yield Mutant(start, end, "true", "without a condition")
    text = places.source[start:end]
    if text.startswith("not "):
        yield Mutant(start, end, text.removeprefix("not ").lstrip(), "without a `not`")
    elif operator not in COMPARISONS and "domain" not in terms:
        yield Mutant(start, end, f"not {text}", "with a `not`")


def _comparisons(operator: Any, places: _Places) -> Iterator[Mutant]:
    sign, others = COMPARISONS.get(_name(operator), ("", []))
    if sign and places.text(operator) == sign:
        start, end = places.span(operator)
        for other in others:
            yield Mutant(start, end, other, "another comparison")


def _name(node: Any) -> str:
    """The name of a built-in operator or function that is called."""
    if isinstance(node, dict) and node.get("type") == "ref" and node["value"][0]["type"] == "var":
        return str(node["value"][0]["value"])
    return ""


def _without_an_element(node: Json, places: _Places) -> Iterator[Mutant]:
    """An element of a literal list or set, or an entry of an object, is forgotten."""
    pairs = [each if isinstance(each, list) else [each] for each in node["value"]]
    spans = sorted((places.span(each[0])[0], places.span(each[-1])[1]) for each in pairs)
    what = "without an element"
    if len(spans) == 1:
        yield Mutant(*places.span(node), {"array": "[]", "set": "set()", "object": "{}"}[node["type"]], what)
        return
    for (start, _), (following, _) in pairwise(spans):
        yield Mutant(start, following, "", what)
    if spans:
        yield Mutant(spans[-2][1], spans[-1][1], "", what)


def _constants(node: Json, places: _Places) -> Iterator[Mutant]:
    """A number is one too many or too few, a truth is the other one, a text is misspelt."""
    start, end = places.span(node)
    if node["type"] == "number":
        for other in (node["value"] + 1, node["value"] - 1):
            yield Mutant(start, end, str(other), "another number")
    elif node["type"] == "boolean" and places.source[start:end] in {"true", "false"}:
        yield Mutant(start, end, "false" if node["value"] else "true", "the other truth")
    elif node["type"] == "string" and places.source[start] in {'"', "`"}:  # else a field's bare name
        yield Mutant(start, end, '"*"', "another text")
