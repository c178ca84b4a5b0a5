package rules.security.stores_are_private_test

import data.rules.security.stores_are_private as rule

test_a_public_store_fails_at_its_access if {
	rule.deny == {{
		"rule": "security/stores-are-private",
		"path": ["service", "spec", "stores", 1, "access"],
		"params": {"store": "db", "expected": "private"},
		"status": "failed",
	}} with input as _service([{"name": "redis", "access": "private"}, {"name": "db", "access": "public"}])
}

test_private_stores_pass if {
	rule.deny == set() with input as _service([{"name": "db", "access": "private"}])
}

_service(stores) := {"spec": {"service": {"spec": {"stores": stores}}}}
