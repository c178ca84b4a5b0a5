package rules.security.audit_logs_are_locked_test

import data.rules.security.audit_logs_are_locked as rule

test_a_time_that_can_be_lessened_fails if {
	found := _finding("locked", 365, ", unless somebody lessens that", true)
	rule.deny == {found} with input as _environment("production", false, 365)
}

test_less_than_a_year_fails if {
	found := _finding("retentionDays", 364, ", and an audit asks for a year", 365)
	rule.deny == {found} with input as _environment("production", true, 364)
}

test_a_locked_year_passes if {
	rule.deny == set() with input as _environment("production", true, 365)
}

test_only_production_is_judged if {
	rule.deny == set() with input as _environment("staging", false, 30)
}

_finding(field, days, unlocked, wanted) := {
	"rule": "security/audit-logs-are-locked",
	"path": ["environment", "spec", "audit", field],
	"params": {
		"environment": "live",
		"days": days,
		"unlocked": unlocked,
		"field": field,
		"wanted": wanted,
	},
	"status": "failed",
}

_environment(purpose, locked, days) := {"spec": {"environment": {
	"metadata": {"name": "live"},
	"spec": {"purpose": purpose, "audit": {"locked": locked, "retentionDays": days}},
}}}
