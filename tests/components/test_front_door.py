from typing import Any

import pytest

from stacks.plan import PlannedResource
from tests.components.service_plans import all_of, named, one, plan, urns

ENDPOINTS = [
    "cloud-connector",
    "portal",
    "purchase",
    "seat-sync",
    "sign-in",
    "subscription-update",
    "trial",
    "vendor-callouts",
]

every_endpoint = pytest.mark.parametrize("endpoint", ENDPOINTS)


def backend(endpoint: str, service: str = "customersdot") -> dict[str, Any]:
    return named(":BackendService", f"{service}-{endpoint}", service).inputs


def guard(endpoint: str, service: str = "customersdot") -> PlannedResource:
    """The policy that a backend points at."""
    (urn,) = urns(backend(endpoint, service)["securityPolicy"])
    (policy,) = [each for each in all_of(":SecurityPolicy", service) if each.urn == urn]
    return policy


def rules(endpoint: str, service: str = "customersdot") -> dict[int, dict[str, Any]]:
    policy = guard(endpoint, service)
    return {rule["priority"]: rule for rule in policy.inputs["rules"]}


def test_endpoints_of_the_same_rules_stand_behind_one_policy() -> None:
    assert {endpoint: guard(endpoint).name for endpoint in ENDPOINTS} == {
        "cloud-connector": "customersdot-subscription-update",
        "portal": "customersdot-vendor-callouts",
        "purchase": "customersdot-purchase",
        "seat-sync": "customersdot-seat-sync",
        "sign-in": "customersdot-sign-in",
        "subscription-update": "customersdot-subscription-update",
        "trial": "customersdot-sign-in",
        "vendor-callouts": "customersdot-vendor-callouts",
    }


def test_the_shipped_production_is_within_the_quotas_of_a_new_project() -> None:
    """SECURITY_POLICIES 10 and SECURITY_POLICY_CEVAL_RULES 20, as public dumps of quotas show."""
    services = ("customersdot", "lunch-menu", "receipt-scanner", "usage-api")
    policies = [policy for name in services for policy in all_of(":SecurityPolicy", name)]
    advanced = [rule for policy in policies for rule in policy.inputs["rules"] if "expr" in rule["match"]]
    assert len(policies) <= 10
    assert len(advanced) <= 20


def test_no_backend_is_without_an_endpoint() -> None:
    assert sorted(b.name for b in all_of(":BackendService")) == [f"customersdot-{e}" for e in ENDPOINTS]


def test_a_backend_has_the_copies_of_its_workload_in_every_zone() -> None:
    for endpoint, workload in (("purchase", "customersdot-web"), ("seat-sync", "customersdot-api")):
        made = [named(":NetworkEndpointGroup", f"{workload}-us-east1-{zone}").urn for zone in "bcd"]
        backends = backend(endpoint)["backends"]
        assert len(backends) == 3
        assert all(urns(each["group"]) == made for each in backends)
    assert {(b["balancingMode"], b["maxRatePerEndpoint"]) for b in backend("purchase")["backends"]} == {
        ("RATE", 30)
    }


@every_endpoint
def test_a_backend_waits_until_gke_fills_the_groups(endpoint: str) -> None:
    needed = named(":BackendService", f"customersdot-{endpoint}").options.depends_on
    assert sum("core/v1:Service::" in urn or ":Rollout::" in urn for urn in needed) == 2


def test_a_request_is_cut_off_at_its_own_timeout_and_may_finish_while_a_copy_drains() -> None:
    assert (backend("purchase")["timeoutSec"], backend("purchase")["connectionDrainingTimeoutSec"]) == (
        60,
        65,
    )
    assert (backend("portal")["timeoutSec"], backend("portal")["connectionDrainingTimeoutSec"]) == (30, 35)


@every_endpoint
def test_every_request_is_logged_where_one_may_have_to_be_found(endpoint: str) -> None:
    is_quiet = endpoint in {"portal", "vendor-callouts"}
    assert backend(endpoint)["logConfig"] == {"enable": True, "sampleRate": 0.1 if is_quiet else 1}


def test_every_request_is_logged_as_long_as_the_firewall_or_a_limit_only_previews() -> None:
    assert backend("status", "status-page")["logConfig"]["sampleRate"] == 0.1
    assert backend("subscribe", "status-page")["logConfig"]["sampleRate"] == 1
    assert backend("all", "wiki")["logConfig"]["sampleRate"] == 1


@every_endpoint
def test_a_browser_asks_over_https_for_a_year(endpoint: str) -> None:
    assert backend(endpoint)["customResponseHeaders"] == ["Strict-Transport-Security: max-age=31536000"]


def test_a_balancer_asks_a_copy_only_about_itself() -> None:
    """Readiness asks for the database; while that fails over, no copy would be left."""
    checks = {check.name: check.inputs["httpHealthCheck"] for check in all_of(":HealthCheck")}
    assert checks == {
        name: {"portSpecification": "USE_SERVING_PORT", "requestPath": "/-/liveness"}
        for name in ("customersdot-api", "customersdot-web")
    }
    assert one(":HealthCheck", "wiki").inputs["httpHealthCheck"]["requestPath"] == "/-/liveness"
    assert urns(backend("portal")["healthChecks"]) == [named(":HealthCheck", "customersdot-web").urn]


@every_endpoint
def test_only_the_proxy_gets_through_to_the_origin(endpoint: str) -> None:
    assert rules(endpoint)[2147483647]["action"] == "deny(403)"
    allowed = [rule for rule in rules(endpoint).values() if rule["action"] != "deny(403)"]
    assert allowed
    assert all(0 < len(rule["match"]["config"]["srcIpRanges"]) <= 10 for rule in allowed)
    ranges = {cidr for rule in allowed for cidr in rule["match"]["config"]["srcIpRanges"]}
    assert "173.245.48.0/20" in ranges
    assert len(ranges) == 15


@every_endpoint
def test_every_endpoint_has_the_core_rules_and_adaptive_protection(endpoint: str) -> None:
    expressions = [rules(endpoint)[1000 + 10 * n]["match"]["expr"]["expression"] for n in range(2)]
    for group in ("sqli", "xss", "lfi", "rce", "protocolattack", "scannerdetection"):
        core = f"evaluatePreconfiguredWaf('{group}-v422-stable', {{'sensitivity': 1}})"
        assert sum(core in expression for expression in expressions) == 1
    assert guard(endpoint).inputs["adaptiveProtectionConfig"]["layer7DdosDefenseConfig"]["enable"] is True


def test_a_limit_counts_clients_and_not_their_proxy() -> None:
    options = guard("sign-in").inputs["advancedOptionsConfig"]
    assert options["userIpRequestHeaders"] == ["CF-Connecting-IP"]
    for priority in (2000, 2001):
        assert rules("sign-in")[priority]["action"] == "throttle"
        assert rules("sign-in")[priority]["preview"] is False
        assert rules("sign-in")[priority]["rateLimitOptions"] == {
            "conformAction": "allow",
            "exceedAction": "deny(429)",
            "enforceOnKey": "USER_IP",
            "rateLimitThreshold": {"count": 20, "intervalSec": 60},
        }


def test_a_limit_that_throttles_bans_nobody() -> None:
    assert rules("purchase")[2000]["action"] == "throttle"
    assert rules("purchase")[2000]["rateLimitOptions"]["rateLimitThreshold"] == {
        "count": 30,
        "intervalSec": 60,
    }
    assert "banDurationSec" not in rules("purchase")[2000]["rateLimitOptions"]


def test_without_a_proxy_everyone_gets_through_and_a_limit_counts_addresses() -> None:
    assert rules("status", "status-page")[2147483647]["action"] == "allow"
    limit = rules("subscribe", "status-page")[2500]
    assert (limit["action"], limit["rateLimitOptions"]["banDurationSec"]) == ("rate_based_ban", 300)
    assert limit["match"] == {"versionedExpr": "SRC_IPS_V1", "config": {"srcIpRanges": ["*"]}}
    assert (limit["rateLimitOptions"]["enforceOnKey"], limit["preview"]) == ("IP", True)
    options = named(":SecurityPolicy", "status-page-status", "status-page").inputs["advancedOptionsConfig"]
    assert "userIpRequestHeaders" not in options


def test_a_key_of_several_parts_is_written_as_google_takes_it() -> None:
    options = rules("status", "status-page")[2000]["rateLimitOptions"]
    assert options["enforceOnKeyConfigs"] == [
        {"enforceOnKeyType": "IP"},
        {"enforceOnKeyType": "TLS_JA4_FINGERPRINT"},
        {"enforceOnKeyType": "HTTP_COOKIE", "enforceOnKeyName": "session"},
    ]
    assert "enforceOnKey" not in options


def test_the_longest_path_wins_and_one_endpoint_takes_the_rest() -> None:
    routes = named(":URLMap", "customersdot").inputs
    (matcher,) = routes["pathMatchers"]
    assert routes["hostRules"] == [{"hosts": ["customers.acme.example"], "pathMatcher": matcher["name"]}]
    assert [rule["paths"] for rule in matcher["pathRules"]][:2] == [
        ["/subscriptions/new", "/purchases/*"],
        ["/customers/sign_in", "/auth/*"],
    ]
    assert len(matcher["pathRules"]) == len(ENDPOINTS)
    assert "defaultRouteAction" not in matcher


def test_a_path_of_no_endpoint_never_reaches_a_workload() -> None:
    (matcher,) = named(":URLMap", "status-page", "status-page").inputs["pathMatchers"]
    assert matcher["defaultRouteAction"] == {
        "faultInjectionPolicy": {"abort": {"httpStatus": 404, "percentage": 100}}
    }


def test_another_host_is_sent_to_the_right_one() -> None:
    routes = named(":URLMap", "customersdot").inputs
    assert routes["defaultUrlRedirect"] == {
        "hostRedirect": "customers.acme.example",
        "httpsRedirect": True,
        "stripQuery": False,
    }


def test_plain_http_is_only_told_to_come_back_with_https() -> None:
    redirect = named(":URLMap", "customersdot-redirect")
    assert redirect.inputs["defaultUrlRedirect"] == {"httpsRedirect": True, "stripQuery": False}
    assert urns(one(":TargetHttpProxy").inputs["urlMap"]) == [redirect.urn]
    plain = named(":GlobalForwardingRule", "customersdot-http-a").inputs
    assert (plain["portRange"], urns(plain["target"])) == ("80", [one(":TargetHttpProxy").urn])


def test_https_is_modern_and_has_a_certificate_of_the_host() -> None:
    assert one(":SSLPolicy").inputs == {
        "name": "customersdot",
        "minTlsVersion": "TLS_1_2",
        "profile": "MODERN",
    }
    proxy = one(":TargetHttpsProxy").inputs
    assert urns(proxy["sslPolicy"]) == [one(":SSLPolicy").urn]
    assert urns(proxy["certificateMap"]) == [one(":CertificateMap").urn]
    assert one(":CertificateMapEntry").inputs["hostname"] == "customers.acme.example"
    secure = named(":GlobalForwardingRule", "customersdot-https-a").inputs
    assert (secure["portRange"], urns(secure["target"])) == ("443", [one(":TargetHttpsProxy").urn])


def test_the_certificate_is_proven_in_dns_before_the_host_leads_here() -> None:
    managed = one("certificate:Certificate")
    assert managed.inputs["managed"]["domains"] == ["customers.acme.example"]
    proof = named(":RecordSet", "_acme-challenge-own.customers.acme.example")
    assert urns(proof.inputs["rrdatas"][0]) == [one(":DnsAuthorization").urn]
    assert proof.urn in managed.options.depends_on


def test_behind_a_proxy_the_proof_leaves_the_proxy_the_name_of_its_own() -> None:
    """Where a CNAME is, there is no room for the proxy's TXT record: Google names one after the project."""
    assert one(":DnsAuthorization").inputs["type"] == "PER_PROJECT_RECORD"
    proof = named(":RecordSet", "_acme-challenge-own.customers.acme.example")
    assert urns(proof.inputs["name"]) == [one(":DnsAuthorization").urn]
    (alone,) = all_of(":DnsAuthorization", "wiki")
    assert alone.inputs["type"] == "FIXED_RECORD"
    assert named(":RecordSet", "_acme-challenge.wiki.acme.example", "wiki").inputs["type"] == "CNAME"


def test_behind_a_proxy_the_record_is_the_one_that_the_proxy_asks_for() -> None:
    record = named(":RecordSet", "origin.customers.acme.example-a")
    assert (record.inputs["name"], record.inputs["type"]) == ("origin.customers.acme.example.", "A")
    assert (record.inputs["ttl"], record.inputs["managedZone"]) == (300, "acme-example")
    assert urns(record.inputs["rrdatas"][0]) == [one(":GlobalAddress").urn]


def test_a_proxy_that_only_calls_over_ipv4_gets_no_ipv6_record() -> None:
    assert {r.inputs["type"] for r in all_of(":RecordSet")} == {"A", "CNAME"}


def test_without_a_proxy_the_host_itself_leads_here_over_both_protocols() -> None:
    records = {r.inputs["type"]: r for r in all_of(":RecordSet", "wiki") if r.inputs["type"] != "CNAME"}
    assert {kind: r.inputs["name"] for kind, r in records.items()} == {
        "A": "wiki.acme.example.",
        "AAAA": "wiki.acme.example.",
    }
    versions = {address.urn: address.inputs["ipVersion"] for address in all_of(":GlobalAddress", "wiki")}
    leads_to = {kind: versions[urns(r.inputs["rrdatas"][0])[0]] for kind, r in records.items()}
    assert leads_to == {"A": "IPV4", "AAAA": "IPV6"}
    assert len(all_of(":GlobalForwardingRule", "wiki")) == 4


def test_a_host_outside_of_the_environment_s_domain_gets_a_signed_zone_of_its_own() -> None:
    zone = one(":ManagedZone", "status-page").inputs
    assert (zone["dnsName"], zone["dnssecConfig"]["state"]) == ("status.elsewhere.example.", "on")
    assert {r.inputs["managedZone"] for r in all_of(":RecordSet", "status-page")} == {zone["name"]}
    assert all_of(":ManagedZone") == []


def test_employees_are_asked_who_they_are() -> None:
    assert one(":BackendService", "wiki").inputs["iap"] == {"enabled": True}
    assert all("iap" not in b.inputs for b in all_of(":BackendService"))


def test_members_of_the_environment_s_group_are_let_in_and_nobody_else() -> None:
    assert one(":WebBackendServiceIamMember", "wiki").inputs == {
        "webBackendService": "wiki-all",
        "role": "roles/iap.httpsResourceAccessor",
        "member": "group:employees@acme.example",
    }
    assert all_of(":WebBackendServiceIamMember") == []


def test_a_service_without_endpoints_has_no_front_door() -> None:
    assert not [r for r in plan("nightly-report").resources if "compute" in r.type or "dns" in r.type]
