package rules.reliability.failover_is_rehearsed_test

import data.rules.reliability.failover_is_rehearsed as rule

test_no_rehearsal_fails if {
	rule.deny == {_finding("missing")} with input as _input(null)
}

test_an_old_rehearsal_fails if {
	rule.deny == {_finding("91 days ago")} with input as _input(909)
}

test_a_rehearsal_of_the_last_90_days_passes if {
	every day in [910, 1000] {
		rule.deny == set() with input as _input(day)
	}
}

test_a_foundation_is_not_judged if {
	rule.deny == set() with input as {"spec": {"service": null, "today": 1000}}
}

_finding(value) := {
	"rule": "reliability/failover-is-rehearsed",
	"path": ["service", "spec", "recovery", "failoverTestedOn"],
	"params": {"service": "portal", "value": value},
	"status": "failed",
}

_input(tested) := {"spec": {
	"service": {"metadata": {"name": "portal"}, "spec": {"recovery": {"failoverTestedOn": tested}}},
	"today": 1000,
}}
