package rules.reliability.backups_reach_back_as_far_as_the_log_test

import data.rules.reliability.backups_reach_back_as_far_as_the_log as rule

test_more_log_than_backups_fails if {
	rule.deny == {{
		"rule": "reliability/backups-reach-back-as-far-as-the-log",
		"path": ["service", "spec", "stores", 0, "backup", "logDays"],
		"params": {"store": "db", "days": 35, "kept": 8, "expected": 8},
		"status": "failed",
	}} with input as _service("database", "managed", true, 35)
}

test_as_much_log_as_backups_passes if {
	rule.deny == set() with input as _service("database", "managed", true, 8)
}

test_without_a_log_no_backup_has_to_reach_back if {
	rule.deny == set() with input as _service("database", "managed", false, 35)
}

test_only_managed_databases_are_judged if {
	rule.deny == set() with input as _service("database", "vm", true, 35)
	rule.deny == set() with input as _service("cache", "managed", true, 35)
}

_service(family, runtime, log, days) := {"spec": {"service": {"spec": {"stores": [{
	"name": "db",
	"family": family,
	"runtime": runtime,
	"backup": {"pointInTime": log, "logDays": days, "retained": 8},
}]}}}}
