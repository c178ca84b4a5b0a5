package rules.security.firewall_rules_fit_test

import data.rules.security.firewall_rules_fit as rule

test_a_rule_of_six_conditions_fails_at_its_last_exception if {
	rule.deny == {_finding(6, 300)} with input as _input(6, 300)
}

test_a_rule_that_is_too_long_fails if {
	rule.deny == {_finding(5, 2049)} with input as _input(5, 2049)
}

test_what_fits_exactly_passes if {
	rule.deny == set() with input as _input(5, 2048)
}

test_a_policy_without_exceptions_passes if {
	rule.deny == set() with input as {"spec": {
		"service": {"spec": {"edge": {"waf": {"exceptions": []}}}},
		"design": {"securityPolicies": [_policy([], 5, 300)]},
	}}
}

_finding(subexpressions, characters) := {
	"rule": "security/firewall-rules-fit",
	"path": ["service", "spec", "edge", "waf", "exceptions", 1],
	"params": {"exception": "scans", "subexpressions": subexpressions, "characters": characters},
	"status": "failed",
}

_input(subexpressions, characters) := {"spec": {
	"service": {"spec": {"edge": {"waf": {"exceptions": [{"name": "callouts"}, {"name": "scans"}]}}}},
	"design": {"securityPolicies": [_policy(["callouts", "scans"], subexpressions, characters)]},
}}

_policy(exceptions, subexpressions, characters) := {
	"exceptions": exceptions,
	"mostSubexpressions": subexpressions,
	"longestExpression": characters,
}
