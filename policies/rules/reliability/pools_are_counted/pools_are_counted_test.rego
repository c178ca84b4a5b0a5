package rules.reliability.pools_are_counted_test

import data.rules.reliability.pools_are_counted as rule

test_a_database_that_nobody_connects_to_is_said if {
	rule.deny == {{
		"rule": "reliability/pools-are-counted",
		"path": ["service", "spec", "stores", 1],
		"params": {"service": "portal", "store": "db"},
		"status": "failed",
	}} with input as _service([0, 0])
}

test_one_pool_passes if {
	rule.deny == set() with input as _service([0, 5])
}

test_without_workloads_nobody_says_anything if {
	rule.deny == set() with input as _service([])
}

_service(pools) := {"spec": {"service": {
	"metadata": {"name": "portal"},
	"spec": {
		"stores": [{"name": "cache", "family": "cache"}, {"name": "db", "family": "database"}],
		"workloads": [{"connections": pool} | some pool in pools],
	},
}}}
