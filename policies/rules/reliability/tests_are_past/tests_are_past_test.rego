package rules.reliability.tests_are_past_test

import data.rules.reliability.tests_are_past as rule

test_days_to_come_fail_each_at_its_place if {
	rule.deny == {_yet_to_come("failoverTestedOn"), _yet_to_come("restoreTestedOn")} with input as _input({
		"failoverTestedOn": 1001,
		"restoreTestedOn": 1001,
		"restoreMinutes": 45,
	})
}

test_a_time_without_its_day_fails if {
	fault := "is missing, so that `restoreMinutes` was measured on no day"
	rule.deny == {_finding("restoreTestedOn", fault)} with input as _input({"restoreMinutes": 45})
}

test_today_and_nothing_pass if {
	rule.deny == set() with input as _input({"restoreTestedOn": 1000, "restoreMinutes": 45, "failoverTestedOn": 1000})
	rule.deny == set() with input as _input({})
}

test_a_foundation_is_not_judged if {
	rule.deny == set() with input as {"spec": {"service": null, "today": 1000}}
}

_yet_to_come(field) := _finding(field, "is a day that is yet to come")

_finding(field, fault) := {
	"rule": "reliability/tests-are-past",
	"path": ["service", "spec", "recovery", field],
	"params": {"service": "portal", "field": field, "fault": fault},
	"status": "failed",
}

_input(recovery) := {"spec": {
	"service": {
		"metadata": {"name": "portal"},
		"spec": {"recovery": object.union(
			{"restoreTestedOn": null, "restoreMinutes": null, "failoverTestedOn": null},
			recovery,
		)},
	},
	"today": 1000,
}}
