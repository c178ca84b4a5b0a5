"""Who is refused for who it is: by address, by country, by Google's lists, by what it learns."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.document import Origin
from components.design.edge.access import FIRST, access_rules
from components.design.edge.answer import Answer, answer
from components.design.edge.evaluation import evaluator, is_within
from components.design.edge.host import GuardingPolicy, HostEdge, Owner, PlacedRule, Route
from components.design.edge.language import subexpressions
from components.design.edge.request import Request, Unknown
from components.design.edge.request_rules import CORE, request_rules
from components.design.edge_model import BlockedRanges, EdgeDesign, Regions, RequestRule
from tests.design.test_request_rules import EDGE, ENDPOINTS

HERE = Origin("services/x.yaml", "/spec/edge/waf/blocked/0", written=True)
DIRECT = msgspec.structs.replace(EDGE, sources=[], client_address_header=None, waf_mode="enforce")
RANGES = st.lists(st.integers(0, 255).map(lambda n: f"203.0.{n}.0/24"), min_size=1, max_size=25, unique=True)


def blocking(edge: EdgeDesign, *lists: list[str]) -> EdgeDesign:
    made = [
        BlockedRanges(name=f"list-{n}", origin=HERE, sources=sources, covered_by=None)
        for n, sources in enumerate(lists)
    ]
    return msgspec.structs.replace(edge, waf_blocked=made)


def refuses(rule: RequestRule, request: Request) -> bool | Unknown:
    if rule.expression is None:
        return is_within(request.ip, tuple(rule.sources))
    holds = evaluator(rule.expression)(request)
    assert isinstance(holds, bool | Unknown)
    return holds


@given(RANGES, RANGES, st.integers(0, 255), st.booleans())
def test_exactly_the_blocked_are_refused_within_the_limits_of_a_rule(
    one: list[str], other: list[str], client: int, is_proxied: bool
) -> None:
    rules = [*access_rules(blocking(EDGE if is_proxied else DIRECT, one, other))]
    address = f"203.0.{client}.9"
    request = Request(
        "GET", "/", ip=EDGE.sources[0].partition("/")[0] if is_proxied else address, user_ip=address
    )
    assert any(refuses(rule, request) for rule in rules) == (f"203.0.{client}.0/24" in {*one, *other})
    assert all(len(rule.sources) <= 10 and rule.subexpressions <= 5 for rule in rules)
    assert [rule.priority for rule in rules] == sorted({rule.priority for rule in rules})
    for rule in rules:
        assert rule.subexpressions == (len(subexpressions(rule.expression)) if rule.expression else 0)
        assert (rule.expression is None) == (not is_proxied)


def test_as_many_lists_as_there_may_be_come_before_the_countries() -> None:
    full = [[f"10.{n}.{m}.0/24" for m in range(100)] for n in range(20)]
    priorities = [rule.priority for rule in access_rules(blocking(EDGE, *full))]
    assert len(priorities) == 400
    assert FIRST["blocked"] <= min(priorities)
    assert max(priorities) < FIRST["regions"]


@pytest.mark.parametrize(
    ("is_allowed", "region", "refused"),
    [(True, "DE", False), (True, "FR", True), (False, "DE", True), (False, "FR", False)],
)
def test_a_country_is_refused_as_its_owner_says(*, is_allowed: bool, region: str, refused: bool) -> None:
    edge = msgspec.structs.replace(DIRECT, waf_regions=Regions(is_allowed, ["DE", "US"]))
    (rule,) = access_rules(edge)
    assert refuses(rule, Request("GET", "/", region=region)) is refused
    assert isinstance(refuses(rule, Request("GET", "/")), Unknown)


def test_a_hundred_countries_are_one_short_expression() -> None:
    codes = [f"{one}{other}" for one in "ABCDEFGHIJ" for other in "ABCDEFGHIJ"]
    (rule,) = access_rules(msgspec.structs.replace(DIRECT, waf_regions=Regions(True, codes)))
    assert len(subexpressions(rule.expression or "")) == 1
    assert len(rule.expression or "") <= 1024


def test_a_list_of_googles_asks_for_the_address_that_the_proxy_names() -> None:
    lists = {"waf_threat_lists": ["tor-exit-nodes"], "waf_auto_deploy": True}
    direct, learned = access_rules(msgspec.structs.replace(DIRECT, **lists))
    assert direct.expression == "evaluateThreatIntelligence('iplist-tor-exit-nodes')"
    assert learned.expression == "evaluateAdaptiveProtectionAutoDeploy()"
    proxied, _ = access_rules(msgspec.structs.replace(EDGE, **lists))
    assert "origin.user_ip" in (proxied.expression or "")
    for rule in (direct, learned, proxied):
        assert isinstance(refuses(rule, Request("GET", "/")), Unknown)


def test_nothing_is_deployed_by_itself_unless_its_owner_asks() -> None:
    assert not EDGE.waf_auto_deploy
    for endpoint in ENDPOINTS.values():
        assert not any("AutoDeploy" in (rule.expression or "") for rule in request_rules(EDGE, endpoint))


def test_who_is_refused_is_refused_before_any_core_rule_and_in_preview_only_logged() -> None:
    edge = blocking(msgspec.structs.replace(DIRECT, waf_mode="preview"), ["203.0.113.0/24"])
    rules = request_rules(edge, ENDPOINTS["portal"])
    assert rules[0].priority < CORE
    assert rules[0].preview
    said = asked(rules, Request("GET", "/", ip="203.0.113.9", recognised=()))
    assert said.does == "answered"
    assert [each.rule.description for each in said.previewed] == ["Blocked: list-0"]


def test_a_list_that_only_google_has_leaves_the_answer_open() -> None:
    edge = msgspec.structs.replace(DIRECT, waf_threat_lists=["tor-exit-nodes"])
    said = asked(request_rules(edge, ENDPOINTS["portal"]), Request("GET", "/", recognised=()))
    assert (said.does, "Google's lists of addresses" in said.why) == ("undecided", True)


def asked(rules: list[RequestRule], request: Request) -> Answer:
    route = Route("/*", "portal", "web", "b", "p", [], Owner("x", "y", HERE))
    policy = GuardingPolicy("p", ["portal"], [PlacedRule(rule, []) for rule in rules])
    edge = HostEdge(
        host="h.example",
        former=[],
        environment="production",
        region="us-east1",
        entrance="load-balancer",
        proxy="none",
        client_address_header=None,
        sources=[],
        routes=[route],
        policies=[policy],
    )
    return answer(edge, request)
