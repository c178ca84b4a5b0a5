"""Decides which requests the firewall in front of each endpoint lets through.

Cloud Armor takes the first rule that matches and asks no later one, so the order is: the core rules, the
rate limit (which lets through what stays below it), the ranges that are let in, everybody else.
https://cloud.google.com/armor/docs/security-policy-overview#eval-order
"""

from collections.abc import Iterator, Sequence

from catalog.kinds.service_spec import RateLimit
from components.design.edge.core_rules import BASELINE
from components.design.edge.exceptions import meet
from components.design.edge.expressions import attacks, excepted
from components.design.edge.keys import key_parts
from components.design.edge_model import (
    EdgeDesign,
    EndpointDesign,
    RequestRule,
    SecurityPolicyDesign,
    WafException,
)

RANGES_PER_RULE = 10
"""https://cloud.google.com/armor/quotas"""

LAST = 2147483647
"""Priority of the rule that every policy ends with."""

ACTIONS = {"throttle": (2000, "throttle"), "ban": (2500, "rate_based_ban")}
"""The first priority of a limit, and its action. They have priorities of their own because a rule that bans
can't be made one that throttles (https://cloud.google.com/armor/docs/rate-limiting-overview)."""


def security_policies(
    edge: EdgeDesign | None, endpoints: Sequence[EndpointDesign]
) -> list[SecurityPolicyDesign]:
    """The policies in front of `endpoints`: one for all that have the same rules, since a project has few
    (quotas SECURITY_POLICIES and SECURITY_POLICY_CEVAL_RULES, https://cloud.google.com/armor/quotas).

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
    first = guarded[0]
    return SecurityPolicyDesign(
        name=first.name,
        origin=first.origin,
        resource=first.resource,
        endpoints=[endpoint.name for endpoint in guarded],
        exceptions=[exception.name for exception in _exceptions(edge, first)],
        rules=rules,
        most_subexpressions=max(rule.subexpressions for rule in rules),
        longest_expression=max(len(rule.expression or "") for rule in rules),
    )


def request_rules(edge: EdgeDesign, endpoint: EndpointDesign) -> list[RequestRule]:
    """The rules in front of one endpoint, in the order of their priorities.

    A rule takes at most ten ranges. Where more are let in, the rate limit stands once for each ten, and a
    client whose proxy uses several of them has as many allowances."""
    groups = [edge.sources[at : at + RANGES_PER_RULE] for at in range(0, len(edge.sources), RANGES_PER_RULE)]
    return [
        *_core(edge, endpoint),
        *_limits(edge, endpoint.rate_limit, groups or [["*"]]),
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


def _core(edge: EdgeDesign, endpoint: EndpointDesign) -> Iterator[RequestRule]:
    """An exception is part of each rule's condition, not a rule that allows: requests that it holds for are
    still counted, and still have to come from where requests may come from."""
    if edge.waf_profile != "baseline":
        return
    address = "origin.user_ip" if edge.client_address_header is not None else "origin.ip"
    skipped = excepted(_exceptions(edge, endpoint), address)
    without = [each.rule for each in edge.waf_left_out]
    for n, (groups, condition) in enumerate(attacks(BASELINE, edge.waf_sensitivity, without, skipped)):
        yield RequestRule(
            priority=1000 + 10 * n,
            action="deny(403)",
            description=f"OWASP core rules: {', '.join(groups)}",
            expression=condition.text,
            subexpressions=condition.subexpressions,
            preview=edge.waf_mode == "preview",
        )


def _limits(edge: EdgeDesign, limit: RateLimit | None, groups: list[list[str]]) -> Iterator[RequestRule]:
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
            key=key_parts(limit.key, "USER_IP" if edge.client_address_header is not None else "IP"),
        )


def _of_whom(limit: RateLimit) -> str:
    return "from one client" if limit.key is None or "address" in limit.key.by else "from all that are alike"


def _exceptions(edge: EdgeDesign, endpoint: EndpointDesign) -> list[WafException]:
    return [each for each in edge.waf_exceptions if _concerns(each, endpoint)]


def _concerns(exception: WafException, endpoint: EndpointDesign) -> bool:
    return meet(exception.paths, endpoint.paths)
