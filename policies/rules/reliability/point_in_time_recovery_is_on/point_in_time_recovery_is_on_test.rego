package rules.reliability.point_in_time_recovery_is_on_test

import data.rules.reliability.point_in_time_recovery_is_on as rule

test_no_log_fails if {
	rule.deny == {_finding("pointInTime", "none", true)} with input as _service("database", false, 7)
}

test_a_short_log_fails if {
	every days in [3, 6] {
		rule.deny == {_finding("logDays", days, 7)} with input as _service("database", true, days)
	}
}

test_a_week_of_log_passes if {
	rule.deny == set() with input as _service("database", true, 7)
}

test_a_cache_has_no_log if {
	rule.deny == set() with input as _service("cache", false, 1)
}

_finding(field, kept, expected) := {
	"rule": "reliability/point-in-time-recovery-is-on",
	"path": ["service", "spec", "stores", 0, "backup", field],
	"params": {"store": "db", "kept": kept, "expected": expected},
	"status": "failed",
}

_service(family, on, days) := {"spec": {"service": {"spec": {"stores": [{
	"name": "db",
	"family": family,
	"backup": {"pointInTime": on, "logDays": days},
}]}}}}
