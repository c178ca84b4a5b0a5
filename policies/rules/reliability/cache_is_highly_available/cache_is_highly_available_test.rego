package rules.reliability.cache_is_highly_available_test

import data.rules.reliability.cache_is_highly_available as rule

test_a_zonal_redis_fails_at_its_availability if {
	rule.deny == {{
		"rule": "reliability/cache-is-highly-available",
		"path": ["service", "spec", "stores", 1, "availability"],
		"params": {"store": "cache", "expected": "regional"},
		"status": "failed",
	}} with input as _service([
		{"name": "db", "kind": "postgres", "runtime": "managed", "availability": "zonal"},
		{"name": "cache", "kind": "redis", "runtime": "managed", "availability": "zonal"},
	])
}

test_a_regional_redis_passes if {
	rule.deny == set() with input as _service([{
		"name": "cache",
		"kind": "redis",
		"runtime": "managed",
		"availability": "regional",
	}])
}

test_a_redis_on_a_machine_is_not_judged_here if {
	rule.deny == set() with input as _service([{
		"name": "cache",
		"kind": "redis",
		"runtime": "vm",
		"availability": "zonal",
	}])
}

_service(stores) := {"spec": {"service": {"spec": {"stores": stores}}}}
