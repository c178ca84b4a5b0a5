"""Turns what the rules found into a decision that people can act on.

A rule returns a path and parameters; here they get the words of the rule's metadata, the place in the
owner's file, and the answer to "does it block?".
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal

import msgspec

from catalog.days import days_since_epoch
from catalog.document import Document, readable, rfc6901
from catalog.kinds.waiver import Waiver
from catalog.yaml.parsed import Mark, Pointer
from policies.enforcement import Status, floor_of, is_blocking
from policies.engines.answer import RawFinding
from policies.fingerprint import fingerprints
from policies.rule import PILLARS, PLACEHOLDER, Rule, Stage
from policies.stakes import because
from policies.subject import StackPart, Subject
from policies.waivers import RULES as WAIVER_RULES
from policies.waivers import WaiverFault, counts_today, covering, faults

SEVERITIES = ("error", "warning", "info")


class Finding(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """One result of one rule at one place.

    `path` is for people (`spec.stores[db].availability`), `pointer` (RFC 6901) leads into `document`; `line`
    and `column` count from 1, the end is just after the last character. `written` is False when the value is
    a default and the position that of its nearest written ancestor. `resource` is the URN for a finding on a
    plan. `waiver` names the waiver in force that allows it, `approval` says what is known of who approved
    that; `lapsed` names one that is for it and doesn't count: it has ended, or nobody else approved it.
    `is_known` when a baseline has it, and `was` what that said, where it said something else. `because` says
    what is at stake that makes its rule bind a service whose own target is lower, empty if the level alone
    does. `expected`, when there is one, is the value that at this path removes the finding. `fingerprint` is
    the same on the day when its lines have moved, and no other's in a report."""

    rule: str
    title: str
    pillar: str
    level: int
    severity: Literal["error", "warning", "info"]
    status: Status
    blocking: bool
    message: str
    why: str
    remediation: str
    references: list[str]
    document: str
    path: str
    pointer: str
    line: int
    column: int
    end_line: int
    end_column: int
    written: bool
    resource: str | None = None
    waiver: str | None = None
    lapsed: str | None = None
    approval: str = ""
    is_known: bool = False
    was: str = ""
    fingerprint: str = ""
    because: str = ""
    expected: Any | msgspec.UnsetType = msgspec.UNSET


class Counts(msgspec.Struct, frozen=True, rename="camel"):
    """`rules` were asked. `passed` found nothing, `declared` found nothing either but believed the owner's
    words for it; the others count findings, each of them once."""

    rules: int
    passed: int
    blocking: int
    next_steps: int
    undecided: int
    waived: int
    declared: int = 0
    known: int = 0


class Decision(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """All findings on one service in one environment; with `service` None, on a `part` of it: its
    foundation, what watches it, or what all units write to. `document` is the file that describes it.
    `declared` are the rules that found nothing and believed words for it. `problems` is how much is wrong
    with that file beside what rules find; then it isn't `allowed`."""

    service: str | None
    part: StackPart | None = None
    environment: str
    document: str
    stages: list[Stage]
    target_level: int
    allowed: bool
    counts: Counts
    declared: list[str] = []
    problems: int = 0
    findings: list[Finding]


def decide(
    subject: Subject,
    raw: Sequence[RawFinding],
    rules: Mapping[str, Rule],
    stages: Sequence[Stage],
    today: date,
) -> Decision:
    """The decision on a subject: what its rules found at `stages`, most urgent first, each place once,
    with the waivers in force on the day applied and what is wrong with waivers added."""
    asked = set(rules_asked(rules, stages))
    found = _once([_finding(subject, one, rules[one.rule]) for one in raw])
    day = days_since_epoch(today)
    findings = [_waived(finding, subject, rules, day) for finding in found]
    findings += _waiver_findings(subject, found, rules, set(stages), day)
    findings.sort(key=_urgency)
    tally = Counter(_kind(finding) for finding in findings)
    silent = asked - {finding.rule for finding in found}
    proven = {name for name in silent if {*rules[name].stages} <= {*stages, "state"}}
    declared = sorted(
        name
        for name in silent
        if (said := rules[name].declared) is not None and said.proof not in proven and subject.believes(said)
    )
    return Decision(
        service=None if subject.service is None else subject.service.name,
        part=None if subject.service is not None else subject.part,
        environment=subject.place,
        document=subject.document.path,
        stages=list(stages),
        target_level=subject.target_level,
        allowed=tally["blocking"] == 0,
        counts=Counts(
            rules=len(asked),
            passed=len(silent) - len(declared),
            blocking=tally["blocking"],
            next_steps=tally["next step"],
            undecided=tally["undecided"],
            waived=tally["waived"],
            declared=len(declared),
        ),
        declared=declared,
        findings=_fingerprinted(findings, subject),
    )


def rules_asked(rules: Mapping[str, Rule], stages: Sequence[Stage]) -> list[str]:
    """The ids of the rules that have a say at some stages."""
    return [name for name, rule in rules.items() if set(rule.stages) & set(stages)]


def _fingerprinted(findings: list[Finding], subject: Subject) -> list[Finding]:
    service = "" if subject.service is None else subject.service.name
    made = fingerprints(
        (f.rule, service, subject.place, f.document, f.path, *resource_of(f)) for f in findings
    )
    return [msgspec.structs.replace(f, fingerprint=one) for f, one in zip(findings, made, strict=True)]


def resource_of(finding: Finding) -> tuple[str, ...]:
    """(type, name) of the resource that a finding is on; nothing for one on a spec."""
    if finding.resource is None:
        return ()
    types, name = finding.resource.split("::", 3)[2:4]
    return types.split("$")[-1], name


def _waived(finding: Finding, subject: Subject, rules: Mapping[str, Rule], today: int) -> Finding:
    def counts(waiver: Waiver) -> bool:
        return counts_today(waiver, rules, today, subject.approval(waiver))

    waiver = covering(finding.rule, finding.path, subject.waivers, counts)
    if waiver is None:
        other = covering(finding.rule, finding.path, subject.waivers, lambda _: True)
        return finding if other is None else msgspec.structs.replace(finding, lapsed=other.name)
    approval = subject.approval(waiver).detail
    return msgspec.structs.replace(finding, blocking=False, waiver=waiver.name, approval=approval)


def _waiver_findings(
    subject: Subject, found: list[Finding], rules: Mapping[str, Rule], stages: set[str], today: int
) -> list[Finding]:
    return [
        _waiver_finding(subject, fault)
        for waiver in subject.waivers
        for fault in faults(
            waiver,
            rules,
            today,
            subject.approval(waiver),
            used=any(f.rule == waiver.spec.rule and f.path == waiver.spec.path for f in found),
            was_asked=waiver.spec.rule in rules and bool(set(rules[waiver.spec.rule].stages) & stages),
            place_exists=subject.has_place(waiver.spec.path),
        )
    ]


def _waiver_finding(subject: Subject, fault: WaiverFault) -> Finding:
    document, pointer = fault.waiver.document, ("spec", fault.field)
    place = (document, pointer, *document.mark(pointer))
    path = readable(pointer, document.data)
    return _worded(subject, WAIVER_RULES[fault.rule], fault.params, "failed", place, path)


def fill(template: str, params: Mapping[str, Any]) -> str:
    """A rule's template with `{name}` replaced by the finding's parameter; numbers keep six digits."""
    return PLACEHOLDER.sub(lambda match: _text(params.get(match[1], match[0])), template)


def _finding(subject: Subject, found: RawFinding, rule: Rule) -> Finding:
    place = subject.locate(found.path)
    path = _readable(subject, found.path, place[0], place[1])
    return msgspec.structs.replace(
        _worded(subject, rule, found.params, found.status, place, path),
        resource=str(found.path[1]) if found.path[0] == "plan" else None,
        expected=found.params.get("expected", msgspec.UNSET),
    )


def _worded(
    subject: Subject,
    rule: Rule,
    params: Mapping[str, Any],
    status: Status,
    place: tuple[Document, Pointer, Mark, bool],
    path: str,
) -> Finding:
    """A rule's words about a place, and whether they block the subject."""
    document, pointer, mark, written = place
    floor = floor_of(rule, subject.target_level, subject.stakes)
    return Finding(
        rule=rule.id,
        title=rule.title,
        pillar=rule.pillar,
        level=rule.level,
        severity=rule.severity,
        status=status,
        blocking=is_blocking(rule.severity, rule.level, status, subject.target_level, is_floor=bool(floor)),
        message=fill(rule.message, params),
        why=rule.description,
        remediation=fill(rule.remediation, params),
        references=list(rule.references),
        document=document.path,
        path=path,
        pointer=rfc6901(pointer),
        line=mark.line,
        column=mark.column,
        end_line=mark.end_line,
        end_column=mark.end_column,
        written=written,
        because=because(floor),
    )


def _readable(subject: Subject, path: Sequence[str | int], document: Document, pointer: Pointer) -> str:
    """The effective path where the rule judged the spec: it names defaults that stand in no file."""
    if path[0] == "service" and subject.service is not None:
        return readable(tuple(path[1:]), subject.service.data)
    if path[0] == "environment":
        return readable(tuple(path[1:]), subject.environment.data)
    if path[0] == "unit" and subject.unit is not None:
        return readable(tuple(path[1:]), subject.unit.data)
    return readable(pointer, document.data)


def _once(findings: list[Finding]) -> list[Finding]:
    """A rule that finds the same fault in the spec and in a resource made of it says so once. What it says in
    other words at the same place is another fault."""
    in_spec = [finding for finding in findings if finding.resource is None]
    kept = {
        (f.rule, f.document, f.pointer, f.path, f.resource, f.message): f
        for f in findings
        if not _is_echo(f, in_spec)
    }
    return list(kept.values())


def _is_echo(finding: Finding, in_spec: list[Finding]) -> bool:
    """Whether a finding on a resource repeats one inside the element of the spec that it is made of, or one
    on a value that holds for all elements, as the firewall's profile: one mistake, and one waiver for it."""
    return finding.resource is not None and any(
        other.rule == finding.rule and (_holds_for_all(other.pointer) or _is_inside(other, finding))
        for other in in_spec
    )


def _is_inside(found: Finding, element: Finding) -> bool:
    return found.document == element.document and f"{found.pointer}/".startswith(f"{element.pointer}/")


def _holds_for_all(pointer: str) -> bool:
    """Whether a pointer leads through no element of a list."""
    return not any(step.isdecimal() for step in pointer.split("/"))


def _kind(finding: Finding) -> str:
    if finding.waiver is not None:
        return "waived"
    if finding.status == "undecided":
        return "undecided"
    return "blocking" if finding.blocking else "next step"


def _urgency(finding: Finding) -> tuple[Any, ...]:
    rank = SEVERITIES.index(finding.severity)
    place = (finding.document, finding.line, finding.column, finding.resource or "", finding.path)
    pillar = PILLARS.index(finding.pillar)
    return (not finding.blocking, rank, finding.level, pillar, finding.rule, *place)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
