package rules.reliability.cache_is_highly_available_test

import data.rules.reliability.cache_is_highly_available as rule

test_a_zonal_redis_fails_at_its_availability if {
	rule.deny == {{
		"rule": "reliability/cache-is-highly-available",
		"path": ["service", "spec", "stores", 1, "availability"],
		"params": {"store": "cache", "expected": "regional"},
		"status": "failed",
	}} with input as _service([
		{"name": "db", "family": "database", "runtime": "managed", "availability": "zonal"},
		{"name": "cache", "family": "cache", "runtime": "managed", "availability": "zonal"},
	])
}

test_a_regional_redis_passes if {
	rule.deny == set() with input as _service([{
		"name": "cache",
		"family": "cache",
		"runtime": "managed",
		"availability": "regional",
	}])
}

test_a_redis_on_a_machine_is_not_judged_here if {
	rule.deny == set() with input as _service([{
		"name": "cache",
		"family": "cache",
		"runtime": "vm",
		"availability": "zonal",
	}])
}

_service(stores) := {"spec": {"service": {"spec": {"stores": stores}}}}

test_an_instance_without_standby_fails if {
	every inputs in [{"tier": "BASIC"}, {}] {
		rule.deny == {_planned("failed")} with input as _plan(inputs)
	}
}

test_an_instance_that_nobody_knows_yet_is_undecided if {
	rule.deny == {_planned("undecided")} with input as _plan({"tier": {"$unknown": []}})
}

test_an_instance_with_standby_passes if {
	rule.deny == set() with input as _plan({"tier": "STANDARD_HA"})
}

_planned(status) := {
	"rule": "reliability/cache-is-highly-available",
	"path": ["plan", "urn:cache", "inputs", "tier"],
	"params": {"store": "portal-cache-g1"},
	"status": status,
}

_plan(inputs) := {"plan": {"resources": [{
	"urn": "urn:cache",
	"type": "gcp:redis/instance:Instance",
	"name": "portal-cache-g1",
	"inputs": inputs,
}]}}

test_a_valkey_without_a_replica_fails if {
	every inputs in [{"replicaCount": 0}, {}] {
		{finding.path | some finding in rule.deny} == {["plan", "urn:valkey", "inputs", "replicaCount"]} with input as _valkey(inputs)
	}
	rule.deny == set() with input as _valkey({"replicaCount": 1})
}

_valkey(inputs) := {"plan": {"resources": [{
	"urn": "urn:valkey",
	"type": "gcp:memorystore/instance:Instance",
	"name": "portal-cache-g1",
	"inputs": inputs,
}]}}
