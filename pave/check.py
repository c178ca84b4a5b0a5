"""`pave check`: every selected service and environment against the rules that need only the spec."""

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date

import msgspec

from catalog.document import Document
from catalog.loader import Catalog
from catalog.model import Environment, Service
from catalog.neighbourhood import neighbourhood
from catalog.problem import Problem
from catalog.text import Unusable
from components.design import design
from pave.report import UNUSABLE, Broken, CheckReport
from policies.decision import Decision, decide
from policies.engine import Engine, RawFinding
from policies.fingerprint import fingerprints
from policies.rule import Rule
from policies.subject import Subject
from policies.waivers import Approval
from stacks.policy_input import foundation_input, service_input

CORES = os.cpu_count() or 1
AHEAD = 4 * CORES
"""Documents that wait for an engine: enough that none idles, few enough that memory stays flat."""


class Judge:
    """Decides on subjects. `engine` makes an engine; each thread that evaluates gets its own. `approvals` is
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
        self._local = threading.local()
        self._rules = rules
        self._today = today

    def decide(self, subject: Service | Environment) -> Decision:
        """The decision on a service's spec, or on an environment's own file."""
        return self._words(subject, self.evaluate(self._document(subject)))

    def decide_all(self, found: Iterable[Service | Environment]) -> Iterator[Decision]:
        """Decisions in the order of the subjects. Rules run in threads of their own, outside Python's lock,
        while this one prepares the next documents."""
        waiting: deque[tuple[Service | Environment, Future[list[RawFinding]]]] = deque()
        with ThreadPoolExecutor(CORES) as pool:
            for subject in found:
                waiting.append((subject, pool.submit(self.evaluate, self._document(subject))))
                while len(waiting) > AHEAD:
                    yield self._words(waiting[0][0], waiting.popleft()[1].result())
            while waiting:
                yield self._words(waiting[0][0], waiting.popleft()[1].result())

    def evaluate(self, document: bytes) -> list[RawFinding]:
        """What the rules find in one rule input, on this thread's engine."""
        if not hasattr(self._local, "engine"):
            self._local.engine = self._make_engine()
        engine: Engine = self._local.engine
        return engine.evaluate(document)

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
            waivers = self._catalog.waivers(judged.name, judged.environment.name)
            subject = Subject(judged, judged.environment, self._catalog.file, None, waivers, self._approvals)
        return decide(subject, raw, self._rules, ["spec"], self._today)


def check(
    catalog: Catalog, selected: Iterable[Document], environment: str | None, judge: Judge
) -> tuple[list[Decision], list[Problem]]:
    """Decisions on the selected documents, and the problems that kept some from being judged."""
    found: list[Problem] = []

    def usable() -> Iterator[Service | Environment]:
        for subject in subjects(catalog, selected, environment):
            if isinstance(subject, list):
                found.extend(subject)
            else:
                yield subject

    return list(judge.decide_all(usable())), found


def subjects(
    catalog: Catalog, selected: Iterable[Document], environment: str | None
) -> Iterator[Service | Environment | list[Problem]]:
    """What there is to judge in some documents: a service once for each of its environments."""
    for document in selected:
        if document.kind == "Service":
            for name in catalog.service_environments(document.name):
                if environment in (None, name):
                    yield catalog.service(document.name, name)
        elif document.kind == "Waiver":
            yield catalog.dangling_waiver(document)
        elif document.kind == "Environment" and environment in (None, document.name):
            found = catalog.environment(document.name)
            assert found is not None
            yield found


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
        problems=_problems(wrong),
        unusable=_unusable(broken),
    )


def _place(decision: Decision) -> tuple[bool, str, str]:
    return decision.service is None, decision.service or "", decision.environment


def _problems(wrong: Iterable[Problem]) -> list[Problem]:
    said = {(p.document, p.line, p.column, p.rule, p.path, p.message): p for p in sorted(wrong)}
    found = list(said.values())  # what two branches of a schema say alike is said once
    made = fingerprints((p.rule, p.document, p.path, p.message) for p in found)
    return [msgspec.structs.replace(p, fingerprint=one) for p, one in zip(found, made, strict=True)]


def _unusable(errors: Iterable[Unusable]) -> list[Broken]:
    by_path = {error.path: error for error in errors}  # one that is named is read again
    found = [by_path[path] for path in sorted(by_path)]
    made = fingerprints((UNUSABLE, error.path) for error in found)
    return [Broken(e.path, e.line, e.column, e.what, e.fix, one) for e, one in zip(found, made, strict=True)]
