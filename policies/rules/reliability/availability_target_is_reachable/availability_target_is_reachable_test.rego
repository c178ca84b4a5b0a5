package rules.reliability.availability_target_is_reachable_test

import data.rules.reliability.availability_target_is_reachable as rule

test_a_promise_above_the_design_fails_at_the_target if {
	rule.deny == {{
		"rule": "reliability/availability-target-is-reachable",
		"path": ["service", "spec", "availability", "target"],
		"params": {"service": "portal", "promised": 99.95, "designed": 99.8, "weakest": "db", "unless": ""},
		"status": "failed",
	}} with input as _input(99.8)
}

test_a_promise_that_the_design_just_keeps_passes if {
	rule.deny == set() with input as _input(99.95)
}

test_what_only_hard_dependencies_break_is_their_finding if {
	rule.deny == set() with input as _with(99.8, 99.85, 99.96)
}

test_what_falls_short_beside_them_is_said_too if {
	count(rule.deny) == 1 with input as _with(99.7, 99.85, 99.86)
	count(rule.deny) == 1 with input as _with(99.94, 99.97, 99.97)
}

test_what_nobody_knows_leaves_a_promise_undecided if {
	rule.deny == {{
		"rule": "reliability/availability-target-is-reachable",
		"path": ["service", "spec", "availability", "target"],
		"params": {
			"service": "portal",
			"promised": 99.95,
			"designed": 99.97,
			"weakest": "db",
			"unless": " less what nobody knows of mail and search",
		},
		"status": "undecided",
	}} with input as _beside(["mail", "search"], 99.97, 100, 99.97)
}

test_what_nobody_knows_makes_nothing_better if {
	[finding.status | some finding in rule.deny] == ["failed"] with input as _beside(["mail"], 99.8, 100, 99.8)
}

_input(designed) := _with(designed, 100, designed)

_with(designed, ceiling, own) := _beside([], designed, ceiling, own)

_beside(unknown, designed, ceiling, own) := {"spec": {
	"service": {"metadata": {"name": "portal"}},
	"design": {"availability": {
		"promised": 99.95,
		"designed": designed,
		"ceiling": ceiling,
		"own": own,
		"weakest": "db",
		"unknown": unknown,
	}},
}}
