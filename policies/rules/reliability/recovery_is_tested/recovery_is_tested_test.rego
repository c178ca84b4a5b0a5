package rules.reliability.recovery_is_tested_test

import data.rules.reliability.recovery_is_tested as rule

test_missing_promises_and_tests_fail_each_at_its_place if {
	rule.deny == {
		_promise("rtoMinutes"),
		_promise("rpoMinutes"),
		_restore("missing"),
	} with input as _input("database", null, null, null)
}

test_a_restore_whose_time_nobody_wrote_down_fails_once if {
	missing := _finding("restoreMinutes", "missing", "the minutes that the last restore took")
	rule.deny == {missing} with input as _recovering([
		{"means": "transaction log", "rtoMinutes": null},
		{"means": "failover", "rtoMinutes": 1},
		{"means": "backup", "rtoMinutes": null},
	])
}

test_a_measured_restore_and_what_has_no_means_pass if {
	rule.deny == set() with input as _recovering([
		{"means": "transaction log", "rtoMinutes": 45},
		{"means": "nothing", "rtoMinutes": null},
	])
}

test_an_old_restore_fails if {
	rule.deny == {_restore("91 days ago")} with input as _input("database", 60, 5, 909)
}

test_a_restore_90_days_ago_passes if {
	rule.deny == set() with input as _input("database", 60, 5, 910)
}

test_a_restore_today_passes if {
	rule.deny == set() with input as _input("database", 60, 5, 1000)
}

test_without_a_database_only_the_time_to_recover_is_asked_for if {
	rule.deny == {_promise("rtoMinutes")} with input as _input("cache", null, null, null)
}

_promise(field) := _finding(field, "missing", "a number of minutes")

_restore(value) := _finding("restoreTestedOn", value, "a day of the last 90 on which a backup was restored")

_finding(field, value, wanted) := {
	"rule": "reliability/recovery-is-tested",
	"path": ["service", "spec", "recovery", field],
	"params": {"service": "portal", "field": field, "value": value, "wanted": wanted},
	"status": "failed",
}

_recovering(recoveries) := {"spec": object.union(
	_input("database", 60, 5, 1000).spec,
	{"design": {"stores": [{"recoveries": recoveries}]}},
)}

_input(family, rto, rpo, tested) := {"spec": {
	"service": {
		"metadata": {"name": "portal"},
		"spec": {
			"stores": [{"family": family}],
			"recovery": {"rtoMinutes": rto, "rpoMinutes": rpo, "restoreTestedOn": tested},
		},
	},
	"today": 1000,
}}
