"""What stands at a host, as data and in words."""

from collections.abc import Iterator
from typing import Literal

import msgspec

from components.design.edge.host import GuardingPolicy, HostEdge, Owner, PlacedRule
from components.design.edge.limits import in_words
from components.design.edge_model import (
    RequestRule,
)
from pave.layout import in_columns, wrapped
from pave.reviewing.wording import Locator
from pave.terminal import styled
from policies.wording import Line


class ShownOwner(msgspec.Struct, frozen=True, rename="camel"):
    """Whose something is, and the place in a file that says it: `file:line:column`."""

    service: str
    team: str
    source: str


class ShownRoute(msgspec.Struct, frozen=True, rename="camel"):
    """Requests for a `path` belong to a `journey`; a `workload` answers them, behind a `policy`, None where
    nothing stands in front. Where there are `groups`, it answers their members only."""

    path: str
    journey: str
    workload: str
    backend: str
    policy: str | None
    groups: list[str]
    owner: ShownOwner


class ShownRule(msgspec.Struct, frozen=True, rename="camel"):
    """A rule of a policy, as the plan has it, and what its limit means in words (`limits`), where it has
    one."""

    rule: RequestRule
    owners: list[ShownOwner]
    limits: str | None


class ShownPolicy(msgspec.Struct, frozen=True, rename="camel"):
    """A policy and its rules, in the order in which they are asked."""

    name: str
    journeys: list[str]
    rules: list[ShownRule]


class EdgeReport(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What `pave edge show --format json` prints. The first of `routes` that matches is the one; where none
    does, the load balancer answers 404."""

    api_version: Literal["pave/v1"] = "pave/v1"
    kind: Literal["EdgeReport"] = "EdgeReport"
    host: str
    former: list[str]
    environment: str
    entrance: str
    proxy: str
    client_address_header: str | None
    sources: list[str]
    services: list[str]
    routes: list[ShownRoute]
    policies: list[ShownPolicy]


def edge_report(edge: HostEdge, place: Locator) -> EdgeReport:
    """The report on what stands at a host."""
    return EdgeReport(
        host=edge.host,
        former=edge.former,
        environment=edge.environment,
        entrance=edge.entrance,
        proxy=edge.proxy,
        client_address_header=edge.client_address_header,
        sources=edge.sources,
        services=sorted({route.owner.service for route in edge.routes}),
        routes=[
            ShownRoute(
                path=each.path,
                journey=each.journey,
                workload=each.workload,
                backend=each.backend,
                policy=each.policy,
                groups=each.groups,
                owner=owner(each.owner, place),
            )
            for each in edge.routes
        ],
        policies=[_policy(edge, policy, place) for policy in edge.policies],
    )


def owner(one: Owner, place: Locator) -> ShownOwner:
    """An owner as reports show one."""
    return ShownOwner(one.service, one.team, place(one.origin))


def _policy(edge: HostEdge, policy: GuardingPolicy, place: Locator) -> ShownPolicy:
    return ShownPolicy(
        policy.name, policy.journeys, [_rule(edge, policy, rule, place) for rule in policy.rules]
    )


def _rule(edge: HostEdge, policy: GuardingPolicy, placed: PlacedRule, place: Locator) -> ShownRule:
    rule, limits = placed.rule, None
    if rule.limit is not None:
        alike = sum(each.rule.limit is not None for each in policy.rules)
        limits = in_words(rule, policy.journeys, alike, edge.region)
    return ShownRule(rule, [owner(each, place) for each in placed.owners], limits)


def as_text(report: EdgeReport, *, colour: bool, width: int) -> str:
    """The report for a person, in lines of so many columns."""
    return styled(_lines(report, width), colour=colour)


def _lines(report: EdgeReport, width: int) -> Iterator[Line]:
    yield Line("plain", f"{report.host} · {report.environment}")
    for row in in_columns(list(_heads(report)), width - 2):
        yield Line("plain", f"  {row}")
    yield Line("plain", "")
    yield Line("good", "Routes: the first that matches")
    rows = [
        (each.path, f"{each.owner.service}/{each.journey}", each.workload, each.policy or "nothing in front")
        for each in report.routes
    ]
    for row in in_columns([("path", "journey", "workload", "policy"), *rows], width - 2):
        yield Line("plain", f"  {row}")
    for policy in report.policies:
        yield Line("plain", "")
        yield Line("good", f"{policy.name}, in front of {', '.join(policy.journeys)}")
        yield from _rules(policy, width)


def _heads(report: EdgeReport) -> Iterator[tuple[str, str]]:
    if report.former:
        yield "formerly", ", ".join(report.former)
    if report.entrance == "machine":
        yield "entrance", "the machines themselves: no rule stands in front of them"
    elif report.proxy != "none":
        ranges = f"{len(report.sources)} ranges" if report.sources else "anywhere"
        header = report.client_address_header
        yield "entrance", f"behind {report.proxy}, from {ranges}; clients are told by {header}"
    else:
        yield "entrance", "a load balancer, from anywhere"
    yield "services", ", ".join(report.services)
    if groups := sorted({group for each in report.routes for group in each.groups}):
        yield "employees", f"members of {', '.join(groups)} alone, whom the identity-aware proxy asks for"
    if not any(each.path == "/*" for each in report.routes):
        yield "other paths", "are answered 404"


def _rules(policy: ShownPolicy, width: int) -> Iterator[Line]:
    told = ""
    for each in policy.rules:
        rule = each.rule
        mode = ", preview: only logged" if rule.preview else ""
        yield Line("plain", f"  {rule.priority:>10}  {rule.action}{mode}  {rule.description}")
        for row in wrapped(f"if {matching(rule)}", width, " " * 14):
            yield Line("faint", row)
        if each.limits is not None and each.limits != told:
            told = each.limits
            for row in wrapped(told, width, " " * 14):
                yield Line("plain", row)
        for one in each.owners:
            yield Line("place", f"{' ' * 14}{one.source}  {one.service}, of {one.team}")


def matching(rule: RequestRule) -> str:
    """What a rule asks of a request."""
    if rule.expression is not None:
        return rule.expression
    if rule.sources == ["*"]:
        return "anybody asks"
    return f"it comes from {', '.join(rule.sources)}"
