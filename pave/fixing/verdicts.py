"""Verdicts on the specs of a catalog that changes: what a document has a part in, judged again."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date

from catalog.document import Document
from catalog.kind import Effective
from catalog.kinds.environment import Environment
from catalog.kinds.service import places_of, service_at
from catalog.kinds.service_dependencies import dependents
from catalog.loader import Catalog
from catalog.place import environment_of
from catalog.problem import Problem
from pave.checking.judge import Judge
from policies.decision import Decision, Finding
from policies.engines.answer import Engine
from policies.rule import Rule

Verdict = Decision | list[Problem]
"""A decision, or why there is none."""

Key = tuple[str | None, str]
"""What a verdict is on: a service, or None for the foundation, and an environment."""


class Bench:
    """Judges subjects of any catalog by the same rules on the same day. `new_engine` makes an engine for
    one thread."""

    def __init__(self, new_engine: Callable[[], Engine], rules: Mapping[str, Rule], today: date) -> None:
        self._new_engine = new_engine
        self._engine: Engine | None = None
        self._rules = rules
        self._today = today

    def judge_all(self, catalog: Catalog, found: Iterable[Effective | list[Problem]]) -> dict[Key, Decision]:
        """The decisions on many subjects at once. Raises EngineError."""
        usable = (subject for subject in found if not isinstance(subject, list))
        decisions = Judge(catalog, self._new_engine, self._rules, self._today).decide_all(usable)
        return {(decision.service, decision.environment): decision for decision in decisions}

    def judge(self, catalog: Catalog, key: Key) -> Verdict:
        """The verdict on one subject. Raises EngineError."""
        service, name = key
        subject = catalog.find(Environment, name) if service is None else service_at(catalog, service, name)
        assert subject is not None
        if isinstance(subject, list):
            return subject
        engine = self._engine = self._engine or self._new_engine()
        return Judge(catalog, lambda: engine, self._rules, self._today).decide(subject)


def affected(catalog: Catalog, document: Document) -> Iterator[Key]:
    """All whose verdict a document has a part in: a service and those that need it, an environment and all
    that run there."""
    is_environment = document.kind == "Environment"
    if is_environment:
        yield None, document.name
    for name in catalog.documents["Service"] if is_environment else _users(catalog, document.name):
        for place in places_of(catalog, name):
            if not is_environment or environment_of(place) == document.name:
                yield name, place


def _users(catalog: Catalog, service: str) -> list[str]:
    found, waiting = [service], [service]
    while waiting:
        new = [name for name in dependents(catalog, waiting.pop()) if name not in found]
        found += new
        waiting += new
    return found


def findings(verdict: Verdict) -> list[Finding]:
    """The findings of a verdict; none if there is no decision."""
    return [] if isinstance(verdict, list) else verdict.findings


def called(key: Key) -> str:
    """What a verdict is on, in a sentence."""
    return f"{key[0] or 'the foundation'} in {key[1]}"
