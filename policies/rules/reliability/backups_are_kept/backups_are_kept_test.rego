package rules.reliability.backups_are_kept_test

import data.rules.reliability.backups_are_kept as rule

test_no_backups_fail if {
	rule.deny == {_finding("enabled", "none", true)} with input as _service("database", false, 14)
}

test_too_few_backups_fail if {
	rule.deny == {_finding("retained", 6, 7)} with input as _service("database", true, 6)
}

test_a_week_of_backups_passes if {
	rule.deny == set() with input as _service("database", true, 7)
}

test_a_cache_needs_none if {
	rule.deny == set() with input as _service("cache", false, 1)
}

_finding(field, kept, expected) := {
	"rule": "reliability/backups-are-kept",
	"path": ["service", "spec", "stores", 0, "backup", field],
	"params": {"store": "db", "kept": kept, "expected": expected},
	"status": "failed",
}

_service(family, enabled, retained) := {"spec": {"service": {"spec": {"stores": [{
	"name": "db",
	"family": family,
	"backup": {"enabled": enabled, "retained": retained},
}]}}}}
