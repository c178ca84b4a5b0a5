"""What a host does with one request, as data and in words."""

from collections.abc import Iterator
from typing import Literal

import msgspec

from components.design.edge.answer import Answer, AskedRule, answer
from components.design.edge.core_rules import group_of, signature_name
from components.design.edge.host import HostEdge
from components.design.edge.keys import by_words, counted, is_lacking
from components.design.edge.request import Request, Unknown
from pave.edge.core_rules import UNLIKE_GOOGLE
from pave.edge.shown import ShownOwner, owner
from pave.exit_code import ExitCode
from pave.layout import in_columns, wrapped
from pave.reviewing.wording import Locator
from pave.terminal import styled
from policies.wording import Line


class TestedClause(msgspec.Struct, frozen=True, rename="camel"):
    """A part of what a rule asks. `holds` is None where that isn't known, and `why` says what isn't."""

    text: str
    holds: bool | None
    why: str | None


class TestedRule(msgspec.Struct, frozen=True, rename="camel"):
    """A rule that was asked about the request, and whether it holds for it: None where that isn't known."""

    priority: int
    action: str
    description: str
    preview: bool
    holds: bool | None
    clauses: list[TestedClause]
    owners: list[ShownOwner]


class TestedLimit(msgspec.Struct, frozen=True, rename="camel"):
    """What the limit does to a client that sends `rate` requests in so many `seconds`: the request of number
    `first` meets it, None if none does, and so many of them are `refused`, or would be in a `preview`.
    They count together by what `counted` says: all of them are alike, and so are others' of which
    all of that is the same. The request doesn't have what it is `lacking` of that; `unknown` is what can't be
    known of it here."""

    rate: int
    seconds: int
    first: int | None
    after_seconds: float
    refused: int
    preview: bool
    counted: str
    lacking: list[str]
    unknown: str | None


class EdgeTestReport(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What `pave edge test --format json` prints.

    `does` is `answered`, `limited` (answered, as long as the client stays below the limit), `refused`,
    `nobody` (no journey has the path: 404), `unguarded` (answered, nothing is in front), or `undecided`: then
    `why` says what isn't known, and `otherwise` what happens if no core rule recognises the request. `rules`
    are those that were asked, the last one acts; `previewed` would have, and only log. `recognised` are the
    core rules that recognise the request at any level, None where they weren't asked. After all rules only
    members of `groups`, where it says some, get through. `limits` are those that
    were asked about a rate; `unlimited` says that there was a rate, and none of them."""

    api_version: Literal["pave/v1"] = "pave/v1"
    kind: Literal["EdgeTestReport"] = "EdgeTestReport"
    host: str
    environment: str
    request: str
    client: str
    connects: str
    does: str
    why: str
    otherwise: str | None
    path: str | None
    journey: str | None
    workload: str | None
    owner: ShownOwner | None
    groups: list[str]
    policy: str | None
    decided: int | None
    previewed: list[int]
    rules: list[TestedRule]
    recognised: list[str] | None
    limits: list[TestedLimit]
    unlimited: bool = False

    @property
    def exit_code(self) -> ExitCode:
        """Ok where all of it comes through."""
        if self.does == "undecided":
            return ExitCode.WAITS
        is_cut = any(each.first is not None and not each.preview for each in self.limits)
        return ExitCode.NO if self.does in {"refused", "nobody"} or is_cut else ExitCode.OK


def edge_test_report(
    edge: HostEdge, request: Request, rate: tuple[int, int] | None, place: Locator
) -> EdgeTestReport:
    """The report on what a host does with a request, and with more like it at some rate."""
    found, otherwise = answer(edge, request, rate), None
    if found.does == "undecided" and isinstance(request.recognised, Unknown):
        unrecognised = request._replace(recognised=())
        otherwise = answer(edge, unrecognised, rate)
    limits = list(_limits(otherwise or found, request))
    route, query = found.route, f"?{request.query}" if request.query else ""
    return EdgeTestReport(
        host=edge.host,
        environment=edge.environment,
        request=f"{request.method} {request.path}{query}",
        client=request.user_ip,
        connects=request.ip,
        does=found.does,
        why=found.why,
        otherwise=None if otherwise is None or otherwise.does == "undecided" else otherwise.does,
        path=None if route is None else route.path,
        journey=None if route is None else route.journey,
        workload=None if route is None else route.workload,
        owner=None if route is None else owner(route.owner, place),
        groups=[] if route is None else route.groups,
        policy=None if found.policy is None else found.policy.name,
        decided=None if found.decided is None else found.decided.rule.priority,
        previewed=[each.rule.priority for each in found.previewed],
        rules=[]
        if route is None
        else [_rule(each, route.journey, place) for each in (otherwise or found).asked],
        recognised=None
        if isinstance(request.recognised, Unknown)
        else [
            f"{signature_name(each.rule)} from sensitivity {each.level} on"
            for each in request.recognised
            if group_of(each.rule) is not None
        ],
        limits=limits,
        unlimited=rate is not None and not limits and (otherwise or found).does in COMES_THROUGH,
    )


def _limits(found: Answer, request: Request) -> Iterator[TestedLimit]:
    for placed, bite in found.bites:
        key = placed.rule.key
        together = counted(key, request)
        yield TestedLimit(
            rate=bite.rate,
            seconds=bite.seconds,
            first=bite.first,
            after_seconds=bite.after,
            refused=bite.refused,
            preview=placed.rule.preview,
            counted=by_words(key),
            lacking=[by_words([part]).removeprefix("its ") for part in key if is_lacking(part, request)],
            unknown=together.why if isinstance(together, Unknown) else None,
        )


def _rule(asked: AskedRule, journey: str, place: Locator) -> TestedRule:
    rule = asked.placed.rule
    return TestedRule(
        priority=rule.priority,
        action=rule.action,
        description=rule.description,
        preview=rule.preview,
        holds=None if isinstance(asked.holds, Unknown) else asked.holds,
        clauses=[
            TestedClause(each.text, None, each.holds.why)
            if isinstance(each.holds, Unknown)
            else TestedClause(each.text, each.holds, None)
            for each in asked.clauses
        ],
        owners=[owner(each, place) for each in asked.placed.owners if each.journey in {None, journey}],
    )


COMES_THROUGH = frozenset({"answered", "limited", "unguarded"})

DONE = {
    "answered": ("good", "ANSWERED: {workload} gets it"),
    "limited": ("good", "ANSWERED: {workload} gets it, as long as the client stays below its limit"),
    "unguarded": ("bad", "ANSWERED: {workload} gets it, and nothing stands in front"),
    "refused": ("bad", "REFUSED by rule {decided}: {action}"),
    "nobody": ("bad", "REFUSED: no journey has this path (`/` is that page alone, `/*` are all): 404"),
    "undecided": ("plain", "UNDECIDED: {why}"),
}


UNLIMITED = (
    "Nothing limits this client: no limit is asked about this request, so all of them come through, however"
    " many. A `rateLimit` of its endpoint would be one."
)


def as_text(report: EdgeTestReport, *, colour: bool, width: int) -> str:
    """The report for a person, in lines of so many columns."""
    return styled(_lines(report, width), colour=colour)


def _lines(report: EdgeTestReport, width: int) -> Iterator[Line]:
    style, words = DONE[report.does]
    action = next((each.action for each in report.rules if each.priority == report.decided), "")
    said = words.format(workload=report.workload, decided=report.decided, action=action, why=report.why)
    for row in wrapped(said, width, "", "  "):
        yield Line("good" if style == "good" else "bad" if style == "bad" else "plain", row)
    if report.otherwise is not None:
        style, words = DONE[report.otherwise]
        last = report.rules[-1] if report.rules else None
        then = words.format(
            workload=report.workload,
            decided=last.priority if last else "",
            action=last.action if last else "",
            why="",
        )
        for row in wrapped(f"If no core rule recognises it: {then}", width, "", "  "):
            yield Line("plain", row)
    yield Line("plain", "")
    for row in in_columns(list(_heads(report)), width):
        yield Line("plain", row)
    for said in [UNLIMITED] if report.unlimited else map(_limit, report.limits):
        yield Line("plain", "")
        for row in wrapped(said, width, "", "  "):
            yield Line("plain", row)
    if report.rules:
        yield Line("plain", "")
        yield Line("good", "Asked, in this order:")
    for each in report.rules:
        yield from _asked(each, width)
    if report.recognised is not None:
        yield Line("plain", "")
        for row in wrapped(UNLIKE_GOOGLE, width):
            yield Line("faint", row)


def _heads(report: EdgeTestReport) -> Iterator[tuple[str, str]]:
    yield "request", f"{report.request} at {report.host}, in {report.environment}"
    through = "" if report.client == report.connects else f", through the proxy's {report.connects}"
    yield "client", f"{report.client}{through}"
    if report.owner is not None:
        yield "route", f"{report.path} is journey {report.journey}, answered by {report.workload}"
        yield "owner", f"{report.owner.service}, of {report.owner.team}: {report.owner.source}"
    if report.policy is not None:
        yield "policy", report.policy
    if report.groups:
        yield "employees", f"after that only members of {', '.join(report.groups)} get through"
    if report.previewed:
        yield "preview", f"{', '.join(map(str, report.previewed))} would act, and only log"
    if report.recognised is not None:
        yield (
            "core rules",
            ", ".join(report.recognised) or "none of a group recognises it, at any sensitivity",
        )


def _limit(limit: TestedLimit) -> str:
    return f"{_bite(limit)}{''.join(_counted(limit))}"


def _counted(limit: TestedLimit) -> Iterator[str]:
    yield f" Counted by {limit.counted}"
    if limit.lacking:
        yield f"; it has no {' and no '.join(limit.lacking)}, and counts with all else alike that has none"
    if limit.unknown is not None:
        yield f"; not known here: {limit.unknown}. It is taken to be the same for all of them"
    yield "."


def _bite(limit: TestedLimit) -> str:
    if limit.first is None:
        return f"{limit.rate} of them in {limit.seconds} s from this client stay below the limit."
    would = "would be refused, and are only logged" if limit.preview else "are answered 429"
    return (
        f"{limit.rate} of them in {limit.seconds} s from this client: number {limit.first} meets the limit,"
        f" {limit.after_seconds:g} s after the first; from then on {limit.refused} of each {limit.rate}"
        f" {would}, as far as they come in at one region of Google's."
    )


def _asked(rule: TestedRule, width: int) -> Iterator[Line]:
    mark = {True: "yes", False: "no", None: "not known"}[rule.holds]
    mode = ", preview: only logs" if rule.preview else ""
    for row in wrapped(
        f"{rule.priority}  {rule.action}{mode}  {rule.description}: {mark}", width, "  ", "    "
    ):
        yield Line("plain", row)
    for clause in rule.clauses:
        why = f" ({clause.why})" if clause.why else ""
        said = f"{ {True: 'yes', False: 'no ', None: '?  '}[clause.holds] } {clause.text}{why}"
        for row in wrapped(said, width, "    ", "        "):
            yield Line("faint", row)
    if rule.holds:
        for one in rule.owners:
            yield Line("place", f"    {one.source}  {one.service}, of {one.team}")
