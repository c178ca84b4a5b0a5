package rules.security.connections_are_encrypted_test

import data.rules.security.connections_are_encrypted as rule

test_optional_encryption_fails if {
	rule.deny == {_finding("encryption", "required")} with input as _service("postgres", "optional", true)
}

test_a_redis_without_authentication_fails if {
	rule.deny == {_finding("authentication", true)} with input as _service("redis", "required", false)
}

test_encryption_and_authentication_pass if {
	rule.deny == set() with input as _service("redis", "required", true)
}

test_a_postgres_always_asks if {
	rule.deny == set() with input as _service("postgres", "required", false)
}

_finding(field, expected) := {
	"rule": "security/connections-are-encrypted",
	"path": ["service", "spec", "stores", 0, field],
	"params": {"store": "data", "lacks": field, "field": field, "expected": expected},
	"status": "failed",
}

_service(kind, encryption, authentication) := {"spec": {"service": {"spec": {"stores": [{
	"name": "data",
	"kind": kind,
	"encryption": encryption,
	"authentication": authentication,
}]}}}}
