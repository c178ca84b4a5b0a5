import re
from pathlib import Path

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from catalog.document import Origin
from catalog.kinds.service import Service, service_at
from catalog.kinds.service_spec import RateLimit
from catalog.loader import load
from catalog.neighbourhood import neighbourhood
from components.design.edge.core_rules import BASELINE, GROUPS, group_of, preconfigured, waf_groups
from components.design.edge.evaluation import evaluator
from components.design.edge.expressions import Condition, excepted
from components.design.edge.language import subexpressions
from components.design.edge.request import Request, Signature
from components.design.edge.request_rules import LAST, request_rules, security_policies
from components.design.edge_model import (
    EdgeDesign,
    EndpointDesign,
    KeyPart,
    LeftOutRule,
    WafException,
)
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

STEPS = st.lists(st.sampled_from(["a", "b.c", "b-c", "d+"]), max_size=3)
ENDS = st.sampled_from(["*", "x", "y.z"])
PATHS = st.builds(lambda steps, end: "/" + "".join(f"{step}/" for step in steps) + end, STEPS, ENDS)


def exception(paths: list[str], sources: list[str]) -> WafException:
    return WafException(
        name="partner",
        origin=HERE,
        paths=paths,
        sources=sources,
        journeys=[],
        swallows=[],
        covered_by=None,
        refused_by=None,
    )


EXCEPTIONS = st.builds(exception, st.lists(PATHS, min_size=1, max_size=12), RANGES)


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
    edge = msgspec.structs.replace(EDGE, waf_mode="preview")
    core = [rule for rule in request_rules(edge, ENDPOINTS["portal"]) if rule.expression is not None]
    assert len(core) == 2
    assert all(rule.preview for rule in core)


def test_a_group_has_the_sensitivity_that_stands_for_it_and_one_beyond_the_baseline_is_asked_then() -> None:
    edge = msgspec.structs.replace(EDGE, waf_groups=waf_groups(1, {"xss": 3, "php": 2}))
    (first, *others) = [each for each in request_rules(edge, ENDPOINTS["portal"]) if each.expression]
    rules = [evaluator(each.expression or "") for each in (first, *others)]

    def refuses(rule: int, level: int) -> bool:
        return any(
            rule_(Request("GET", "/", recognised=(Signature(rule, level),))) is True for rule_ in rules
        )

    assert [refuses(942100, level) for level in (1, 2, 3, 4)] == [True, False, False, False]
    assert [refuses(941100, level) for level in (1, 2, 3, 4)] == [True, True, True, False]
    assert [refuses(933100, level) for level in (1, 2, 3, 4)] == [True, True, False, False]
    assert not refuses(944100, 1)


@given(st.dictionaries(st.sampled_from(sorted(GROUPS)), st.integers(1, 4)))
def test_whatever_groups_are_asked_fits_into_rules_and_their_descriptions(own: dict[str, int]) -> None:
    edge = msgspec.structs.replace(EDGE, waf_groups=waf_groups(1, own))
    core = [each for each in request_rules(edge, ENDPOINTS["vendor-callouts"]) if each.expression]
    assert all(each.subexpressions <= 5 and len(each.expression or "") <= 2048 for each in core)
    assert all(len(each.description) <= 64 for each in core)
    asked = "".join(each.expression or "" for each in core)
    assert all(f"'{preconfigured(group)}'" in asked for group in {*own, *BASELINE})


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


def test_what_is_skipped_asks_for_a_path_and_a_client() -> None:
    both = [exception(["/a"], []), exception(["/b/*"], ["2001:db8::/32"])]
    assert excepted(both, "origin.ip") == Condition(
        " && !(request.path == '/a') && "
        "!((request.path.startsWith('/b/')) && (inIpRange(origin.ip, '2001:db8::/32')))",
        3,
    )


def test_ranges_that_touch_are_one_and_paths_of_the_same_clients_share_an_expression() -> None:
    ranges = ["192.0.2.0/25", "192.0.2.128/25"]
    both = [exception(["/a.b", "/c/*"], ranges), exception(["/d"], ["192.0.2.0/24"])]
    assert excepted(both, "origin.ip") == Condition(
        " && !((request.path.matches('^(?:/a[.]b$|/c/|/d$)')) && (inIpRange(origin.ip, '192.0.2.0/24')))",
        2,
    )


@given(st.lists(PATHS, min_size=2, max_size=6, unique=True), PATHS)
def test_the_regular_expression_of_several_paths_matches_what_each_of_them_matches(
    paths: list[str], asked: str
) -> None:
    text = excepted([exception(paths, [])], "origin.ip").text
    patterns = re.findall(r"matches\('(.*?)'\)", text)
    wanted = any(asked.startswith(path[:-1]) if path.endswith("*") else asked == path for path in paths)
    assert any(re.search(pattern, asked) for pattern in patterns) == wanted


@given(st.lists(EXCEPTIONS, max_size=8), st.sampled_from(["portal", "purchase"]))
def test_the_firewall_counts_what_the_cloud_counts_and_splits_what_can_be(
    exceptions: list[WafException], name: str
) -> None:
    """One rule of the core rules and its exceptions is the least there can be: only that may be too long."""
    edge = msgspec.structs.replace(EDGE, waf_exceptions=exceptions)
    core = [rule for rule in request_rules(edge, ENDPOINTS[name]) if rule.expression is not None]
    assert core
    for rule in core:
        assert rule.subexpressions == len(subexpressions(rule.expression or ""))
        groups = re.findall(r"Waf\('(\w+)-v422-stable'", rule.expression or "")
        is_short = rule.subexpressions <= 5 and len(rule.expression or "") <= 2048
        assert is_short or len(groups) == 1
    found = [group for rule in core for group in re.findall(r"Waf\('(\w+)-v422", rule.expression or "")]
    assert found == list(BASELINE)


def test_three_paths_and_three_clients_fit_since_each_core_rule_then_stands_alone() -> None:
    ranges = ["198.51.100.0/24", "203.0.113.0/24", "192.0.2.0/24"]
    edge = msgspec.structs.replace(EDGE, waf_exceptions=[exception(["/a/*", "/b/*", "/c/*"], ranges)])
    (policy,) = security_policies(edge, [ENDPOINTS["portal"]])
    assert (policy.most_subexpressions, len(policy.rules)) == (5, 6 + 2 + 1)


def test_endpoints_with_the_same_rules_share_a_policy_called_after_the_first() -> None:
    shared = {policy.resource: policy.endpoints for policy in security_policies(EDGE, [*ENDPOINTS.values()])}
    assert shared == {
        "customersdot-purchase": ["purchase"],
        "customersdot-sign-in": ["sign-in", "trial"],
        "customersdot-subscription-update": ["subscription-update", "cloud-connector"],
        "customersdot-seat-sync": ["seat-sync"],
        "customersdot-vendor-callouts": ["vendor-callouts", "portal"],
    }


def test_nothing_stands_in_front_of_machines_that_the_name_itself_leads_to() -> None:
    edge = msgspec.structs.replace(EDGE, entrance="machine")
    assert security_policies(edge, [*ENDPOINTS.values()]) == []
    assert security_policies(None, []) == []


def test_a_limit_that_bans_has_priorities_that_none_has_that_throttles() -> None:
    """A rule that bans can't be made one that throttles: it is another rule instead."""
    limit = RateLimit(
        requests=9, per_seconds=60, action="ban", ban_seconds=60, mode="enforce", previewed_on=None
    )
    throttle = msgspec.structs.replace(limit, action="throttle")
    at = [
        {rule.priority for rule in request_rules(EDGE, each) if rule.limit is not None}
        for each in (
            msgspec.structs.replace(ENDPOINTS["portal"], rate_limit=one) for one in (limit, throttle)
        )
    ]
    assert [len(priorities) for priorities in at] == [2, 2]
    assert at[0].isdisjoint(at[1])


def test_without_a_proxy_the_client_is_who_connects() -> None:
    edge = msgspec.structs.replace(EDGE, client_address_header=None)
    rules = request_rules(edge, ENDPOINTS["vendor-callouts"])
    assert "origin.ip," in (rules[0].expression or "")
    plain, proxied = (request_rules(each, ENDPOINTS["purchase"]) for each in (edge, EDGE))
    assert all(rule.key == [KeyPart("IP")] for rule in plain if rule.limit)
    assert {rule.key[0] for rule in proxied if rule.limit} == {KeyPart("USER_IP")}


@given(RANGES, st.sampled_from(sorted(ENDPOINTS)))
def test_descriptions_fit(sources: list[str], name: str) -> None:
    """https://cloud.google.com/armor/docs/best-practices: 64 characters."""
    edge = msgspec.structs.replace(EDGE, sources=sources)
    assert all(0 < len(rule.description) <= 64 for rule in request_rules(edge, ENDPOINTS[name]))


def leaving_out(*rules: int) -> EdgeDesign:
    names = [LeftOutRule(name=str(rule), origin=HERE, rule=rule, group=group_of(rule)) for rule in rules]
    return msgspec.structs.replace(EDGE, waf_left_out=names)


def test_a_core_rule_that_is_left_out_is_not_asked_and_all_others_are() -> None:
    found = [
        Request("GET", "/", ip=EDGE.sources[0].partition("/")[0], recognised=(Signature(rule, 1),))
        for rule in (942100, 942110, 941100)
    ]
    rules = request_rules(leaving_out(942100), ENDPOINTS["portal"])
    asked = [evaluator(rule.expression) for rule in rules if rule.expression is not None]
    assert [any(each(request) for each in asked) for request in found] == [False, True, True]


@given(st.lists(st.sampled_from([*range(942100, 942120), *range(941100, 941120), 920100]), max_size=20))
def test_as_many_as_may_be_left_out_fit_into_one_rule(rules: list[int]) -> None:
    """As many as the schema takes, beside no exception."""
    for rule in request_rules(leaving_out(*rules), ENDPOINTS["purchase"]):
        parts = subexpressions(rule.expression or "true")
        assert max(map(len, parts)) <= 1024
        assert rule.subexpressions <= 5
        assert len(rule.expression or "") <= 2048
