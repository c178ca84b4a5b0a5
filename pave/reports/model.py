"""What `pave check` and `pave plan` found, as data: what every format prints and JSON shows as it is."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from catalog.problem import BROKEN_NEIGHBOUR, Problem
from catalog.yaml.parsed import Unusable
from components.design.edge_model import (
    RecordElsewhere,
)
from pave.exit_code import ExitCode
from pave.reviewing.changes import ResourceChange
from policies.decision import Decision, Finding
from policies.fingerprint import fingerprints
from policies.wording import count

if TYPE_CHECKING:
    from stacks.plan import Plan


UNUSABLE = "catalog/unusable"
"""What stands for a rule's id where a file can't be read."""

UNJUDGED = "stacks/no-verdict"
"""What stands for a rule's id where something can't be planned or judged although its files can be read."""

BROKEN_GLASS = "break-glass/removed"
"""The rule of a problem that is about a stack's gate, and not about the shape of a document."""

REFUSED = "guard/"
"""What the rule of a problem begins with that is about a change which no update makes; a guard's name
follows."""

Weight = Literal["blocking", "error", "warning", "info", "undecided", "known", "waived"]
"""How much something counts: it blocks, is a next step of some severity, can't be decided, is an error that
the baseline has already, or is waived."""


class UnusableFile(msgspec.Struct, frozen=True, rename="camel"):
    """A file that can't be used at all."""

    document: str
    line: int | None
    column: int | None
    message: str
    fix: str
    fingerprint: str = ""


class Failure(msgspec.Struct, frozen=True, rename="camel"):
    """Why there is no verdict although the files can be read. `document` is the one that describes what was
    to be judged."""

    document: str
    message: str
    fingerprint: str


class Baseline(msgspec.Struct, frozen=True, rename="camel"):
    """How the findings compare with a baseline: `new` are not in it, or worse than there; `unchanged` are, of
    which so many are `reworded`: by other figures, or fewer words; `fixed` are gone."""

    source: str
    new: int
    unchanged: int
    fixed: int
    reworded: int = 0


class GateChange(msgspec.Struct, frozen=True, rename="camel"):
    """A file that is part of the gate itself and differs from the target branch."""

    part: str
    path: str


class Verdicts(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What was judged of a catalog, before anything is added that isn't about its files: services by name,
    then environments by name; what is wrong with documents; files that can't be used at all; and what can't
    be decided because of these."""

    decisions: list[Decision]
    problems: list[Problem]
    unusable: list[UnusableFile]
    undecided: list[Problem] = []


class CheckReport(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What a check found; `pave check --format json` prints exactly this.

    `allowed` is False as soon as one decision blocks or one document has problems; `unusable` files make
    the whole check unusable, whatever the rest says. `undecided` is what depends on files that can't be used:
    not allowed, and not wrong. With a `failure` nothing was decided: the rules gave no answer. Services come
    by name, then environments by name."""

    api_version: Literal["pave/v1"] = "pave/v1"
    kind: Literal["CheckReport"] = "CheckReport"
    today: str
    revision: str
    allowed: bool
    decisions: list[Decision]
    problems: list[Problem]
    unusable: list[UnusableFile]
    undecided: list[Problem] = []
    baseline: Baseline | None = None
    gate_changes: list[GateChange] = []
    failure: Failure | None = None

    @property
    def exit_code(self) -> ExitCode:
        """Whether all is allowed; unusable where a file is, without a verdict, and where nothing is wrong but
        what something depends on."""
        if self.unusable or self.failure is not None:
            return ExitCode.UNUSABLE
        is_wrong = bool(self.problems) or not all(decision.allowed for decision in self.decisions)
        if self.undecided and not is_wrong:
            return ExitCode.UNUSABLE
        return ExitCode.OK if self.allowed else ExitCode.NO


class PlanReport(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What `pave plan --format json` prints. `counts` are resources by type, without components and
    providers. `differences`, in the order in which they would be made, is None unless an earlier revision was
    asked for; and where that has no plan, `incomparable` says why. `records_elsewhere` are DNS records that
    others have to make; `problems` are changes that no update makes, whatever option it is given.

    `plan` and `decision` are None where there is no verdict. Then `unusable`, `problems` and `failure` say
    why, and `stack` is what was asked for."""

    api_version: Literal["pave/v1"] = "pave/v1"
    kind: Literal["PlanReport"] = "PlanReport"
    today: str
    revision: str
    allowed: bool
    stack: str
    counts: dict[str, int]
    protected: list[str]
    plan: "Plan | None"
    decision: Decision | None
    against: str | None = None
    incomparable: str | None = None
    differences: list[ResourceChange] | None = None
    records_elsewhere: list[RecordElsewhere] = []
    problems: list[Problem] = []
    unusable: list[UnusableFile] = []
    failure: Failure | None = None

    @property
    def exit_code(self) -> ExitCode:
        """As of a check: no also where something is wrong with the files that it takes."""
        waits = self.problems and all(each.rule == BROKEN_NEIGHBOUR for each in self.problems)
        if self.unusable or self.failure is not None or waits:
            return ExitCode.UNUSABLE
        return ExitCode.OK if self.allowed else ExitCode.NO

    @property
    def decisions(self) -> list[Decision]:
        """The one decision, as a check has several; none without a verdict."""
        return [] if self.decision is None else [self.decision]


Report = CheckReport | PlanReport


def reported_problems(wrong: Iterable[Problem]) -> list[Problem]:
    """Problems as a report lists them: in order, each once, with fingerprints."""
    said = {(p.document, p.line, p.column, p.rule, p.path, p.message): p for p in sorted(wrong)}
    found = list(said.values())  # what two branches of a schema say alike is said once
    made = fingerprints((p.rule, p.document, p.path, p.message) for p in found)
    return [msgspec.structs.replace(p, fingerprint=one) for p, one in zip(found, made, strict=True)]


def counted_problems(found: Iterable[Problem]) -> Iterator[str]:
    """`8 schema problems`, `1 broken glass`: how many there are of each kind that there is."""
    rules = [problem.rule for problem in found]
    glasses, neighbours = rules.count(BROKEN_GLASS), rules.count(BROKEN_NEIGHBOUR)
    refused = sum(rule.startswith(REFUSED) for rule in rules)
    if own := len(rules) - glasses - neighbours - refused:
        yield count(own, "schema problem")
    if refused:
        yield count(refused, "refused change")
    if neighbours:
        yield count(neighbours, "broken neighbour")
    if glasses:
        yield "1 broken glass" if glasses == 1 else f"{glasses} broken glasses"


def reported_files(errors: Iterable[Unusable]) -> list[UnusableFile]:
    """Unusable files as a report lists them: in order, each once, with fingerprints."""
    by_path = {error.path: error for error in errors}  # one that is named is read again
    found = [by_path[path] for path in sorted(by_path)]
    made = fingerprints((UNUSABLE, error.path) for error in found)
    return [
        UnusableFile(e.path, e.line, e.column, e.what, e.fix, one) for e, one in zip(found, made, strict=True)
    ]


def reported_failure(what: str, document: str, message: str) -> Failure:
    """Why there is no verdict on `what`, with a fingerprint, which the message has no part in."""
    (made,) = fingerprints([(UNJUDGED, what)])
    return Failure(document, message, made)


class Entry(NamedTuple):
    """One thing that a report says, in the terms that every format for programs has: an unusable file, a
    schema problem, a missing verdict or a finding.

    `subject` is what was judged (`portal · production`), empty for what was wrong before that; `finding`
    is there for findings only, `is_known` when a baseline has it. Lines and columns count from 1; the end is
    just after the last character, or the start where only that is known."""

    rule: str
    title: str
    weight: Weight
    message: str
    why: str
    fix: str
    subject: str
    document: str
    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    fingerprint: str
    is_known: bool = False
    finding: Finding | None = None


def entries(report: Report) -> Iterator[Entry]:
    """All that a report says, in its order. A file that can't be used as a whole is pointed at in its
    first line, since every reader of reports wants one."""
    for broken in report.unusable:
        yield _unusable(broken)
    for problem in report.problems:
        yield _problem(problem)
    if isinstance(report, CheckReport):
        for problem in report.undecided:
            yield _problem(problem)._replace(weight="undecided", title="What a file depends on can be read")
    if report.failure is not None:
        yield _failure(report.failure)
    for decision in report.decisions:
        for finding in decision.findings:
            yield _finding(finding, subject(decision))


def subject(decision: Decision) -> str:
    """What a decision is on: `portal · production`."""
    return f"{decision.service or decision.part} · {decision.environment}"


def weight(finding: Finding) -> Weight:
    """How much a finding counts."""
    if finding.waiver is not None:
        return "waived"
    if finding.status == "undecided":
        return "undecided"
    if finding.is_known and finding.severity == "error":
        return "known"
    return "blocking" if finding.blocking else finding.severity


def _unusable(broken: UnusableFile) -> Entry:
    line, column = broken.line or 1, broken.column or 1
    return Entry(
        rule=UNUSABLE,
        title="Files can be read",
        weight="blocking",
        message=f"{broken.message[:1].upper()}{broken.message[1:].rstrip('.')}.",
        why="A file that can't be read hides all that is in it.",
        fix=broken.fix,
        subject="",
        document=broken.document,
        path="",
        line=line,
        column=column,
        end_line=line,
        end_column=column,
        fingerprint=broken.fingerprint,
    )


def _failure(failure: Failure) -> Entry:
    return Entry(
        rule=UNJUDGED,
        title="Specs and stacks can be judged",
        weight="blocking",
        message=failure.message,
        why="What has no verdict is not applied.",
        fix="",
        subject="",
        document=failure.document,
        path="",
        line=1,
        column=1,
        end_line=1,
        end_column=1,
        fingerprint=failure.fingerprint,
    )


def _title(problem: Problem) -> str:
    if problem.rule == BROKEN_GLASS:
        return "No glass stays broken"
    if problem.rule.startswith(REFUSED):
        return "Nothing is lost that can't be had again"
    return "Documents say what their kind asks for"


def _problem(problem: Problem) -> Entry:
    return Entry(
        rule=problem.rule,
        title=_title(problem),
        weight="known" if problem.is_known else "blocking",
        message=problem.message,
        why=problem.why,
        fix=problem.fix,
        subject="",
        document=problem.document,
        path=problem.path,
        line=problem.line,
        column=problem.column,
        end_line=problem.line,
        end_column=problem.column,
        fingerprint=problem.fingerprint,
        is_known=problem.is_known,
    )


def _finding(finding: Finding, on: str) -> Entry:
    return Entry(
        rule=finding.rule,
        title=finding.title,
        weight=weight(finding),
        message=finding.message,
        why=finding.why,
        fix=finding.remediation,
        subject=on,
        document=finding.document,
        path=finding.path,
        line=finding.line,
        column=finding.column,
        end_line=finding.end_line,
        end_column=finding.end_column,
        fingerprint=finding.fingerprint,
        is_known=finding.is_known,
        finding=finding,
    )
