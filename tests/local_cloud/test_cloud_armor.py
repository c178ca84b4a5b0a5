from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pytest

from catalog.loader import load
from pave.local_cloud.refusal import CloudCall
from pave.local_cloud.refusals.cloud_armor import refusals
from stacks.plan import Planner
from stacks.providers.compute import SECURITY_POLICY
from stacks.stack import stacks
from tests.components.service_plans import CATALOG


def refused(
    rules: list[dict[str, Any]],
    before: list[dict[str, Any]] | None = None,
    settings: Mapping[tuple[str, str], str] = MappingProxyType({}),
) -> list[str]:
    was = None if before is None else {"name": "shop", "rules": before}
    call = CloudCall(SECURITY_POLICY, "acme", was, {"name": "shop", "rules": rules}, None, [], settings)
    return [error.what for error in refusals(call)]


def asks(expression: str, **more: Any) -> dict[str, Any]:
    return {"priority": 1000, "action": "deny(403)", "match": {"expr": {"expression": expression}}, **more}


def limits(action: str, count: int, seconds: int = 60, **more: Any) -> dict[str, Any]:
    threshold = {"count": count, "intervalSec": seconds}
    ban = {"banDurationSec": 600} if action == "rate_based_ban" else {}
    options = {"rateLimitThreshold": threshold, **ban}
    return {"priority": 2000, "action": action, "match": {}, "rateLimitOptions": options, **more}


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        (asks("a || b || c || d || e || f"), "has 6 subexpressions; at most 5 fit"),
        (asks(" || ".join([f"a('{'x' * 600}')"] * 4)), "has 2432 characters; at most 2048 fit"),
        (asks(f"a('{'x' * 1024}')"), "has more than 1024 characters"),
        (asks("a ||"), "Invalid expression of rule 1000: the end at character 5"),
        (asks("a", description="x" * 65), "has more than 64 characters"),
        (asks("a", action="refuse"), "Invalid value for the action"),
        (asks("a", priority=-1), "Invalid value for the priority"),
        (asks("a", action="throttle"), "rateLimitOptions are for throttle"),
        (limits("throttle", 0), "must be between 1 and 1000000"),
        (limits("throttle", 1_000_001), "must be between 1 and 1000000"),
        (limits("rate_based_ban", 10_001), "must be between 1 and 10000"),
        (limits("throttle", 5, 61), "intervalSec of rule 2000 must be one of 10, 30, 60"),
        (limits("allow", 5), "rateLimitOptions are for throttle"),
    ],
)
def test_a_rule_beyond_what_google_documents_is_refused(rule: dict[str, Any], why: str) -> None:
    (error,) = refused([rule])
    assert why in error


def test_a_ban_says_for_how_long_and_nothing_else_does() -> None:
    ban = limits("rate_based_ban", 5)
    del ban["rateLimitOptions"]["banDurationSec"]
    throttle = limits("throttle", 5)
    throttle["rateLimitOptions"]["banDurationSec"] = 60
    assert [len(refused([rule])) for rule in (ban, throttle)] == [1, 1]


def test_what_is_just_within_the_limits_is_taken() -> None:
    rules = [
        asks("a || b || c || d || e", description="x" * 64),
        limits("throttle", 1_000_000, 3600),
        limits("rate_based_ban", 10_000, 10, priority=2500),
        {"priority": 3000, "action": "allow", "match": {"config": {"srcIpRanges": ["10.0.0.0/24"] * 10}}},
    ]
    assert refused(rules) == []


def test_more_than_ten_ranges_and_a_priority_that_is_twice_there_are_refused() -> None:
    wide = {"priority": 1, "action": "allow", "match": {"config": {"srcIpRanges": ["10.0.0.0/24"] * 11}}}
    assert [error[:9] for error in refused([wide])] == ["There are"]
    assert [error[:11] for error in refused([asks("a"), asks("b")])] == ["Cannot have"]


def test_a_rule_that_bans_cannot_throttle_later_though_one_that_throttles_can_ban() -> None:
    ban, throttle = limits("rate_based_ban", 5), limits("throttle", 5)
    assert len(refused([throttle], [ban])) == 1
    assert refused([ban], [throttle]) == []
    assert refused([throttle | {"priority": 2500}], [ban]) == []


def keys(*kinds: tuple[str, str | None], **more: Any) -> dict[str, Any]:
    rule = limits("throttle", 5)
    configs = [
        {"enforceOnKeyType": kind} | ({"enforceOnKeyName": name} if name else {}) for kind, name in kinds
    ]
    rule["rateLimitOptions"] |= {"enforceOnKeyConfigs": configs, **more}
    return rule


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        (
            keys(("IP", None), ("HTTP_PATH", None), ("REGION_CODE", None), ("HTTP_HEADER", "A")),
            "There are more than 3 enforceOnKeyConfigs",
        ),
        (keys(("IP", None), ("IP", None)), "The key IP is 2 times"),
        (keys(("IP", None), ("HTTP_HEADER", None)), "enforceOnKeyName is for HTTP_HEADER and HTTP_COOKIE"),
        (keys(("IP", "X-Api-Key")), "enforceOnKeyName is for HTTP_HEADER and HTTP_COOKIE"),
        (keys(("CLIENT", None)), "Invalid value for the key of rule 2000: CLIENT"),
        (keys(("IP", None), enforceOnKey="IP"), "can't both be there"),
    ],
)
def test_a_key_that_google_does_not_document_is_refused(rule: dict[str, Any], why: str) -> None:
    (error,) = refused([rule])
    assert why in error


@pytest.mark.parametrize(
    "expression",
    ["evaluateThreatIntelligence('iplist-tor-exit-nodes')", "evaluateAdaptiveProtectionAutoDeploy()"],
)
def test_what_another_tier_has_is_refused_until_the_project_is_enrolled(expression: str) -> None:
    (error,) = refused([asks(expression)])
    assert "Rule 1000 takes Cloud Armor Enterprise, in which acme isn't enrolled" in error
    assert refused([asks(expression)], settings={("tier", "acme"): "CA_ENTERPRISE_PAYGO"}) == []
    stated = {("stated-tier", "acme"): "CA_ENTERPRISE_PAYGO"}
    assert refused([asks(expression)], settings=stated) == []
    assert refused([asks(expression)], settings={**stated, ("tier", "acme"): "CA_STANDARD"}) == [error]


def test_three_keys_together_are_taken() -> None:
    assert refused([keys(("USER_IP", None), ("HTTP_HEADER", "X-Api-Key"), ("HTTP_COOKIE", "session"))]) == []


@pytest.mark.slow
def test_every_policy_of_the_shipped_catalog_is_taken() -> None:
    catalog = load(CATALOG, (CATALOG / "examples").glob("*.yaml"))
    planner = Planner(catalog)
    planned = [resource for stack in stacks(catalog) for resource in planner.plan(stack).resources]
    policies = [resource for resource in planned if resource.type == SECURITY_POLICY]
    assert len(policies) > 5
    assert {error for policy in policies for error in refused(policy.inputs["rules"])} == set()
