from pathlib import Path

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from catalog.document import Origin
from catalog.kinds.service import Service, service_at
from catalog.kinds.service_spec import RateLimit
from catalog.loader import load
from catalog.neighbourhood import neighbourhood
from components.design.edge.request_rules import LAST, exception_condition, request_rules
from components.design.model import EdgeDesign, EndpointDesign, WafException
from components.design.service import design

CATALOG = load(Path(__file__).parents[2] / "catalog")
HERE = Origin("services/x.yaml", "/spec/edge", written=True)


def shipped() -> tuple[EdgeDesign, dict[str, EndpointDesign]]:
    service = service_at(CATALOG, "customersdot", "production")
    assert isinstance(service, Service)
    decided = design(service, neighbourhood(CATALOG, service))
    assert decided.edge is not None
    return decided.edge, {endpoint.name: endpoint for endpoint in decided.endpoints}


EDGE, ENDPOINTS = shipped()
RANGES = st.lists(st.integers(0, 255).map(lambda n: f"203.0.{n}.0/24"), max_size=35, unique=True)


def exception(paths: list[str], sources: list[str]) -> WafException:
    return WafException(name="partner", origin=HERE, paths=paths, sources=sources)


@given(RANGES, st.sampled_from(sorted(ENDPOINTS)))
def test_exactly_the_given_ranges_get_through_ten_to_a_rule(sources: list[str], name: str) -> None:
    edge = msgspec.structs.replace(EDGE, sources=sources)
    rules = request_rules(edge, ENDPOINTS[name])
    allowed = [rule.sources for rule in rules if rule.action == "allow"]
    assert [cidr for group in allowed for cidr in group] == (sources or ["*"])
    assert all(len(rule.sources) <= 10 for rule in rules)
    assert (rules[-1].action == "allow") == (sources == [])


@given(RANGES, st.sampled_from(sorted(ENDPOINTS)))
def test_priorities_rise_to_the_last(sources: list[str], name: str) -> None:
    edge = msgspec.structs.replace(EDGE, sources=sources)
    priorities = [rule.priority for rule in request_rules(edge, ENDPOINTS[name])]
    assert priorities == sorted(set(priorities))
    assert priorities[-1] == LAST


@given(RANGES)
def test_a_limit_lets_in_no_range_that_may_not_come_in(sources: list[str]) -> None:
    """What stays below a limit is let through by it, so it must not match anybody else."""
    edge = msgspec.structs.replace(EDGE, sources=sources)
    limits = [rule for rule in request_rules(edge, ENDPOINTS["purchase"]) if rule.limit is not None]
    assert [cidr for rule in limits for cidr in rule.sources] == (sources or ["*"])


def test_a_limit_in_preview_changes_nothing_for_anyone() -> None:
    limit = RateLimit(
        requests=1, per_seconds=60, action="ban", ban_seconds=60, mode="preview", previewed_on=None
    )
    endpoint = msgspec.structs.replace(ENDPOINTS["portal"], rate_limit=limit)
    limits = [rule for rule in request_rules(EDGE, endpoint) if rule.limit is not None]
    assert [(rule.action, rule.preview) for rule in limits] == [("rate_based_ban", True)] * 2


def test_core_rules_in_preview_only_log() -> None:
    previewed = [msgspec.structs.replace(rule, preview=True) for rule in EDGE.waf_rules]
    edge = msgspec.structs.replace(EDGE, waf_rules=previewed)
    core = [rule for rule in request_rules(edge, ENDPOINTS["portal"]) if rule.expression is not None]
    assert len(core) == 6
    assert all(rule.preview for rule in core)


def test_an_exception_skips_the_core_rules_and_nothing_else() -> None:
    """It allows nothing by itself: who is excepted is still counted, and still has to use the proxy."""
    rules = request_rules(EDGE, ENDPOINTS["vendor-callouts"])
    condition = "(request.path.startsWith('/callouts/')) && (inIpRange(origin.user_ip, '198.51.100.0/24'))"
    core = [rule for rule in rules if rule.expression is not None]
    assert all((rule.expression or "").endswith(f" && !({condition})") for rule in core)
    assert all(rule.expression is None for rule in rules if rule.action != "deny(403)")


def test_an_exception_is_only_where_its_paths_are() -> None:
    for name in ("purchase", "sign-in", "seat-sync"):
        assert not any("!" in (rule.expression or "") for rule in request_rules(EDGE, ENDPOINTS[name]))


def test_an_exception_below_a_path_of_the_endpoint_and_one_above_both_count() -> None:
    for paths in (["/purchases/export"], ["/purchases/*"], ["/*"]):
        edge = msgspec.structs.replace(EDGE, waf_exceptions=[exception(paths, [])])
        assert "!" in (request_rules(edge, ENDPOINTS["purchase"])[0].expression or "")
    edge = msgspec.structs.replace(EDGE, waf_exceptions=[exception(["/purchases"], [])])
    assert "!" not in (request_rules(edge, ENDPOINTS["purchase"])[0].expression or "")


def test_the_condition_of_an_exception_asks_for_a_path_and_a_client() -> None:
    assert exception_condition(exception(["/a", "/b/*"], []), "origin.ip") == (
        "request.path == '/a' || request.path.startsWith('/b/')"
    )
    assert exception_condition(exception(["/a"], ["192.0.2.0/24", "2001:db8::/32"]), "origin.ip") == (
        "(request.path == '/a') && "
        "(inIpRange(origin.ip, '192.0.2.0/24') || inIpRange(origin.ip, '2001:db8::/32'))"
    )


def test_without_a_proxy_the_client_is_who_connects() -> None:
    edge = msgspec.structs.replace(EDGE, client_address_header=None)
    rules = request_rules(edge, ENDPOINTS["vendor-callouts"])
    assert "origin.ip," in (rules[0].expression or "")
    assert all(rule.client == "IP" for rule in request_rules(edge, ENDPOINTS["purchase"]))
    assert {rule.client for rule in request_rules(EDGE, ENDPOINTS["purchase"]) if rule.limit} == {"USER_IP"}


@given(RANGES, st.sampled_from(sorted(ENDPOINTS)))
def test_descriptions_fit(sources: list[str], name: str) -> None:
    """https://cloud.google.com/armor/docs/best-practices: 64 characters."""
    edge = msgspec.structs.replace(EDGE, sources=sources)
    assert all(0 < len(rule.description) <= 64 for rule in request_rules(edge, ENDPOINTS[name]))
