"""Judges a catalog again and again while its documents are edited.

After an edit, only the subjects that the edited document has a part in need a new verdict (`affected`)."""

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

SubjectName = tuple[str | None, str]
"""What a verdict is on: the name of a service, or None for the foundation, and a place (`production`)."""


class StandingJudge:
    """A judge of any edition of a catalog: the rules, the day and the engine stay, the catalog is given with
    each question. So two verdicts differ only by what was edited between them.

    `new_engine` makes an engine for one thread; the one that judges single subjects is made when it is first
    needed, and kept."""

    def __init__(self, new_engine: Callable[[], Engine], rules: Mapping[str, Rule], today: date) -> None:
        self._new_engine = new_engine
        self._engine: Engine | None = None
        self._rules = rules
        self._today = today

    def judge_all(
        self, catalog: Catalog, found: Iterable[Effective | list[Problem]]
    ) -> dict[SubjectName, Decision]:
        """The decisions on many subjects at once, by name; problems in their stead are passed over. Raises
        EngineError."""
        usable = (subject for subject in found if not isinstance(subject, list))
        decisions = Judge(catalog, self._new_engine, self._rules, self._today).decide_all(usable)
        return {(decision.service, decision.environment): decision for decision in decisions}

    def judge(self, catalog: Catalog, name: SubjectName) -> Verdict:
        """The verdict on one subject, which the catalog has. Raises EngineError."""
        service, place = name
        subject = catalog.find(Environment, place) if service is None else service_at(catalog, service, place)
        assert subject is not None
        if isinstance(subject, list):
            return subject
        engine = self._engine = self._engine or self._new_engine()
        return Judge(catalog, lambda: engine, self._rules, self._today).decide(subject)


def affected(catalog: Catalog, document: Document) -> Iterator[SubjectName]:
    """All subjects whose verdict a document has a part in: a service and those that need it, directly or not,
    in each of their places; an environment's foundation and all that run there."""
    is_environment = document.kind == "Environment"
    if is_environment:
        yield None, document.name
    for name in catalog.documents["Service"] if is_environment else _users(catalog, document.name):
        for place in places_of(catalog, name):
            if not is_environment or environment_of(place) == document.name:
                yield name, place


def _users(catalog: Catalog, service: str) -> list[str]:
    found, waiting = {service: None}, [service]
    while waiting:
        new = [name for name in dependents(catalog, waiting.pop()) if name not in found]
        found |= dict.fromkeys(new)
        waiting += new
    return list(found)


def findings(verdict: Verdict) -> list[Finding]:
    """The findings of a verdict; none if there is no decision."""
    return [] if isinstance(verdict, list) else verdict.findings


def called(name: SubjectName) -> str:
    """What a verdict is on, in a sentence."""
    return f"{name[0] or 'the foundation'} in {name[1]}"
