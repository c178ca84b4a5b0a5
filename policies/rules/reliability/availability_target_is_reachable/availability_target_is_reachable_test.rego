package rules.reliability.availability_target_is_reachable_test

import data.rules.reliability.availability_target_is_reachable as rule

test_a_promise_above_the_design_fails_at_the_target if {
	rule.deny == {{
		"rule": "reliability/availability-target-is-reachable",
		"path": ["service", "spec", "availability", "target"],
		"params": {"service": "portal", "promised": 99.95, "designed": 99.8, "weakest": "db"},
		"status": "failed",
	}} with input as _input(99.8)
}

test_a_promise_that_the_design_just_keeps_passes if {
	rule.deny == set() with input as _input(99.95)
}

_input(designed) := {"spec": {
	"service": {"metadata": {"name": "portal"}},
	"design": {"availability": {"promised": 99.95, "designed": designed, "weakest": "db"}},
}}
