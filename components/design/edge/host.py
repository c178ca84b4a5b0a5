"""What stands at one host: its routes, and the rules that guard each of them, with who said so and where.

Made from the same designs that plans are made from, by nothing but putting them side by side: a host's
meaning is the load balancer's, in which the longest path wins, then the first rule of the policy in front of
what answers there.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from catalog.checks.paths import covers
from catalog.document import Origin
from catalog.kinds.service import Service
from components.design.edge.access import FIRST, blocked_rules
from components.design.edge.request_rules import CORE, LAST
from components.design.edge_model import (
    EndpointDesign,
    HostDesign,
    RequestRule,
    SecurityPolicyDesign,
)
from components.design.model import Design


class Fragment(NamedTuple):
    """What one service says of a host: the service at a place, and its design there."""

    service: Service
    design: Design


class Owner(msgspec.Struct, frozen=True, rename="camel"):
    """Whose something is, and the place in a file that says it; of what concerns one journey, which."""

    service: str
    team: str
    origin: Origin
    journey: str | None = None


class Route(msgspec.Struct, frozen=True, rename="camel"):
    """Requests for a `path`, exact or a prefix that ends in `/*`, belong to a `journey` and are answered by a
    `workload`; in front of it stands the `policy` of that name, None where nothing does. `backend` is the
    load balancer's name for what answers. Where `groups` says some, only their members get through the
    identity-aware proxy, which comes after the policy."""

    path: str
    journey: str
    workload: str
    backend: str
    policy: str | None
    groups: list[str]
    owner: Owner


class PlacedRule(msgspec.Struct, frozen=True, rename="camel"):
    """A rule as the plan has it, and who said it: for journeys that share a policy, each of them."""

    rule: RequestRule
    owners: list[Owner]


class GuardingPolicy(msgspec.Struct, frozen=True, rename="camel"):
    """A policy in front of the `journeys`, with its rules in the order in which they are asked."""

    name: str
    journeys: list[str]
    rules: list[PlacedRule]


class HostEdge(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """All that stands at a host, in an environment. `routes` are in the order in which the first that matches
    is the one, and `policies` in that of their routes.

    Behind a proxy (`client_address_header` is where it puts the client's address) requests come from
    `sources`, else from anywhere. `region` is where the services run. `entrance` is `load-balancer`, or
    `machine`, in front of which nothing stands."""

    host: str
    former: list[str]
    environment: str
    region: str
    entrance: str
    proxy: str
    client_address_header: str | None
    sources: list[str]
    routes: list[Route]
    policies: list[GuardingPolicy]


def host_edge(fragments: Sequence[Fragment]) -> HostEdge:
    """What the services of `fragments`, which all are at one host and of which there is at least one, make of
    it together: the one that has the front door, and its guests. Their order has no say."""
    ordered = sorted(fragments, key=lambda each: (_is_guest(each), each.service.full_name))
    leading = ordered[0].design
    edge = leading.edge
    assert edge is not None
    return HostEdge(
        host=edge.host,
        former=sorted({each.host for fragment in ordered for each in _former(fragment)}),
        environment=leading.environment,
        region=leading.region,
        entrance=edge.entrance,
        proxy=edge.proxy,
        client_address_header=edge.client_address_header,
        sources=edge.sources,
        routes=sorted(
            (route for fragment in ordered for route in _routes(fragment)),
            key=lambda route: (-len(route.path), route.path, route.owner.service),
        ),
        policies=list(_policies(ordered)),
    )


def route_of(routes: Iterable[Route], path: str) -> Route | None:
    """The route of a request for a path: the longest that matches, as at the load balancer
    (https://cloud.google.com/load-balancing/docs/url-map-concepts). None where nobody answers."""
    return next((route for route in routes if covers(route.path, path)), None)


def _is_guest(fragment: Fragment) -> bool:
    return fragment.service.spec.edge.behind is not None


def _former(fragment: Fragment) -> Iterator[HostDesign]:
    edge = fragment.design.edge
    yield from edge.former if edge is not None else ()


def _routes(fragment: Fragment) -> Iterator[Route]:
    guards = {name: policy for policy in fragment.design.security_policies for name in policy.endpoints}
    for endpoint in fragment.design.endpoints:
        guard = guards.get(endpoint.name)
        for index, path in enumerate(endpoint.paths):
            yield Route(
                path=path,
                journey=endpoint.name,
                workload=endpoint.workload,
                backend=endpoint.resource,
                policy=None if guard is None else guard.resource,
                groups=[] if fragment.design.edge is None else fragment.design.edge.groups,
                owner=_owner(fragment, _said(fragment, endpoint, "paths", index)),
            )


def _policies(fragments: Sequence[Fragment]) -> Iterator[GuardingPolicy]:
    """Each once, also where several services share the foundation's."""
    found: dict[str, list[GuardingPolicy]] = {}
    for fragment in fragments:
        for policy in fragment.design.security_policies:
            found.setdefault(policy.resource, []).append(_guarding(fragment, policy))
    for name, alike in found.items():
        rules = [
            PlacedRule(rules[0].rule, list(dict.fromkeys(one for each in rules for one in each.owners)))
            for rules in zip(*(each.rules for each in alike), strict=True)
        ]
        yield GuardingPolicy(name, [journey for each in alike for journey in each.journeys], rules)


def _guarding(fragment: Fragment, policy: SecurityPolicyDesign) -> GuardingPolicy:
    journeys = [each for each in fragment.design.endpoints if each.name in policy.endpoints]
    return GuardingPolicy(
        name=policy.resource,
        journeys=policy.endpoints,
        rules=[PlacedRule(rule, list(_owners(fragment, policy, journeys, rule))) for rule in policy.rules],
    )


def _owners(
    fragment: Fragment, policy: SecurityPolicyDesign, journeys: Sequence[EndpointDesign], rule: RequestRule
) -> Iterator[Owner]:
    service = fragment.service
    limited = [journey for journey in journeys if journey.rate_limit is not None]
    if (policy.address is not None and rule.expression is not None) or (rule.limit and not limited):
        yield _zones(service, "waf" if rule.limit is None else "rateLimit")
    elif rule.limit is not None:
        for journey in limited:
            yield _owner(fragment, _said(fragment, journey, "rateLimit"), journey.name)
    elif rule.priority < CORE:
        yield _owner(fragment, _refusing(fragment, rule))
    elif rule.expression is not None:
        yield _owner(fragment, service.origin("spec", "edge", "waf"))
    elif rule.priority == LAST:
        yield _owner(fragment, service.origin("spec", "edge"))
    else:
        environment = service.environment
        yield Owner(
            f"foundation.{environment.name}",
            environment.spec.owner,
            environment.origin("spec", "trustedProxies"),
        )


def _zones(service: Service, field: str) -> Owner:
    """Who says what holds for all services of an environment."""
    zone = service.zone
    assert zone is not None
    return Owner(f"zone.{zone.name}", zone.spec.owner, zone.origin("spec", "edge", field))


def _refusing(fragment: Fragment, rule: RequestRule) -> Origin:
    """Where it is said that clients are refused for who they are."""
    edge = fragment.design.edge
    assert edge is not None
    lists = {made.priority: each.origin for each, made in blocked_rules(edge)}
    field = max((name for name in FIRST if FIRST[name] <= rule.priority), key=lambda name: FIRST[name])
    return lists.get(rule.priority) or fragment.service.origin("spec", "edge", "waf", field)


def _said(fragment: Fragment, endpoint: EndpointDesign, *steps: str | int) -> Origin:
    names = [each.name for each in fragment.service.spec.endpoints]
    return fragment.service.origin("spec", "endpoints", names.index(endpoint.name), *steps)


def _owner(fragment: Fragment, origin: Origin, journey: str | None = None) -> Owner:
    return Owner(fragment.service.name, fragment.design.owner, origin, journey)
