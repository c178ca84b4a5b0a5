package rules.reliability.deleted_objects_come_back_test

import data.rules.reliability.deleted_objects_come_back as rule

test_a_bucket_that_keeps_nothing_of_what_is_deleted_fails if {
	rule.deny == {{
		"rule": "reliability/deleted-objects-come-back",
		"path": ["service", "spec", "stores", 0, "softDeleteDays"],
		"params": {"store": "album", "days": 0, "expected": 7},
		"status": "failed",
	}} with input as _service("bucket", 0, null)
}

test_a_week_passes if {
	rule.deny == set() with input as _service("bucket", 7, null)
}

test_what_nobody_can_delete_need_not_come_back if {
	rule.deny == set() with input as _service("bucket", 0, {"days": 365, "locked": false})
}

test_other_stores_pass if {
	rule.deny == set() with input as _service("database", 0, null)
}

_service(family, days, retention) := {"spec": {"service": {"spec": {"stores": [{
	"name": "album",
	"family": family,
	"softDeleteDays": days,
	"retention": retention,
}]}}}}
