package rules.reliability.disk_grows_test

import data.rules.reliability.disk_grows as rule

test_a_disk_that_stays_as_it_is_fails if {
	rule.deny == {{
		"rule": "reliability/disk-grows",
		"path": ["service", "spec", "stores", 0, "diskAutoresize"],
		"params": {"store": "db", "gigabytes": 50, "expected": true},
		"status": "failed",
	}} with input as _service("database", false)
}

test_a_disk_that_grows_passes if {
	rule.deny == set() with input as _service("database", true)
}

test_a_cache_has_no_disk if {
	rule.deny == set() with input as _service("cache", false)
}

test_a_database_on_a_machine_is_not_judged_here if {
	document := json.patch(_service("database", false), [{
		"op": "replace",
		"path": "/spec/service/spec/stores/0/runtime",
		"value": "vm",
	}])
	rule.deny == set() with input as document
}

_service(family, grows) := {"spec": {"service": {"spec": {"stores": [{
	"name": "db",
	"family": family,
	"runtime": "managed",
	"diskGb": 50,
	"diskAutoresize": grows,
}]}}}}
