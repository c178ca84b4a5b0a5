"""Which stack a command means, and the decision on it; or why there is none."""

import os
from collections.abc import Iterable
from pathlib import Path

from catalog.kinds.service import places_of, service_at
from catalog.kinds.waiver import waivers
from catalog.loader import Catalog
from catalog.place import environment_of
from catalog.problem import BROKEN_NEIGHBOUR, Problem
from catalog.yaml.parsed import Unusable
from pave.gitlab.approvals import GitLab, ask
from pave.refused import Refused, WrongSpecs
from pave.reports.model import Failure, PlanReport, reported_failure, reported_files, reported_problems
from pave.workspace import Workspace, require_place
from policies.decision import Decision
from policies.engines.answer import EngineError
from stacks.gate.gate import Unjudged, judge_stack
from stacks.gate.learning import Learnt
from stacks.plan import Plan
from stacks.recording.model import RecordingError
from stacks.stack import Stack, UnknownStack, document_of, only_stack, parse_stack, stack_of


class NoVerdict(Refused):
    """There is no verdict on what was asked for: files that can't be used, what is wrong with others, or what
    failed although they can."""

    def __init__(
        self,
        stack: str,
        work: Workspace,
        problems: Iterable[Problem] = (),
        unusable: Iterable[Unusable] = (),
        failure: Failure | None = None,
    ) -> None:
        self.stack = stack
        self.problems = list(problems)
        self.unusable = list(unusable)
        self.failure = failure
        said = work.told([*self.unusable, *self.problems])
        super().__init__("\n".join(said if failure is None else [*said, failure.message]))

    def report(self, work: Workspace) -> PlanReport:
        """The report that says so."""
        return PlanReport(
            today=work.today.isoformat(),
            revision=work.bundle.revision,
            allowed=False,
            stack=self.stack,
            counts={},
            protected=[],
            plan=None,
            decision=None,
            problems=reported_problems(self.problems),
            unusable=reported_files(self.unusable),
            failure=self.failure,
        )


class WrongFiles(NoVerdict, WrongSpecs):
    """The same where all files can be read, and say what can't be: it ends as a check of them does."""


def stack_named(work: Workspace, name: str, environment: str | None) -> Stack:
    """The stack that an argument names: `service.portal.production`, the service `portal`, its file, or a
    kind of stack of which there is one.

    Raises Refused when there is none, and NoVerdict when that is because its file can't be used."""
    try:
        if (only := only_stack(name, work.catalog)) is not None:
            return within(work.catalog, only, environment)
        if _is_stack(name):
            return within(work.catalog, parse_stack(name, work.catalog), environment)
        return stack_of(work.service(name, environment))
    except (UnknownStack, Refused) as error:
        problems, unusable = _wrong(work, name, environment)
        if problems or unusable:
            why = NoVerdict if unusable or _waits(problems) else WrongFiles
            raise why(name, work, work.quoting.problems(problems), unusable) from error
        raise error if isinstance(error, Refused) else Refused(str(error)) from error


def within(catalog: Catalog, stack: Stack, environment: str | None) -> Stack:
    """A stack of a catalog, where nobody said that it is elsewhere. Raises Refused."""
    if environment is not None and environment not in {stack.environment, stack.place}:
        require_place(catalog, environment)
        what = f"{stack} is in {stack.place}, not in {environment}."
        raise Refused(f"{what} Leave out one of the two.")
    return stack


def decide_plan(work: Workspace, stack: Stack, learnt: Learnt | None = None) -> tuple[Plan, Decision]:
    """The recorded plan of a stack and the decision on it, also on what is learnt of its service; with a
    token for the platform, who approved its waivers is asked there. Raises NoVerdict when there is none."""
    from pulumi import RunError  # late: recording imports it anyway

    granted = waivers(work.catalog, stack.service, stack.place)
    approvals = ask(GitLab.from_environment(os.environ), granted, work.root)
    try:
        return judge_stack(
            work.catalog, stack, work.new_engine(), work.bundle.rules, work.today, approvals, learnt
        )
    except Unjudged as error:
        around = [each for each in work.catalog.unusable if _names(each.path, stack.environment)]
        why = NoVerdict if around or _waits(error.problems) else WrongFiles
        raise why(str(stack), work, work.quoting.problems(error.problems), around) from error
    except Unusable as error:
        raise NoVerdict(str(stack), work, unusable=[error]) from error
    except (RecordingError, RunError, EngineError) as error:
        failure = reported_failure(str(stack), _described_by(work, stack), str(error))
        raise NoVerdict(str(stack), work, failure=failure) from error


def _wrong(work: Workspace, name: str, environment: str | None) -> tuple[list[Problem], list[Unusable]]:
    """What is wrong with the file that the name or the path of a stack or a service means."""
    called, place = name, environment
    if _is_stack(name):
        called, _, place = name.partition(".")[2].partition(".")
    catalog = work.catalog
    problems = [each for each in catalog.problems if _names(each.document, called)]
    unusable = [each for each in catalog.unusable if _names(each.path, called)]
    service = Path(called).stem
    if service in catalog.documents["Service"]:
        runs_in = places_of(catalog, service)
        place = place or runs_in[0]
        found = service_at(catalog, service, place) if place in runs_in else None
        if isinstance(found, list):
            problems += found
            unusable += [each for each in catalog.unusable if _names(each.path, environment_of(place))]
    return problems, unusable


def _waits(problems: Iterable[Problem]) -> bool:
    """Whether all that is said is that something else has to be mended first."""
    return all(each.rule == BROKEN_NEIGHBOUR for each in problems)


def _is_stack(name: str) -> bool:
    """Whether it is a stack's name, perhaps a misspelled one: a service's has no dot, a file's an ending."""
    return "." in name and "/" not in name and not name.endswith((".yaml", ".yml"))


def _names(document: str, called: str) -> bool:
    """Whether a file of the catalog is the one that a name, or a path, means; a folder may hold it."""
    return Path(document).stem == Path(called).stem or not document.endswith((".yaml", ".yml"))


def _described_by(work: Workspace, stack: Stack) -> str:
    """The path of the file that describes what a stack is for."""
    document = document_of(work.catalog, stack)
    assert document is not None
    return document.path
