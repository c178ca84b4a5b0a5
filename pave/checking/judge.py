"""Judges what is judged of a catalog's documents by the rules that need only the spec."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Protocol

from catalog.document import Document
from catalog.kind import Effective
from catalog.loader import Catalog
from catalog.place import Place, environment_of
from catalog.problem import Problem
from pave.checking.workers import spread
from policies.decision import Decision, decide
from policies.engines.answer import Engine, EngineError
from policies.rule import Rule
from policies.subject import subject_of
from policies.waivers import Approval
from stacks.policy_input import input_on

DocumentAt = tuple[Document, Place]
"""What there is to judge: a document, at one of the places where it holds."""


class Unanswered(EngineError):
    """The rules gave no answer that can be trusted on what the file `document` describes."""

    def __init__(self, document: str, why: str) -> None:
        super().__init__(document, why)  # both: an exception comes out of another process by its arguments
        self.document = document
        self.why = why

    def __str__(self) -> str:
        return self.why


class Judge:
    """Decides on what is effective in a catalog, by its rules on one day.

    `engine` makes an engine; each process that evaluates gets its own. `approvals` is what the platform says
    of waivers, by name."""

    def __init__(
        self,
        catalog: Catalog,
        engine: Callable[[], Engine],
        rules: Mapping[str, Rule],
        today: date,
        approvals: Mapping[str, Approval] | None = None,
    ) -> None:
        self._catalog = catalog
        self._approvals = approvals
        self._make_engine = engine
        self._engines: dict[int, Engine] = {}
        self._rules = rules
        self._today = today

    def decide(self, judged: Effective) -> Decision:
        """The decision on a service's spec, or on an environment's own file. Raises EngineError."""
        process = os.getpid()
        if process not in self._engines:
            self._engines[process] = self._make_engine()
        raw = self._engines[process].evaluate(input_on(self._catalog, judged, self._today))
        subject = subject_of(self._catalog, judged, approvals=self._approvals)
        return decide(subject, raw, self._rules, ["spec"], self._today)

    def decide_all(self, found: Iterable[Effective]) -> list[Decision]:
        """Decisions in the order of what is judged."""
        return spread(lambda part: [self.decide(judged) for judged in part], list(found))

    def judge_all(self, places: Sequence[DocumentAt]) -> list[Decision | list[Problem]]:
        """For each place the decision, or the problems that keep it from being judged. Raises Unanswered."""
        return spread(lambda part: [self._judge(place) for place in part], places)

    def _judge(self, place: DocumentAt) -> Decision | list[Problem]:
        judged = self._catalog.judged(*place)
        if isinstance(judged, list):
            return judged
        try:
            return self.decide(judged)
        except EngineError as error:
            raise Unanswered(place[0].path, str(error)) from error


class Known(Protocol):
    """Decisions that were made before."""

    def find(self, place: DocumentAt) -> Decision | None:
        """The decision that judging this place would give, if it is known."""
        ...

    def keep(self, place: DocumentAt, decision: Decision) -> None:
        """Takes up a decision for the next time."""
        ...


def judge_documents(
    catalog: Catalog,
    selected: Sequence[Document],
    environment: Place | None,
    judge: Judge,
    known: Known | None = None,
) -> tuple[list[Decision], list[Problem]]:
    """Decisions on the selected documents, in one environment or all, and what is wrong with what they name.
    What is known is not judged again. Raises Unanswered."""
    decisions: list[Decision] = []
    new: list[DocumentAt] = []
    for place in places(catalog, selected, environment):
        decision = None if known is None else known.find(place)
        if decision is None:
            new.append(place)
        else:
            decisions.append(decision)
    problems = [problem for document in selected for problem in catalog.dangling(document)]
    for place, verdict in zip(new, judge.judge_all(new), strict=True):
        if isinstance(verdict, list):
            problems += verdict
            continue
        decisions.append(verdict)
        if known is not None:
            known.keep(place, verdict)
    return decisions, problems


def places(catalog: Catalog, selected: Iterable[Document], environment: Place | None) -> Iterator[DocumentAt]:
    """What there is to judge in some documents: each once for every place where it holds."""
    for document in selected:
        for place in catalog.places(document):
            if environment in (None, place, environment_of(place)):
                yield document, place


def subjects(
    catalog: Catalog, selected: Iterable[Document], environment: Place | None
) -> Iterator[Effective | list[Problem]]:
    """What is judged of some documents, or the problems that keep it from being judged."""
    for place in places(catalog, selected, environment):
        yield catalog.judged(*place)
