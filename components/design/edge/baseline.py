"""Decides the policies that an environment's services share: one for each proxy that may be in front, in
preview and not, however many services there are.

They are made of what the zone says alone, so one more service changes nothing of them, and takes nothing of
the project's quotas.
"""

from collections.abc import Iterator

from catalog.kinds.environment import Environment
from catalog.kinds.service_spec import RateLimit
from catalog.kinds.zone import Zone, shared_policy_names
from components.design.edge.core_rules import waf_groups
from components.design.edge.expressions import Condition
from components.design.edge.proxies import let_through
from components.design.edge.request_rules import admitting, core_rules, digest_of
from components.design.edge_model import SharedPolicy, SharedPolicyDesign, ZoneBaseline
from components.design.naming import resource_name

CLIENT_ADDRESS_HEADERS = {"cloudflare": "CF-Connecting-IP"}
"""https://developers.cloudflare.com/fundamentals/reference/http-headers/#cf-connecting-ip"""

POLICY = "https://www.googleapis.com/compute/v1/projects/{project}/global/securityPolicies/{name}"
"""https://cloud.google.com/compute/docs/reference/rest/v1/securityPolicies"""


def shared_policies(environment: Environment, zone: Zone | None) -> list[SharedPolicyDesign]:
    """The policies that the foundation makes: none where the zone asks for nothing."""
    proxies = ["none", *CLIENT_ADDRESS_HEADERS] if environment.spec.trusted_proxies else ["none"]
    return [policy for proxy in proxies for policy in _policies(environment, zone, proxy)]


def baseline(environment: Environment, zone: Zone | None, proxy: str) -> ZoneBaseline | None:
    """What a zone asks of the edges of services behind a proxy; None where it asks for nothing."""
    if zone is None or zone.spec.edge is None:
        return None
    return ZoneBaseline(
        sensitivity=zone.spec.edge.waf.sensitivity,
        limit=usual_limit(zone),
        policies=[
            SharedPolicy(each.resource, each.address, digest_of(each.rules))
            for each in _policies(environment, zone, proxy)
        ],
    )


def usual_limit(zone: Zone | None) -> RateLimit | None:
    """The most that one client may send to a journey without a limit of its own; None where a zone says
    nothing of that."""
    written = None if zone is None or zone.spec.edge is None else zone.spec.edge.rate_limit
    if written is None:
        return None
    return RateLimit(
        requests=written.requests,
        per_seconds=written.per_seconds,
        action="throttle",
        ban_seconds=600,
        mode=written.mode,
        previewed_on=written.previewed_on,
    )


def _policies(environment: Environment, zone: Zone | None, proxy: str) -> Iterator[SharedPolicyDesign]:
    if zone is None or zone.spec.edge is None:
        return
    sensitivity, limit = zone.spec.edge.waf.sensitivity, usual_limit(zone)
    sources = let_through(environment.spec, proxy)
    header = CLIENT_ADDRESS_HEADERS.get(proxy)
    for (of, mode), called in shared_policy_names(environment.name).items():
        if of != proxy:
            continue
        name = resource_name(called)
        yield SharedPolicyDesign(
            name=name,
            origin=zone.origin("spec", "edge"),
            resource=name,
            address=POLICY.format(project=environment.spec.project, name=name),
            proxy=proxy,
            client_address_header=header,
            rules=[
                *core_rules(waf_groups(sensitivity, {}), [], Condition("", 0), is_preview=mode == "preview"),
                *admitting(sources, limit, is_proxied=header is not None),
            ],
        )
