"""Decides which requests the firewall in front of one endpoint lets through.

Cloud Armor takes the first rule that matches and asks no later one, so the order is: the core rules, the
rate limit (which lets through what stays below it), the ranges that are let in, everybody else.
https://cloud.google.com/armor/docs/security-policy-overview#eval-order
"""

from collections.abc import Iterator

import msgspec

from catalog.kinds.service_spec import RateLimit
from components.design.edge.edge import RANGES_PER_RULE
from components.design.model import EdgeDesign, EndpointDesign, WafException

LAST = 2147483647
"""Priority of the rule that every policy ends with."""

ACTIONS = {"throttle": "throttle", "ban": "rate_based_ban"}


class RequestRule(msgspec.Struct, frozen=True, kw_only=True):
    """What happens to requests that match `expression`, or that come from `sources` where that is None.

    `limit` belongs to the actions `throttle` and `rate_based_ban`; it counts by `client`, which is how
    Cloud Armor tells clients apart. `preview` only logs."""

    priority: int
    action: str
    description: str
    expression: str | None = None
    sources: list[str] = []
    preview: bool = False
    limit: RateLimit | None = None
    client: str = "IP"


def request_rules(edge: EdgeDesign, endpoint: EndpointDesign) -> list[RequestRule]:
    """The rules of one endpoint, in the order of their priorities.

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
    exceptions = [e for e in edge.waf_exceptions if _concerns(e, endpoint)]
    address = "origin.user_ip" if edge.client_address_header is not None else "origin.ip"
    skipped = "".join(f" && !({exception_condition(e, address)})" for e in exceptions)
    for rule in edge.waf_rules:
        yield RequestRule(
            priority=rule.priority,
            action=rule.action,
            description=rule.description,
            expression=rule.expression + skipped,
            preview=rule.preview,
        )


def _limits(edge: EdgeDesign, limit: RateLimit | None, groups: list[list[str]]) -> Iterator[RequestRule]:
    if limit is None:
        return
    for n, group in enumerate(groups):
        yield RequestRule(
            priority=2000 + n,
            action=ACTIONS[limit.action],
            description=f"{limit.requests} requests in {limit.per_seconds} s from one client",
            sources=group,
            preview=limit.mode == "preview",
            limit=limit,
            client="USER_IP" if edge.client_address_header is not None else "IP",
        )


def exception_condition(exception: WafException, address: str) -> str:
    """The exception in Cloud Armor's language, where `address` is the attribute that holds the client's.

    https://cloud.google.com/armor/docs/rules-language-reference"""
    where = " || ".join(_path_condition(path) for path in exception.paths)
    if not exception.sources:
        return where
    who = " || ".join(f"inIpRange({address}, '{source}')" for source in exception.sources)
    return f"({where}) && ({who})"


def _path_condition(path: str) -> str:
    if path.endswith("*"):
        return f"request.path.startsWith('{path.rstrip('*')}')"
    return f"request.path == '{path}'"


def _concerns(exception: WafException, endpoint: EndpointDesign) -> bool:
    return any(_meet(excepted, path) for excepted in exception.paths for path in endpoint.paths)


def _meet(one: str, other: str) -> bool:
    """Whether a request can match both paths."""
    return _covers(one, other) or _covers(other, one)


def _covers(one: str, other: str) -> bool:
    return other.startswith(one.rstrip("*")) if one.endswith("*") else one == other
