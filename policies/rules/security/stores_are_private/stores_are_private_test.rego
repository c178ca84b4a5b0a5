package rules.security.stores_are_private_test

import data.rules.security.stores_are_private as rule

test_a_public_store_fails_at_its_access if {
	rule.deny == {{
		"rule": "security/stores-are-private",
		"path": ["service", "spec", "stores", 1, "access"],
		"params": {"store": "database", "expected": "private"},
		"status": "failed",
	}} with input as _service([_store("cache", "private"), _store("database", "public")])
}

test_private_stores_pass if {
	rule.deny == set() with input as _service([_store("database", "private")])
}

# Memorystore has none, whatever is written.
test_a_cache_never_has_one if {
	rule.deny == set() with input as _service([_store("cache", "public")])
}

_store(family, access) := {"name": family, "family": family, "access": access}

_service(stores) := {"spec": {"service": {"spec": {"stores": stores}}}}

test_an_instance_with_a_public_address_fails if {
	every settings in [{"ipConfiguration": {"ipv4Enabled": true}}, {"ipConfiguration": {}}, {}] {
		rule.deny == {_planned("failed")} with input as _plan(settings)
	}
}

test_an_instance_that_nobody_knows_yet_is_undecided if {
	rule.deny == {_planned("undecided")} with input as _plan({"ipConfiguration": {"$unknown": []}})
}

test_an_instance_without_one_passes if {
	rule.deny == set() with input as _plan({"ipConfiguration": {"ipv4Enabled": false}})
}

_planned(status) := {
	"rule": "security/stores-are-private",
	"path": ["plan", "urn:db", "inputs", "settings", "ipConfiguration", "ipv4Enabled"],
	"params": {"store": "portal-db-g1"},
	"status": status,
}

_plan(settings) := {"plan": {"resources": [{
	"urn": "urn:db",
	"type": "gcp:sql/databaseInstance:DatabaseInstance",
	"name": "portal-db-g1",
	"inputs": {"settings": settings},
}]}}
