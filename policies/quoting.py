"""Quotes files that no rule has judged, or could, without the secrets that they hold."""

import functools
import re
from collections.abc import Iterable
from pathlib import Path

import msgspec

from catalog.document import quotable_lines
from catalog.problem import Problem
from catalog.yaml.parsed import Parsed, Pointer, Unusable
from catalog.yaml.text import parse, read
from policies.engines.answer import Engine, EngineError
from policies.engines.embedded import EmbeddedEngine
from policies.in_force import NoRules, rules_in_force
from policies.redaction import HIDDEN, Nearness, hide, secrets_of_unjudged, without_parts, without_quoted


class Quoting:
    """Quotes files of the catalog at `root`. The shipped rules say what is secret, so that no other can keep
    them from it; `cache_dir` is their engine's. They are loaded when a file is quoted."""

    def __init__(self, root: Path, cache_dir: Path | None = None) -> None:
        self._root = root
        self._cache_dir = cache_dir
        self._secrets = functools.cache(self._find)

    @functools.cached_property
    def _engine(self) -> Engine:
        return EmbeddedEngine(rules_in_force(), cache_dir=self._cache_dir)

    def lines(self, path: str) -> list[str]:
        """The lines of a file with its secrets covered; none when it can't be told what is secret."""
        found = self._secrets(path)
        if found is None:
            return []
        parsed, secrets = found
        lines = quotable_lines(self._root, path)
        for pointer in secrets:
            hide(lines, parsed.values[pointer])
        return lines

    def problems(self, found: Iterable[Problem]) -> list[Problem]:
        """Problems whose words give no secret of their file away."""
        return [self._hushed(problem) for problem in found]

    def secrets(self, path: str) -> list[Pointer] | None:
        """Where in a file secrets stand, in its order; None when it can't be told what is secret."""
        found = self._secrets(path)
        return None if found is None else list(found[1])

    def covered(self, path: str, text: bytes) -> bytes | None:
        """A text that stands, or is to stand, in a file, with its secrets covered; None when it can't be told
        what is secret."""
        try:
            parsed = parse(text, path)
            secrets = secrets_of_unjudged(parsed.data, self._engine)
        except (Unusable, EngineError, NoRules):
            return None
        *parts, last = re.split("(\r\n|\r|\n)", text.decode("utf-8"))
        lines = [*parts[::2], last]
        for pointer in secrets:
            hide(lines, parsed.values[pointer])
        return "".join(line + end for line, end in zip(lines, [*parts[1::2], ""], strict=True)).encode()

    def _hushed(self, problem: Problem) -> Problem:
        parsed, secrets = self._secrets(problem.document) or (None, {})
        if parsed is None:
            return problem
        for pointer, secret in secrets.items():
            way = _way(problem, parsed, pointer)
            message = without_quoted(problem.message, secret, way)
            if message is None:
                message = f"What stands at `{problem.path}` is wrong: {HIDDEN}."
            fix: str | None = without_parts(problem.fix, secret, way)
            if fix and way != "itself":
                fix = without_quoted(fix, secret, way)
            problem = msgspec.structs.replace(problem, message=message, fix=fix or "")
        return problem

    def _find(self, path: str) -> tuple[Parsed, dict[Pointer, str]] | None:
        try:
            parsed = parse(read(self._root / path, path), path)
            return parsed, secrets_of_unjudged(parsed.data, self._engine)
        except (Unusable, EngineError, NoRules):
            return None


def _way(problem: Problem, parsed: Parsed, pointer: Pointer) -> Nearness:
    """How far the place of a problem is from that of a secret."""
    here = (problem.line, problem.column)
    for length in range(len(pointer), -1, -1):
        at = pointer[:length]
        marks = (parsed.values[at], parsed.keys.get(at, parsed.values[at]))
        if here in {mark[:2] for mark in marks}:
            return "itself" if at == pointer else "around"
    return "elsewhere"
