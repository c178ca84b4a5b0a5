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

test_a_service_without_endpoints_has_no_front_door if {
	rule.deny == set() with input as _input(null)
}

_edge(exposure, profile) := {"host": "portal.acme.example", "exposure": exposure, "wafProfile": profile}

_input(edge) := {"spec": {"design": {"edge": edge}}}
