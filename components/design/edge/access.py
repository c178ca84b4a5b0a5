"""Decides which clients the firewall refuses for who they are, before it asks what they send: by addresses,
by where they come from, by Google's lists of addresses, and by what adaptive protection learns.

https://cloud.google.com/armor/docs/rules-language-reference
"""

from collections.abc import Iterator, Sequence

from catalog.kinds.service import Service
from catalog.kinds.service_edge import Blocked
from components.design.edge.exceptions import refuses
from components.design.edge.expressions import MOST_SUBEXPRESSIONS
from components.design.edge_model import BlockedRanges, EdgeDesign, Regions, RequestRule

RANGES_PER_RULE = 10
"""https://cloud.google.com/armor/quotas#limits"""

FIRST = {"blocked": 100, "regions": 600, "threatLists": 700, "autoDeploy": 900}
"""The first priority of the rules that each field of `edge.waf` makes. Four hundred are the most that
`blocked` can make: twenty lists of a hundred ranges, five to a rule."""

NOBODY = "192.0.2.0/24"
"""Addresses for examples, which no client has (https://www.rfc-editor.org/rfc/rfc5737)."""


def regions(service: Service) -> Regions | None:
    """Where clients may or may not come from."""
    written = service.spec.edge.waf.regions
    if written is None:
        return None
    return Regions(written.allow is not None, sorted(written.allow or written.deny or ()))


def blocked(service: Service) -> list[BlockedRanges]:
    """The lists of refused ranges, in their owner's order. Of two that are alike, the later is covered."""
    written = service.spec.edge.waf.blocked
    return [
        BlockedRanges(
            name=each.name,
            origin=service.origin("spec", "edge", "waf", "blocked", index),
            sources=each.sources,
            covered_by=next(
                (other.name for at, other in enumerate(written) if _covers(written, at, index)), None
            ),
        )
        for index, each in enumerate(written)
    ]


def _covers(lists: Sequence[Blocked], wide: int, narrow: int) -> bool:
    one, other = lists[wide].sources, lists[narrow].sources
    return wide != narrow and refuses(one, other) and (wide < narrow or not refuses(other, one))


def access_rules(edge: EdgeDesign) -> Iterator[RequestRule]:
    """The rules, in the order of their priorities. Behind a proxy they ask for the address that it names."""
    yield from (rule for _, rule in blocked_rules(edge))
    if edge.waf_regions is not None:
        said = edge.waf_regions
        expression = f"origin.region_code.matches('^(?:{'|'.join(said.codes)})$')"
        where = "elsewhere than in" if said.is_allowed else "in"
        yield _refusal(
            edge,
            FIRST["regions"],
            f"Clients {where} {len(said.codes)} countries",
            f"!({expression})" if said.is_allowed else expression,
        )
    for n, name in enumerate(edge.waf_threat_lists):
        yield _refusal(edge, FIRST["threatLists"] + n, f"Google's list {name}", _on_list(edge, name))
    if edge.waf_auto_deploy:
        what = "What adaptive protection suggests"
        yield _refusal(edge, FIRST["autoDeploy"], what, "evaluateAdaptiveProtectionAutoDeploy()")


def blocked_rules(edge: EdgeDesign) -> Iterator[tuple[BlockedRanges, RequestRule]]:
    """The rules for refused ranges, each with its list. Without a proxy a rule has ranges, ten at most, and
    isn't one of the few with an expression."""
    is_proxied = edge.client_address_header is not None
    most, priority = MOST_SUBEXPRESSIONS if is_proxied else RANGES_PER_RULE, FIRST["blocked"]
    for each in edge.waf_blocked:
        for at in range(0, len(each.sources), most):
            sources = each.sources[at : at + most]
            yield each, _block(edge, priority, f"Blocked: {each.name}", sources, is_proxied=is_proxied)
            priority += 1


def _block(
    edge: EdgeDesign, priority: int, description: str, sources: Sequence[str], *, is_proxied: bool
) -> RequestRule:
    if is_proxied:
        ranges = [f"inIpRange(origin.user_ip, '{source}')" for source in sources]
        return _refusal(edge, priority, description, " || ".join(ranges), len(ranges))
    return RequestRule(
        priority=priority,
        action="deny(403)",
        description=description,
        sources=list(sources),
        preview=edge.waf_mode == "preview",
    )


def _on_list(edge: EdgeDesign, name: str) -> str:
    """For the address that a proxy names Google documents one form, which takes addresses that are let off
    (https://cloud.google.com/armor/docs/threat-intelligence)."""
    if edge.client_address_header is None:
        return f"evaluateThreatIntelligence('iplist-{name}')"
    return f"evaluateThreatIntelligence('iplist-{name}', origin.user_ip, ['{NOBODY}'])"


def _refusal(
    edge: EdgeDesign, priority: int, description: str, expression: str, subexpressions: int = 1
) -> RequestRule:
    return RequestRule(
        priority=priority,
        action="deny(403)",
        description=description,
        expression=expression,
        subexpressions=subexpressions,
        preview=edge.waf_mode == "preview",
    )
