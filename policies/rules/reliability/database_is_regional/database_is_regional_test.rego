package rules.reliability.database_is_regional_test

import data.rules.reliability.database_is_regional as rule

test_a_zonal_database_fails_at_its_availability if {
	stores := [
		{"name": "cache", "kind": "redis", "availability": "zonal"},
		{"name": "orders", "kind": "postgres", "availability": "zonal"},
	]
	rule.deny == {{
		"rule": "reliability/database-is-regional",
		"path": ["service", "spec", "stores", 1, "availability"],
		"params": {"store": "orders", "expected": "regional"},
		"status": "failed",
	}} with input as _service(stores)
}

test_a_regional_database_passes if {
	rule.deny == set() with input as _service([{"name": "orders", "kind": "postgres", "availability": "regional"}])
}

test_a_zonal_store_of_another_kind_is_not_judged_here if {
	rule.deny == set() with input as _service([{"name": "cache", "kind": "redis", "availability": "zonal"}])
}

test_a_service_without_stores_passes if {
	rule.deny == set() with input as _service([])
}

_service(stores) := {"spec": {"service": {"spec": {"stores": stores}}}}
