"""Decides which requests the firewall in front of each endpoint lets through.

Cloud Armor takes the first rule that matches and asks no later one, so the order is: who is refused for who
it is, the core rules, the rate limit (which lets through what stays below it), the ranges that are let in,
everybody else.
https://cloud.google.com/armor/docs/security-policy-overview#eval-order
"""

import hashlib
from collections.abc import Iterator, Sequence

import msgspec

from catalog.kinds.service_spec import RateLimit
from components.design.edge.access import RANGES_PER_RULE, access_rules
from components.design.edge.digest import journey_digest
from components.design.edge.exceptions import meet
from components.design.edge.expressions import Condition, attacks, excepted
from components.design.edge.keys import key_parts
from components.design.edge_model import (
    EdgeDesign,
    EndpointDesign,
    RequestRule,
    SecurityPolicyDesign,
    WafException,
    WafGroup,
)

CORE = 1000
"""The first priority of the core rules."""

LAST = 2147483647
"""Priority of the rule that every policy ends with."""

ACTIONS = {"throttle": (2000, "throttle"), "ban": (2500, "rate_based_ban")}
"""The first priority of a limit, and its action. They have priorities of their own because a rule that bans
can't be made one that throttles (https://cloud.google.com/armor/docs/rate-limiting-overview)."""


def security_policies(
    edge: EdgeDesign | None, endpoints: Sequence[EndpointDesign]
) -> list[SecurityPolicyDesign]:
    """The policies in front of `endpoints`: one for all that have the same rules, since a project has few
    (quotas SECURITY_POLICIES and SECURITY_POLICY_CEVAL_RULES, https://cloud.google.com/armor/quotas). Whose
    rules are those that the zone asks of everybody stands behind the foundation's.

    A limit counts for each endpoint by itself, as it is asked at each backend apart. None where a name
    leads to machines: nothing stands in front of those."""
    if edge is None or edge.entrance == "machine":
        return []
    shared: list[tuple[list[RequestRule], list[EndpointDesign]]] = []
    for endpoint in endpoints:
        rules = request_rules(edge, endpoint)
        alike = next((guarded for known, guarded in shared if known == rules), None)
        if alike is None:
            shared.append((rules, [endpoint]))
        else:
            alike.append(endpoint)
    return [_policy(edge, rules, guarded) for rules, guarded in shared]


def _policy(
    edge: EdgeDesign, rules: list[RequestRule], guarded: Sequence[EndpointDesign]
) -> SecurityPolicyDesign:
    first, there = guarded[0], edge.baseline.policies if edge.baseline is not None else []
    digest = digest_of(rules)
    shared = next((each for each in there if each.digest == digest), None)
    return SecurityPolicyDesign(
        name=first.name,
        origin=first.origin,
        resource=first.resource if shared is None else shared.resource,
        address=None if shared is None else shared.address,
        endpoints=[endpoint.name for endpoint in guarded],
        digests={each.name: journey_digest(edge.host, each.paths, rules) for each in guarded},
        exceptions=[exception.name for exception in _exceptions(edge, first)],
        rules=rules,
        most_subexpressions=max(rule.subexpressions for rule in rules),
        longest_expression=max(len(rule.expression or "") for rule in rules),
    )


def digest_of(rules: Sequence[RequestRule]) -> str:
    """The SHA-256 of a policy's rules."""
    return hashlib.sha256(msgspec.json.encode(rules)).hexdigest()


def request_rules(edge: EdgeDesign, endpoint: EndpointDesign) -> list[RequestRule]:
    """The rules in front of one endpoint, in the order of their priorities. The zone's limit holds where the
    endpoint has none of its own: Cloud Armor asks no second one."""
    limit = endpoint.rate_limit
    if limit is None and edge.baseline is not None:
        limit = edge.baseline.limit
    address = "origin.user_ip" if edge.client_address_header is not None else "origin.ip"
    core = []
    if edge.waf_profile == "baseline":
        skipped = excepted(_exceptions(edge, endpoint), address)
        left_out = [each.rule for each in edge.waf_left_out]
        core = core_rules(edge.waf_groups, left_out, skipped, is_preview=edge.waf_mode == "preview")
    return [
        *access_rules(edge),
        *core,
        *admitting(edge.sources, limit, is_proxied=edge.client_address_header is not None),
    ]


def core_rules(
    asked: Sequence[WafGroup], left_out: Sequence[int], skipped: Condition, *, is_preview: bool
) -> list[RequestRule]:
    """The rules that ask the core rules. What is `skipped` is part of each one's condition, not a rule that
    allows: requests that it holds for are still counted, and still have to come from where they may."""
    return [
        RequestRule(
            priority=CORE + 10 * n,
            action="deny(403)",
            description=_called(groups),
            expression=condition.text,
            subexpressions=condition.subexpressions,
            preview=is_preview,
        )
        for n, (groups, condition) in enumerate(attacks(asked, left_out, skipped))
    ]


def _called(groups: Sequence[str]) -> str:
    """A description has 64 characters at most (https://cloud.google.com/armor/quotas#limits)."""
    named = f"OWASP core rules: {', '.join(groups)}"
    return named if len(named) <= 64 else f"OWASP core rules: {groups[0]} and {len(groups) - 1} groups more"


def admitting(sources: Sequence[str], limit: RateLimit | None, *, is_proxied: bool) -> list[RequestRule]:
    """The rules for what no other has refused: who may come in, and how often.

    A rule takes at most ten ranges. Where more are let in, the rate limit stands once for each ten, and a
    client whose proxy uses several of them has as many allowances."""
    groups = [list(sources[at : at + RANGES_PER_RULE]) for at in range(0, len(sources), RANGES_PER_RULE)]
    return [
        *_limits(limit, groups or [["*"]], "USER_IP" if is_proxied else "IP"),
        *(
            RequestRule(priority=3000 + n, action="allow", description="The proxy in front", sources=group)
            for n, group in enumerate(groups)
        ),
        RequestRule(
            priority=LAST,
            action="deny(403)" if groups else "allow",
            description="Everybody else",
            sources=["*"],
        ),
    ]


def _limits(limit: RateLimit | None, groups: list[list[str]], address: str) -> Iterator[RequestRule]:
    if limit is None:
        return
    first, action = ACTIONS[limit.action]
    for n, group in enumerate(groups):
        yield RequestRule(
            priority=first + n,
            action=action,
            description=f"{limit.requests} requests in {limit.per_seconds} s {_of_whom(limit)}",
            sources=group,
            preview=limit.mode == "preview",
            limit=limit,
            key=key_parts(limit.key, address),
        )


def _of_whom(limit: RateLimit) -> str:
    return "from one client" if limit.key is None or "address" in limit.key.by else "from all that are alike"


def _exceptions(edge: EdgeDesign, endpoint: EndpointDesign) -> list[WafException]:
    return [each for each in edge.waf_exceptions if _concerns(each, endpoint)]


def _concerns(exception: WafException, endpoint: EndpointDesign) -> bool:
    return meet(exception.paths, endpoint.paths)
