"""`pave check`: every selected service and environment against the rules that need only the spec."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Protocol

import msgspec

from catalog.document import Document
from catalog.loader import Catalog
from catalog.model import Environment, Service
from catalog.neighbourhood import neighbourhood
from catalog.place import environment_of
from catalog.problem import Problem
from components.design.service import design
from pave.checking.workers import spread
from pave.reports.model import CheckReport, reported_failure, reported_files, reported_problems
from policies.decision import Decision, decide
from policies.engines.answer import Engine, EngineError, RawFinding
from policies.rule import Rule
from policies.subject import Subject
from policies.waivers import Approval
from stacks.policy_input import foundation_input, service_input

DocumentAt = tuple[Document, str]
"""What there is to judge: the document of a service, or of an environment, and the environment's name."""


class Unanswered(EngineError):
    """The rules gave no answer that can be trusted on what the file `document` describes."""

    def __init__(self, document: str, why: str) -> None:
        super().__init__(document, why)  # both: an exception comes out of another process by its arguments
        self.document = document
        self.why = why

    def __str__(self) -> str:
        return self.why


class Judge:
    """Decides on subjects. `engine` makes an engine; each process that evaluates gets its own. `approvals` is
    what the platform says of waivers, by name."""

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

    def decide(self, subject: Service | Environment) -> Decision:
        """The decision on a service's spec, or on an environment's own file. Raises EngineError."""
        process = os.getpid()
        if process not in self._engines:
            self._engines[process] = self._make_engine()
        return self._words(subject, self._engines[process].evaluate(self._document(subject)))

    def decide_all(self, found: Iterable[Service | Environment]) -> list[Decision]:
        """Decisions in the order of the subjects."""
        return spread(lambda part: [self.decide(subject) for subject in part], list(found))

    def judge_all(self, places: Sequence[DocumentAt]) -> list[Decision | list[Problem]]:
        """For each place the decision, or the problems that keep it from being judged. Raises Unanswered."""
        return spread(lambda part: [self._judge(place) for place in part], places)

    def _judge(self, place: DocumentAt) -> Decision | list[Problem]:
        subject = _subject(self._catalog, place)
        if isinstance(subject, list):
            return subject
        try:
            return self.decide(subject)
        except EngineError as error:
            raise Unanswered(place[0].path, str(error)) from error

    def _document(self, subject: Service | Environment) -> bytes:
        if isinstance(subject, Environment):
            return foundation_input(subject, self._today)
        around = neighbourhood(self._catalog, subject)
        return service_input(subject, around, design(subject, around), self._today)

    def _words(self, judged: Service | Environment, raw: list[RawFinding]) -> Decision:
        if isinstance(judged, Environment):
            waivers = self._catalog.waivers(None, judged.name)
            subject = Subject(None, judged, self._catalog.file, None, waivers, self._approvals)
        else:
            waivers = self._catalog.waivers(judged.name, judged.place)
            subject = Subject(judged, judged.environment, self._catalog.file, None, waivers, self._approvals)
        return decide(subject, raw, self._rules, ["spec"], self._today)


class Known(Protocol):
    """Decisions that were made before."""

    def find(self, place: DocumentAt) -> Decision | None:
        """The decision that judging this place would give, if it is known."""
        ...

    def keep(self, place: DocumentAt, decision: Decision) -> None:
        """Takes up a decision for the next time."""
        ...


def check(
    catalog: Catalog,
    selected: Sequence[Document],
    environment: str | None,
    judge: Judge,
    known: Known | None = None,
) -> tuple[list[Decision], list[Problem]]:
    """Decisions on the selected documents, and the problems that kept some from being judged. What is known
    is not judged again. Raises Unanswered."""
    decisions: list[Decision] = []
    new: list[DocumentAt] = []
    for place in places(catalog, selected, environment):
        decision = None if known is None else known.find(place)
        if decision is None:
            new.append(place)
        else:
            decisions.append(decision)
    problems = [
        problem
        for document in selected
        if document.kind == "Waiver"
        for problem in catalog.dangling_waiver(document)
    ]
    for place, verdict in zip(new, judge.judge_all(new), strict=True):
        if isinstance(verdict, list):
            problems += verdict
            continue
        decisions.append(verdict)
        if known is not None:
            known.keep(place, verdict)
    return decisions, problems


def places(catalog: Catalog, selected: Iterable[Document], environment: str | None) -> Iterator[DocumentAt]:
    """What there is to judge in some documents: a service once for each place where it runs."""
    for document in selected:
        names = []
        if document.kind == "Service":
            names = catalog.places(document.name)
        elif document.kind == "Environment":
            names = [document.name]
        for name in names:
            if environment in (None, name, environment_of(name)):
                yield document, name


def subjects(
    catalog: Catalog, selected: Iterable[Document], environment: str | None
) -> Iterator[Service | Environment | list[Problem]]:
    """The subjects in some documents, or the problems that keep them from being judged."""
    for place in places(catalog, selected, environment):
        yield _subject(catalog, place)


def _subject(catalog: Catalog, place: DocumentAt) -> Service | Environment | list[Problem]:
    document, name = place
    if document.kind == "Service":
        return catalog.service(document.name, name)
    found = catalog.environment(name)
    assert found is not None
    return found


def report(
    catalog: Catalog,
    decisions: list[Decision],
    found: list[Problem],
    today: date,
    revision: str,
    only: set[str] | None,
) -> CheckReport:
    """The whole report; with `only`, problems of other documents are left to their own check."""
    wrong = [*catalog.problems, *catalog.contested(), *found]
    wrong = [problem for problem in wrong if only is None or problem.document in only]
    broken = [u for u in catalog.unusable if only is None or u.path in only]
    return CheckReport(
        today=today.isoformat(),
        revision=revision,
        allowed=not wrong and not broken and all(decision.allowed for decision in decisions),
        decisions=sorted(decisions, key=_place),
        problems=reported_problems(wrong),
        unusable=reported_files(broken),
    )


def no_verdict(
    catalog: Catalog, error: Unanswered, today: date, revision: str, only: set[str] | None
) -> CheckReport:
    """The report that says why nothing was decided, beside what is wrong with files."""
    failure = reported_failure(error.document, error.document, error.why)
    return msgspec.structs.replace(
        report(catalog, [], [], today, revision, only), allowed=False, failure=failure
    )


def _place(decision: Decision) -> tuple[bool, str, str]:
    return decision.service is None, decision.service or "", decision.environment
