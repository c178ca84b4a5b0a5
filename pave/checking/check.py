"""What `pave check` answers: one question about a catalog, one finished report."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from catalog.document import Document
from catalog.kind import kinds
from catalog.kinds.service import known_places
from catalog.kinds.waiver import all_waivers
from catalog.loader import Catalog
from catalog.place import Place
from catalog.problem import BROKEN_NEIGHBOUR, Problem
from pave.checking.baseline import KnownFindings, compared, known_at
from pave.checking.broken_glasses import broken_glasses
from pave.checking.cache import VerdictCache
from pave.checking.gate_changes import gate_changes
from pave.checking.judge import Judge, Unanswered, judge_documents
from pave.gitlab.approvals import GitLab, ask
from pave.refused import Refused
from pave.reports.model import (
    CheckReport,
    Failure,
    Verdicts,
    reported_failure,
    reported_files,
    reported_problems,
)
from pave.terminal import progress
from pave.workspace import Workspace, require_place
from policies.decision import Decision


class Question(NamedTuple):
    """What a check is asked.

    `paths` are as they were named, `files` all the files that they mean; without any, the whole catalog is
    judged. `environment` is a place to judge in, None for all. `baseline` is a git revision, or the file of
    an earlier report, whose findings don't block; `target` the revision to compare the gate itself with."""

    paths: tuple[Path, ...] = ()
    files: tuple[Path, ...] = ()
    environment: Place | None = None
    baseline: str | None = None
    target: str | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it is about all of the catalog."""
        return not self.paths and self.environment is None


def check(
    question: Question, work: Workspace, cache: VerdictCache, platform: GitLab | None = None
) -> CheckReport:
    """The finished report on a question. With a `platform`, who approved waivers is asked there; then, and
    where a server decides, nothing is taken from the cache.

    Raises Refused for a question that can't be asked: an environment that isn't there, nothing to check, a
    baseline that can't be read."""
    known: KnownFindings | None = None
    failure: Failure | None = None
    try:
        verdicts = _verdicts(question, work, cache, platform)
        if question.baseline is not None:
            with progress(f"Judging {question.baseline}"):
                known = known_at(
                    question.baseline,
                    work.root,
                    lambda root: _judged_at(work.at(root), cache, question.environment),
                    _named(work.catalog, question),
                )
    except Unanswered as error:
        failure = reported_failure(error.document, error.document, error.why)
        verdicts = collected(work.catalog, [], [], _named(work.catalog, question))
    return _finished(question, work, verdicts, known, failure)


def _verdicts(question: Question, work: Workspace, cache: VerdictCache, platform: GitLab | None) -> Verdicts:
    """What is judged now, or was when nothing was different. Raises Unanswered, and Refused."""
    if work.rules.server is not None or platform is not None:  # what others say is asked each time
        return _judged(question, work, cache, platform)
    key = cache.verdicts_key(
        work.root, question.files, work.bundle, (question.paths, question.environment, work.today)
    )
    found = cache.find_verdicts(key)
    if found is None:
        found = _judged(question, work, cache, platform)
        cache.keep_verdicts(key, found, work.catalog.looked_for)
    return found


def _judged(question: Question, work: Workspace, cache: VerdictCache, platform: GitLab | None) -> Verdicts:
    catalog = work.catalog
    if question.environment is not None:
        require_place(catalog, question.environment)
    only = _named(catalog, question)
    selected = [
        document
        for named in catalog.documents.values()
        for document in named.values()
        if only is None or document.path in only
    ]
    selected = list(dict.fromkeys([*selected, *_judged_with(catalog, selected)]))
    approvals = ask(platform, all_waivers(catalog), work.root)
    judge = Judge(catalog, work.new_engine, work.bundle.rules, work.today, approvals)
    decided = None if work.rules.server else cache.decisions(catalog, work.bundle, work.today, approvals)
    with progress("Judging"):
        decisions, problems = judge_documents(catalog, selected, question.environment, judge, decided)
    found = collected(catalog, decisions, problems, only)
    if not (found.decisions or found.problems or found.unusable or found.undecided):
        raise Refused(
            "Nothing to check: no service, environment or waiver was found. A team or a vendor is judged "
            "with the services that name it: `pave check` without a file."
        )
    return found


def _judged_at(earlier: Workspace, cache: VerdictCache, environment: Place | None) -> Verdicts:
    """An earlier catalog, whole, by the rules of now."""
    is_there = environment in known_places(earlier.catalog)
    return _judged(Question(environment=environment if is_there else None), earlier, cache, None)


def _named(catalog: Catalog, question: Question) -> set[str] | None:
    """The files that a question names, as the catalog calls them; None for all."""
    return {catalog.shown(path) for path in question.files} if question.paths else None


def _judged_with(catalog: Catalog, selected: Iterable[Document]) -> Iterable[Document]:
    """What else is judged with some documents, as their kinds say."""
    for document in selected:
        yield from kinds()[document.kind].judged_with(document, catalog)


def collected(
    catalog: Catalog, decisions: Iterable[Decision], found: Iterable[Problem], only: set[str] | None
) -> Verdicts:
    """All that is to be said of a catalog; with `only`, what is wrong with other documents is left to their
    own check."""
    wrong = [*catalog.problems, *catalog.contested(), *found]
    asked = [each for each in wrong if only is None or each.document in only]
    return Verdicts(
        decisions=sorted(
            decisions, key=lambda one: (one.service is None, one.service or "", one.environment)
        ),
        problems=reported_problems(each for each in asked if each.rule != BROKEN_NEIGHBOUR),
        undecided=reported_problems(each for each in asked if each.rule == BROKEN_NEIGHBOUR),
        unusable=reported_files(each for each in catalog.unusable if only is None or each.path in only),
    )


def _finished(
    question: Question,
    work: Workspace,
    verdicts: Verdicts,
    known: KnownFindings | None,
    failure: Failure | None,
) -> CheckReport:
    """The report, with all that is added to what was judged: what a baseline excuses, glasses that are still
    broken, what differs about the gate itself. What it quotes gives no secret away."""
    counted, baseline = compared(verdicts, known)
    glasses = broken_glasses(work.root, counted.decisions, is_whole=question.is_whole)
    problems = [*counted.problems, *glasses]
    decisions = list(_with_problems(counted.decisions, counted.problems))
    return CheckReport(
        today=work.today.isoformat(),
        revision=work.bundle.revision,
        allowed=failure is None
        and not counted.unusable
        and not counted.undecided
        and all(problem.is_known for problem in problems)
        and all(decision.allowed for decision in decisions),
        decisions=decisions,
        problems=work.quoting.problems(problems),
        unusable=counted.unusable,
        undecided=counted.undecided,
        baseline=baseline,
        gate_changes=[] if question.target is None else gate_changes(question.target, work.root),
        failure=failure,
    )


def _with_problems(decisions: Iterable[Decision], problems: Iterable[Problem]) -> Iterator[Decision]:
    """No verdict says that all is well with a file of which something else is said: that it claims what
    another has."""
    wrong = Counter(problem.document for problem in problems if not problem.is_known)
    for decision in decisions:
        found = wrong[decision.document]
        yield msgspec.structs.replace(decision, allowed=False, problems=found) if found else decision
