"""Quotes files that no rule has judged, or could, without the secrets that they hold."""

import functools
import json
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
from policies.redaction import HIDDEN, hide, secrets_of_unjudged

ENOUGH = 8
"""Characters of a secret that give it away; a message may hold its beginning only."""


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

    def _hushed(self, problem: Problem) -> Problem:
        _, secrets = self._secrets(problem.document) or (None, {})
        if any(_gives_away(problem.message, secret) for secret in secrets.values()):
            what = f"What stands at `{problem.path}` is wrong: {HIDDEN}."
            problem = msgspec.structs.replace(problem, message=what)
        if any(_gives_away(problem.fix, secret) for secret in secrets.values()):
            problem = msgspec.structs.replace(problem, fix="")
        return problem

    def _find(self, path: str) -> tuple[Parsed, dict[Pointer, str]] | None:
        try:
            parsed = parse(read(self._root / path, path), path)
            return parsed, secrets_of_unjudged(parsed.data, self._engine)
        except (Unusable, EngineError, NoRules):
            return None


def _gives_away(text: str, secret: str) -> bool:
    """Whether a text holds a secret, or its beginning, in one of the forms that messages quote values in."""
    forms = (secret, json.dumps(secret, ensure_ascii=False)[1:-1], repr(secret)[1:-1])
    return any(form[:ENOUGH] in text for form in forms)
