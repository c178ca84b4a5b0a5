package rules.reliability.database_is_regional_test

import data.rules.reliability.database_is_regional as rule

test_a_zonal_database_fails_at_its_availability if {
	stores := [
		{"name": "cache", "family": "cache", "availability": "zonal"},
		{"name": "orders", "family": "database", "availability": "zonal"},
	]
	rule.deny == {{
		"rule": "reliability/database-is-regional",
		"path": ["service", "spec", "stores", 1, "availability"],
		"params": {"store": "orders", "expected": "regional"},
		"status": "failed",
	}} with input as _service(stores)
}

test_a_regional_database_passes if {
	rule.deny == set() with input as _service([{"name": "orders", "family": "database", "availability": "regional"}])
}

test_a_zonal_store_of_another_kind_is_not_judged_here if {
	rule.deny == set() with input as _service([{"name": "cache", "family": "cache", "availability": "zonal"}])
}

test_a_service_without_stores_passes if {
	rule.deny == set() with input as _service([])
}

test_an_instance_that_is_not_regional_fails if {
	every settings in [{"availabilityType": "ZONAL"}, {}] {
		rule.deny == {_planned("failed")} with input as _plan(settings)
	}
}

test_an_instance_that_nobody_knows_yet_is_undecided if {
	rule.deny == {_planned("undecided")} with input as _plan({"availabilityType": {"$unknown": []}})
}

test_a_regional_instance_passes if {
	rule.deny == set() with input as _plan({"availabilityType": "REGIONAL"})
}

_planned(status) := {
	"rule": "reliability/database-is-regional",
	"path": ["plan", "urn:db", "inputs", "settings", "availabilityType"],
	"params": {"store": "portal-db-g1"},
	"status": status,
}

_service(stores) := {"spec": {"service": {"spec": {"stores": stores}}}}

_plan(settings) := {"plan": {"resources": [{
	"urn": "urn:db",
	"type": "gcp:sql/databaseInstance:DatabaseInstance",
	"name": "portal-db-g1",
	"inputs": {"settings": settings},
}]}}
