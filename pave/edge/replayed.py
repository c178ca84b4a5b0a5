"""What the rules of a host would have done with a log, as data and in words."""

import hashlib
from collections import Counter as Tally
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Literal

import msgspec

from components.design.edge.digest import decisive, journey_digest
from components.design.edge.host import GuardingPolicy, HostEdge, PlacedRule
from pave.edge.core_rules import MISSING, UNLIKE_GOOGLE
from pave.edge.logs import Log
from pave.edge.replaying import Hit, Replay
from pave.edge.shown import ShownOwner, owner
from pave.exit_code import ExitCode
from pave.layout import in_columns, wrapped
from pave.reviewing.wording import Locator
from pave.terminal import styled
from policies.wording import Line

MOST = 10
"""Paths, and clients, that are told of each rule."""


class ReplayedPart(msgspec.Struct, frozen=True, rename="camel"):
    """A path, or a client, of which so many requests would have been `refused`; `answered` of them were
    answered with a status below 400, so they are likely false alarms."""

    name: str
    refused: int
    answered: int


class ReplayedRule(msgspec.Struct, frozen=True, rename="camel"):
    """A rule that would have refused some. `clients` are told apart, and `worst_paths` and `worst_clients`
    are those with the most false alarms, as `worst_signatures` are of the core rules that it asks."""

    policy: str
    priority: int
    action: str
    description: str
    preview: bool
    owners: list[ShownOwner]
    refused: int
    answered: int
    clients: int
    worst_paths: list[ReplayedPart]
    worst_clients: list[ReplayedPart]
    worst_signatures: list[ReplayedPart]


class ReplayedPolicy(msgspec.Struct, frozen=True, rename="camel"):
    """What a replay says of a policy as it was: `digest` is the SHA-256 of its journeys' paths and its rules,
    apart from previews; of `requests` for it so many were `refused` and `answered`, and of `undecided` it
    isn't known."""

    name: str
    digest: str
    requests: int
    refused: int
    answered: int
    undecided: int


class ReplayedJourney(msgspec.Struct, frozen=True, rename="camel"):
    """What a replay says of a journey by its `backend`: `digest` is the SHA-256 of its paths and the rules in
    front, apart from previews; the figures are as a policy's."""

    backend: str
    digest: str
    requests: int
    answered: int
    undecided: int


class SaidByGoogle(msgspec.Struct, frozen=True, rename="camel"):
    """What the log itself says that Cloud Armor did: a rule's priority, and how often it `refused`, or would
    have, had it not been in preview (`previewed`)."""

    priority: int
    refused: int
    previewed: int


class EdgeReplayReport(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What `pave edge replay --format json` prints: what the rules would have done with the requests from
    `first` to `last`, as if none were in preview: so many `days` of requests for the host, in which a time
    without any counts as a day at most.

    `others` are for other hosts, for `nobody` no journey has a path. Of `unasked` core rules weren't asked,
    and `hidden` no limit could count, for what the log doesn't say (`hidden_because`). `unread` lines of
    the log hold no request. `log_digest` is the log's SHA-256. It has bodies and all headers
    (`is_whole`) where it is a file of requests."""

    api_version: Literal["pave/v1"] = "pave/v1"
    kind: Literal["EdgeReplayReport"] = "EdgeReplayReport"
    host: str
    environment: str
    log_digest: str
    is_whole: bool = False
    first: str
    last: str
    days: float = 0.0
    requests: int
    others: int
    nobody: int
    unread: int
    first_unread: int | None
    unasked: int
    hidden: int
    hidden_because: dict[str, int]
    refused: int
    answered: int
    policies: list[ReplayedPolicy]
    journeys: list[ReplayedJourney] = []
    rules: list[ReplayedRule]
    google: list[SaidByGoogle]

    @property
    def exit_code(self) -> ExitCode:
        """No where somebody would have been refused who was answered; what isn't known waits, and so does a
        log without any request that a rule is asked about."""
        if self.answered:
            return ExitCode.NO
        is_silent = not any(each.requests for each in self.policies)
        return ExitCode.WAITS if self.unasked or self.hidden or is_silent else ExitCode.OK


def policy_digest(edge: HostEdge, policy: GuardingPolicy) -> str:
    """Of all that decides what a policy does to whom, apart from previews and who said it where."""
    rules = decisive(each.rule for each in policy.rules)
    paths = [(route.path, route.journey) for route in edge.routes if route.policy == policy.name]
    return hashlib.sha256(msgspec.json.encode([edge.host, sorted(paths), rules])).hexdigest()


def _policy(
    edge: HostEdge, policy: GuardingPolicy, found: Replay, rules: Iterable[ReplayedRule]
) -> ReplayedPolicy:
    own = [rule for rule in rules if rule.policy == policy.name]
    return ReplayedPolicy(
        name=policy.name,
        digest=policy_digest(edge, policy),
        requests=found.by_policy[policy.name],
        refused=sum(rule.refused for rule in own),
        answered=sum(rule.answered for rule in own),
        undecided=found.undecided[policy.name],
    )


def _journeys(edge: HostEdge, found: Replay) -> Iterator[ReplayedJourney]:
    rules = {policy.name: [each.rule for each in policy.rules] for policy in edge.policies}
    answered: Tally[str] = Tally()
    for hit, times in found.hits.items():
        answered[hit.backend] += times * hit.was_answered
    for backend, policy in sorted({(each.backend, each.policy) for each in edge.routes}):
        paths = [route.path for route in edge.routes if route.backend == backend]
        yield ReplayedJourney(
            backend=backend,
            digest=journey_digest(edge.host, paths, rules[policy or ""]),
            requests=found.by_backend[backend],
            answered=answered[backend],
            undecided=found.undecided_by_backend[backend],
        )


def replay_report(edge: HostEdge, log: Log, found: Replay, place: Locator) -> EdgeReplayReport:
    """The report on what the rules of a host would have done with a log."""
    by_rule: dict[tuple[str, int], Tally[Hit]] = {}
    for hit, times in found.hits.items():
        by_rule.setdefault((hit.policy, hit.priority), Tally())[hit] += times
    rules = [_rule(found.rules[key], key[0], hits, place) for key, hits in by_rule.items()]
    return EdgeReplayReport(
        host=edge.host,
        environment=edge.environment,
        log_digest=log.digest,
        is_whole=log.is_whole,
        first=_time(log.requests[0].at),
        last=_time(log.requests[-1].at),
        days=round(found.days, 2),
        requests=found.requests,
        others=found.others,
        nobody=found.nobody,
        unread=log.unread,
        first_unread=log.first_unread,
        unasked=found.unasked,
        hidden=found.hidden.total(),
        hidden_because=dict(sorted(found.hidden.items())),
        refused=sum(rule.refused for rule in rules),
        answered=sum(rule.answered for rule in rules),
        policies=[_policy(edge, each, found, rules) for each in edge.policies],
        journeys=list(_journeys(edge, found)),
        rules=sorted(rules, key=lambda rule: (-rule.answered, -rule.refused, rule.policy, rule.priority)),
        google=list(_said_by_google(log)),
    )


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def _rule(placed: PlacedRule, policy: str, hits: Tally[Hit], place: Locator) -> ReplayedRule:
    rule, journeys = placed.rule, {hit.journey for hit in hits}
    return ReplayedRule(
        policy=policy,
        priority=rule.priority,
        action=rule.action,
        description=rule.description,
        preview=rule.preview,
        owners=[owner(each, place) for each in placed.owners if each.journey in {None, *journeys}],
        refused=hits.total(),
        answered=sum(times for hit, times in hits.items() if hit.was_answered),
        clients=len({hit.client for hit in hits}),
        worst_paths=_worst(hits, lambda hit: [hit.path]),
        worst_clients=_worst(hits, lambda hit: [hit.client]),
        worst_signatures=_worst(hits, lambda hit: hit.signatures),
    )


def _worst(hits: Tally[Hit], names: Callable[[Hit], Iterable[str]]) -> list[ReplayedPart]:
    refused: Tally[str] = Tally()
    answered: Tally[str] = Tally()
    for hit, times in hits.items():
        for name in names(hit):
            refused[name] += times
            answered[name] += times if hit.was_answered else 0
    order = sorted(refused, key=lambda each: (-answered[each], -refused[each], each))
    return [ReplayedPart(each, refused[each], answered[each]) for each in order[:MOST]]


def _said_by_google(log: Log) -> Iterator[SaidByGoogle]:
    refused = Tally(each.priority for each in log.requests if each.priority is not None)
    previewed = Tally(each.previewed for each in log.requests if each.previewed is not None)
    for priority in sorted({*refused, *previewed}):
        yield SaidByGoogle(priority, refused[priority], previewed[priority])


def as_text(report: EdgeReplayReport, *, colour: bool, width: int) -> str:
    """The report for a person, in lines of so many columns."""
    return styled(_lines(report, width), colour=colour)


def _lines(report: EdgeReplayReport, width: int) -> Iterator[Line]:
    if not any(each.requests for each in report.policies):
        yield Line(
            "bad", f"None of {report.requests} requests is for a journey of this host: this says nothing."
        )
        yield Line("plain", "")
    style: Literal["bad", "good"] = "bad" if report.answered else "good"
    said = f"{report.refused} of {report.requests} requests would have been refused or limited"
    yield Line(style, f"{said}, {report.answered} of them had been answered.")
    yield Line("plain", "")
    for row in in_columns(list(_heads(report)), width):
        yield Line("plain", row)
    for rule in report.rules:
        yield Line("plain", "")
        mode = "in preview" if rule.preview else "enforced"
        text = f"{rule.policy} {rule.priority}, {rule.action}, {mode}: {rule.description}"
        for row in wrapped(text, width, "", "  "):
            yield Line("bad" if rule.answered else "plain", row)
        for one in rule.owners:
            yield Line("place", f"  {one.source}  {one.service}, of {one.team}")
        clients = "1 client" if rule.clients == 1 else f"{rule.clients} clients"
        yield Line("plain", f"  {rule.refused} requests of {clients}, {rule.answered} had been answered")
        yield from _worst_lines("path", rule.worst_paths, width)
        yield from _worst_lines("client", rule.worst_clients, width)
        if rule.worst_signatures:
            yield from _worst_lines("core rule", rule.worst_signatures, width)
    yield Line("plain", "")
    yield from _wrapped(_limits(report), width)


def _heads(report: EdgeReplayReport) -> Iterator[tuple[str, str]]:
    yield "host", f"{report.host}, in {report.environment}"
    span = "requests of a test" if report.is_whole else f"{report.first} to {report.last}"
    yield "log", f"{span}, {report.requests} requests"
    if report.others:
        yield "others", f"{report.others} are for other hosts"
    if report.nobody:
        yield "404", f"{report.nobody} are for paths of no journey"
    if report.unread:
        yield "unread", f"lines without a request: {report.unread}, the first is {report.first_unread}"
    if report.unasked:
        yield "undecided", f"{report.unasked}: core rules weren't asked"
    for why, times in report.hidden_because.items():
        yield "undecided", f"{times}: the log doesn't say {why}"
    for each in report.google:
        yield f"Google's {each.priority}", f"refused {each.refused}, would have refused {each.previewed}"


def _worst_lines(what: str, parts: Iterable[ReplayedPart], width: int) -> Iterator[Line]:
    rows = [(each.name, str(each.refused), str(each.answered)) for each in parts]
    for row in in_columns([(what, "refused", "answered"), *rows], width - 4, right=(1,)):
        yield Line("faint", f"    {row}")


def _limits(report: EdgeReplayReport) -> Iterator[str]:
    if report.is_whole:
        yield "These are requests of a test, without times: no limit counts them, and they are no evidence."
    else:
        yield "A log holds neither bodies nor most headers, so core rules saw none of these."
    if report.unasked:
        yield f"{MISSING[0].upper()}{MISSING[1:]}."
    else:
        yield UNLIKE_GOOGLE
    yield (
        "Limits count each client as if it came in at one region of Google's, in periods that begin with its"
        " first request; Google's own counting is approximate."
    )


def _wrapped(texts: Iterable[str], width: int) -> Iterator[Line]:
    for text in texts:
        for row in wrapped(text, width):
            yield Line("faint", row)
