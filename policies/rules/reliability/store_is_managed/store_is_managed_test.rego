package rules.reliability.store_is_managed_test

import data.rules.reliability.store_is_managed as rule

test_a_store_on_a_machine_fails_at_its_runtime if {
	rule.deny == {{
		"rule": "reliability/store-is-managed",
		"path": ["service", "spec", "stores", 1, "runtime"],
		"params": {"store": "redis", "expected": "managed"},
		"status": "failed",
	}} with input as _service([{"name": "db", "runtime": "managed"}, {"name": "redis", "runtime": "vm"}])
}

test_managed_stores_pass if {
	rule.deny == set() with input as _service([{"name": "db", "runtime": "managed"}])
}

_service(stores) := {"spec": {"service": {"spec": {"stores": stores}}}}
