package rules.operations.rollout_is_progressive_test

import data.rules.operations.rollout_is_progressive as rule

test_everybody_at_once_fails_at_the_steps if {
	rule.deny == {_finding("steps", _usual, "100", 15)} with input as _input("production", [100], 15)
}

test_a_big_first_step_fails if {
	rule.deny == {_finding("steps", _usual, "11, 50, 100", 15)} with input as _input("production", [11, 50, 100], 15)
}

test_two_steps_fail if {
	rule.deny == {_finding("steps", _usual, "5, 100", 15)} with input as _input("production", [5, 100], 15)
}

test_no_time_to_look_fails if {
	rule.deny == {_finding("soakMinutes", 15, "10, 50, 100", 0)} with input as _input("production", [10, 50, 100], 0)
}

test_a_gradual_rollout_passes if {
	rule.deny == set() with input as _input("production", [10, 50, 100], 1)
}

test_staging_may_go_at_once if {
	rule.deny == set() with input as _input("staging", [100], 0)
}

test_a_foundation_is_not_judged if {
	rule.deny == set() with input as {"spec": {
		"service": null,
		"environment": {"spec": {"purpose": "production"}},
	}}
}

_usual := [5, 25, 50, 100]

_finding(field, expected, steps, minutes) := {
	"rule": "operations/rollout-is-progressive",
	"path": ["service", "spec", "rollout", field],
	"params": {"service": "portal", "steps": steps, "minutes": minutes, "expected": expected},
	"status": "failed",
}

_input(purpose, steps, minutes) := {"spec": {
	"service": {
		"metadata": {"name": "portal"},
		"spec": {"rollout": {"steps": steps, "soakMinutes": minutes}},
	},
	"environment": {"spec": {"purpose": purpose}},
}}
