package rules.security.waf_is_on_test

import data.rules.security.waf_is_on as rule

test_a_public_service_without_firewall_fails_at_its_profile if {
	rule.deny == {{
		"rule": "security/waf-is-on",
		"path": ["service", "spec", "edge", "waf", "profile"],
		"params": {"host": "portal.acme.example", "expected": "baseline"},
		"status": "failed",
	}} with input as _input(_edge("public", "off"))
}

test_the_baseline_passes if {
	rule.deny == set() with input as _input(_edge("public", "baseline"))
}

test_a_service_for_employees_has_another_guard if {
	rule.deny == set() with input as _input(_edge("employees", "off"))
}

test_a_machine_that_the_name_leads_to_has_no_firewall if {
	every exposure in ["public", "employees"] {
		rule.deny == {{
			"rule": "security/waf-is-on",
			"path": ["service", "spec", "edge"],
			"params": {"host": "portal.acme.example"},
			"status": "failed",
		}} with input as _input(object.union(_edge(exposure, "baseline"), {"entrance": "machine"}))
	}
}

test_a_machine_behind_a_proxy_passes if {
	edge := object.union(_edge("public", "baseline"), {"entrance": "machine", "proxy": "cloudflare"})
	rule.deny == set() with input as _input(edge)
}

test_a_service_without_endpoints_has_no_front_door if {
	rule.deny == set() with input as _input(null)
}

_edge(exposure, profile) := {
	"host": "portal.acme.example",
	"exposure": exposure,
	"wafProfile": profile,
	"entrance": "load-balancer",
	"proxy": "none",
}

_input(edge) := {"spec": {"design": {"edge": edge}}}

test_a_backend_without_a_policy_fails if {
	rule.deny == {_backend_finding("failed")} with input as _plan([_backend({}, [])])
}

test_a_backend_whose_policy_is_elsewhere_is_undecided if {
	backend := _backend({"securityPolicy": {"$unknown": []}}, ["urn:other"])
	rule.deny == {_backend_finding("undecided")} with input as _plan([backend])
}

test_the_policy_that_the_foundation_makes_for_all_passes if {
	backend := _backend({"securityPolicy": "projects/acme/policies/live-edge-preview"}, [])
	rule.deny == set() with input as object.union(_plan([backend]), _baseline)
}

test_a_policy_of_which_nobody_knows_what_it_is_fails if {
	backend := _backend({"securityPolicy": "projects/acme/policies/other"}, [])
	rule.deny == {_backend_finding("failed")} with input as object.union(_plan([backend]), _baseline)
	rule.deny == {_backend_finding("failed")} with input as _plan([backend])
}

test_a_policy_without_all_core_rules_fails if {
	lets_pass := [object.union(_core(group), {"action": "allow"}) | some group in _groups]
	every rules in [[], lets_pass] {
		rule.deny == {_policy_finding("failed")} with input as _plan([_guarded, _policy(rules)])
	}
	every missing in _groups {
		rules := [_core(group) | some group in _groups; group != missing]
		rule.deny == {_policy_finding("failed")} with input as _plan([_guarded, _policy(rules)])
	}
}

test_an_expression_that_only_mentions_a_group_is_none_of_the_core_rules if {
	others := [_core(group) | some group in _groups; group != "rce"]
	every expression in ["evaluatePreconfiguredWaf('rcedia-v1')", "request.path.contains('rce-')"] {
		rules := array.concat(others, [{"action": "deny(403)", "match": {"expr": {"expression": expression}}}])
		rule.deny == {_policy_finding("failed")} with input as _plan([_guarded, _policy(rules)])
	}
}

test_a_policy_that_nobody_knows_yet_is_undecided if {
	rule.deny == {_policy_finding("undecided")} with input as _plan([_guarded, _policy({"$unknown": []})])
}

test_a_policy_with_all_core_rules_passes if {
	rules := [_core(group) | some group in _groups]
	rule.deny == set() with input as _plan([_guarded, _policy(rules)])
}

test_a_backend_behind_the_identity_aware_proxy_passes if {
	rule.deny == set() with input as _plan([_backend({"iap": {"enabled": true}}, [])])
}

_baseline := {"spec": {"design": {"edge": {
	"exposure": "employees",
	"entrance": "load-balancer",
	"baseline": {"policies": [{"address": "projects/acme/policies/live-edge-preview"}]},
}}}}

_groups := ["sqli", "xss", "lfi", "rce", "protocolattack", "scannerdetection"]

_backend_finding(status) := {
	"rule": "security/waf-is-on",
	"path": ["plan", "urn:backend", "inputs", "securityPolicy"],
	"params": {"host": "portal-all"},
	"status": status,
}

_policy_finding(status) := {
	"rule": "security/waf-is-on",
	"path": ["plan", "urn:policy", "inputs", "rules"],
	"params": {"host": "portal-all"},
	"status": status,
}

_guarded := _backend({"securityPolicy": {"$unknown": ["urn:policy"]}}, ["urn:policy"])

_backend(inputs, policies) := {
	"urn": "urn:backend",
	"type": "gcp:compute/backendService:BackendService",
	"name": "portal-all",
	"inputs": inputs,
	"options": {"propertyDependencies": {"securityPolicy": policies}},
}

_policy(rules) := {
	"urn": "urn:policy",
	"type": "gcp:compute/securityPolicy:SecurityPolicy",
	"name": "portal-all",
	"inputs": {"rules": rules},
}

_core(group) := {
	"action": "deny(403)",
	"preview": true,
	"match": {"expr": {"expression": concat("", [
		"evaluatePreconfiguredWaf('", group, "-v422-stable', {'sensitivity': 1})",
	])}},
}

_plan(resources) := {"plan": {"resources": resources}}
