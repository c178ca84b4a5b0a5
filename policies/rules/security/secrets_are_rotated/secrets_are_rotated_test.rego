package rules.security.secrets_are_rotated_test

import data.rules.security.secrets_are_rotated as rule

test_a_secret_without_a_day_fails_at_its_first_reader_by_name if {
	rule.deny == {_finding(
		["workloads", 2, "environment", 1, "secret"],
		"does not stand in `secrets` with the day of its last change",
	)} with input as _input("production", [{"name": "other", "kind": "credential", "rotatedOn": 1000}])
}

test_a_secret_of_half_a_year_fails_at_its_day if {
	rule.deny == {_finding(["secrets", 1, "rotatedOn"], "was last changed 181 days ago")} with input as _input(
		"production",
		[{"name": "other", "kind": "credential", "rotatedOn": 1000}, {"name": "key", "kind": "credential", "rotatedOn": 819}],
	)
}

test_a_day_in_the_future_fails if {
	fault := "is said to have been changed in the future"
	rule.deny == {_finding(["secrets", 0, "rotatedOn"], fault)} with input as _input(
		"production",
		[{"name": "key", "kind": "credential", "rotatedOn": 1001}, {"name": "other", "kind": "credential", "rotatedOn": 1000}],
	)
}

test_secrets_of_the_last_180_days_pass if {
	every day in [820, 1000] {
		rule.deny == set() with input as _input(
			"production",
			[{"name": "key", "kind": "credential", "rotatedOn": day}, {"name": "other", "kind": "credential", "rotatedOn": day}],
		)
	}
}

test_a_key_of_sessions_may_be_old_but_not_of_the_future if {
	old := {"name": "key", "kind": "session-key", "rotatedOn": 1}
	other := {"name": "other", "kind": "credential", "rotatedOn": 1000}
	rule.deny == set() with input as _input("production", [old, other])
	[["service", "spec", "secrets", 0, "rotatedOn"]] == [finding.path |
		some finding in rule.deny with input as _input(
			"production",
			[object.union(old, {"rotatedOn": 1001}), other],
		)
	]
}

test_elsewhere_nobody_asks if {
	rule.deny == set() with input as _input("staging", [{"name": "key", "kind": "credential", "rotatedOn": 1}])
}

_finding(at, fault) := {
	"rule": "security/secrets-are-rotated",
	"path": array.concat(["service", "spec"], at),
	"params": {"secret": "key", "fault": fault},
	"status": "failed",
}

_input(purpose, secrets) := {"spec": {
	"today": 1000,
	"environment": {"spec": {"purpose": purpose}},
	"service": {"spec": {
		"secrets": secrets,
		"workloads": [
			{"name": "web", "environment": [{"name": "A_KEY", "secret": "key"}]},
			{"name": "empty", "environment": []},
			{"name": "jobs", "environment": [
				{"name": "Z_KEY", "secret": "key"},
				{"name": "KEY", "secret": "key"},
				{"name": "MODE", "value": "on", "secret": null},
				{"name": "OTHER", "secret": "other"},
			]},
		],
	}},
}}
