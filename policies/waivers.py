"""Waivers: permission to break one rule at one place, and what is wrong with such permissions.

A waiver counts from the day it was granted to the day it expires. It does not count, and says so as a
finding of its own, when somebody approved it for themselves, when it is longer than `LONGEST_DAYS`, or when
its rule can't be waived. One that nothing needs any more, or that is for a place or a rule that is gone, is
a finding too: a pile of forgotten permissions is how a gate dies.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from catalog.days import EPOCH
from catalog.kinds.waiver import ANYWHERE, Waiver
from policies.rule import Rule

LONGEST_DAYS = 90
WARNING_DAYS = 14
"""How early a waiver's end is seen coming, and how early another may be granted for the time after it."""
REFERENCES = ("https://docs.cloud.google.com/architecture/framework/operational-excellence",)


def _rule(name: str, severity: str, title: str, why: str, message: str, remediation: str) -> Rule:
    return Rule(
        id=f"waivers/{name}",
        pillar="operations",
        title=title,
        description=why,
        level=1,
        severity=severity,  # type: ignore[arg-type]
        stages=("spec", "plan"),
        message=message,
        remediation=remediation,
        references=REFERENCES,
        waivable=False,
    )


_TABLE = [
    _rule(
        "expired",
        "error",
        "No waiver outlives its last day",
        "A permission without an end is a new rule that nobody decided on.",
        "The waiver of {rule} ended on {expires}.",
        "Mend what it was for and delete the file, or have it granted anew.",
    ),
    _rule(
        "unused",
        "error",
        "Every waiver is needed",
        "What it allowed does not happen any more. Left behind, it would allow it again unasked.",
        "Nothing breaks {rule} at {path}.",
        "Delete the file.",
    ),
    _rule(
        "dangling",
        "error",
        "A waiver's rule and place exist",
        "A waiver for a rule or a place that is gone may have been meant for another, which is not allowed.",
        "There is no {what}.",
        "Delete the file, or name a rule and a place that exist.",
    ),
    _rule(
        "self-approved",
        "error",
        "Nobody approves a waiver for themselves",
        "The second pair of eyes is the point of an approval.",
        "{person} asked for it and approved it.",
        "Have somebody else approve it.",
    ),
    _rule(
        "not-approved",
        "error",
        "An approval is the platform's, not a name in a file",
        "Whoever writes the file can write any name. What counts is who approved its merge request.",
        "{detail}.",
        "Have {person} approve the merge request, or name who did.",
    ),
    _rule(
        "not-proven",
        "error",
        "An approval that can't be proven is none",
        "If silence of the platform counted as a yes, whoever can silence it could approve anything.",
        "{detail}.",
        "Let the platform answer, and run it again: the token in PAVE_GITLAB_TOKEN must be able to read the"
        " project.",
    ),
    _rule(
        "over-long",
        "error",
        "No waiver is longer than ninety days",
        "What can wait for longer than a quarter is not waited for: it is forgotten.",
        "It holds for {days} days, not at most {longest}.",
        "Set `expires` to {last} or earlier, and renew it if need be.",
    ),
    _rule(
        "not-waivable",
        "error",
        "Some rules can't be waived",
        "What they prevent can't be undone: lost data, leaked secrets.",
        "{rule} can't be waived.",
        "Mend the finding, and delete the file.",
    ),
    _rule(
        "granted-ahead",
        "error",
        "Waivers are not granted in a row",
        "Several in a row are one that is longer than anybody may grant, and nobody looks at it again.",
        "It holds only from {granted} on, in {days} days: at most {longest} days ahead can be granted.",
        "Delete the file, and have it granted when the time has come, if it is still needed.",
    ),
    _rule(
        "not-yet-granted",
        "warning",
        "A waiver does not count before its day",
        "It was granted for later.",
        "It holds from {granted} on.",
        "Wait, or correct `granted`.",
    ),
    _rule(
        "ends-soon",
        "warning",
        "A waiver's end is seen coming",
        "On the day after, its finding blocks.",
        "The waiver of {rule} ends on {expires}, in {left} days.",
        "Mend what it is for, or ask early for another.",
    ),
]
RULES: Mapping[str, Rule] = {rule.id: rule for rule in _TABLE}
"""What may be wrong with a waiver, by id. These rules are about files, so they are not in Rego."""


class WaiverFault(NamedTuple):
    """Something wrong with a waiver: the rule, the field to look at, the words for the templates."""

    waiver: Waiver
    rule: str
    field: str
    params: dict[str, str | int]


class Approval(NamedTuple):
    """What the platform says of a waiver's approval: `is_proven` is None where it can't be told. Where it
    `was_asked`, what isn't proven is not approved; where there is no token to ask with, nothing is known."""

    is_proven: bool | None
    detail: str
    was_asked: bool = True


UNASKED = Approval(None, "approval not proven: no token to ask the platform with", was_asked=False)


def counts_today(waiver: Waiver, rules: Mapping[str, Rule], today: int, approval: Approval = UNASKED) -> bool:
    """Whether a waiver is in force: granted, not ended, and sound."""
    spec = waiver.spec
    return spec.granted <= today <= spec.expires and not any(_unsound(waiver, rules, approval))


def faults(
    waiver: Waiver,
    rules: Mapping[str, Rule],
    today: int,
    approval: Approval = UNASKED,
    *,
    used: bool,
    was_asked: bool,
    place_exists: bool,
) -> Iterator[WaiverFault]:
    """What is wrong with a waiver on a day.

    `used`: a finding is covered by it, or would be if it were in force. `was_asked`: its rule was asked
    at a stage where it could have found something, so that silence means that nothing is wrong."""
    spec = waiver.spec
    words: dict[str, str | int] = {"rule": spec.rule, "path": spec.path, "expires": _day(spec.expires)}
    yield from _unsound(waiver, rules, approval)
    if spec.rule not in rules:
        yield WaiverFault(waiver, "waivers/dangling", "rule", {"what": f"rule {spec.rule}"})
    elif spec.path == ANYWHERE:
        pass  # a migration allows it as long as it is under way, and ends by itself
    elif not place_exists:
        yield WaiverFault(waiver, "waivers/dangling", "path", {"what": f"place {spec.path}"})
    elif was_asked and not used:
        yield WaiverFault(waiver, "waivers/unused", "path", words)
    if today > spec.expires:
        yield WaiverFault(waiver, "waivers/expired", "expires", words)
    elif spec.expires - today < WARNING_DAYS:
        yield WaiverFault(waiver, "waivers/ends-soon", "expires", {**words, "left": spec.expires - today})
    if today + WARNING_DAYS < spec.granted:
        days = spec.granted - today
        words |= {"granted": _day(spec.granted), "days": days, "longest": WARNING_DAYS}
        yield WaiverFault(waiver, "waivers/granted-ahead", "granted", words)
    elif today < spec.granted:
        yield WaiverFault(waiver, "waivers/not-yet-granted", "granted", {"granted": _day(spec.granted)})


def _unsound(waiver: Waiver, rules: Mapping[str, Rule], approval: Approval) -> Iterator[WaiverFault]:
    spec = waiver.spec
    if approval.is_proven is False:
        words: dict[str, str | int] = {"detail": approval.detail, "person": spec.approved_by}
        yield WaiverFault(waiver, "waivers/not-approved", "approvedBy", words)
    elif approval.was_asked and approval.is_proven is None:
        yield WaiverFault(waiver, "waivers/not-proven", "approvedBy", {"detail": approval.detail})
    if spec.requested_by.casefold() == spec.approved_by.casefold():
        yield WaiverFault(waiver, "waivers/self-approved", "approvedBy", {"person": spec.approved_by})
    if spec.expires - spec.granted > LONGEST_DAYS or spec.expires < spec.granted:
        last = _day(spec.granted + LONGEST_DAYS)
        days = spec.expires - spec.granted
        yield WaiverFault(
            waiver, "waivers/over-long", "expires", {"days": days, "longest": LONGEST_DAYS, "last": last}
        )
    if spec.rule in rules and not rules[spec.rule].waivable:
        yield WaiverFault(waiver, "waivers/not-waivable", "rule", {"rule": spec.rule})


def covering(
    rule: str, path: str, waivers: Sequence[Waiver], counts: Callable[[Waiver], bool]
) -> Waiver | None:
    """The waiver that is for a rule's finding at a path and `counts`, however many others are for it too."""
    fitting = (w for w in waivers if w.spec.rule == rule and w.spec.path in (path, ANYWHERE))
    return next(filter(counts, fitting), None)


def _day(days: int) -> str:
    return (EPOCH + timedelta(days=days)).isoformat()
