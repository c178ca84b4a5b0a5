package rules.reliability.backups_outlive_the_database_test

import data.rules.reliability.backups_outlive_the_database as rule

test_a_backup_that_goes_within_the_week_fails if {
	every days in [0, 6] {
		rule.deny == {{
			"rule": "reliability/backups-outlive-the-database",
			"path": ["service", "spec", "stores", 0, "backup", "keptAfterDeletionDays"],
			"params": {"store": "db", "days": days, "expected": 7},
			"status": "failed",
		}} with input as _service("database", "managed", days)
	}
}

test_a_week_is_enough_to_notice if {
	rule.deny == set() with input as _service("database", "managed", 7)
}

test_only_managed_databases_have_such_backups if {
	rule.deny == set() with input as _service("database", "vm", 0)
	rule.deny == set() with input as _service("cache", "managed", 0)
}

_service(family, runtime, days) := {"spec": {"service": {"spec": {"stores": [{
	"name": "db",
	"family": family,
	"runtime": runtime,
	"backup": {"keptAfterDeletionDays": days},
}]}}}}
