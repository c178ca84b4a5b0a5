package rules.security.tls_is_modern_test

import data.rules.security.tls_is_modern as rule

test_old_versions_fail if {
	rule.deny == {_finding("minimum", "TLS 1.1", "1.2")} with input as _input("1.1", "modern")
}

test_weak_ciphers_fail if {
	rule.deny == {_finding("profile", "weak ciphers", "modern")} with input as _input("1.2", "compatible")
}

test_modern_encryption_passes if {
	every profile in ["modern", "restricted"] {
		rule.deny == set() with input as _input("1.2", profile)
	}
}

test_a_service_without_endpoints_has_no_front_door if {
	rule.deny == set() with input as {"spec": {"design": {"edge": null}}}
}

_finding(field, accepted, expected) := {
	"rule": "security/tls-is-modern",
	"path": ["service", "spec", "edge", "tls", field],
	"params": {"host": "portal.acme.example", "field": field, "accepted": accepted, "expected": expected},
	"status": "failed",
}

_input(minimum, profile) := {"spec": {"design": {"edge": {
	"host": "portal.acme.example",
	"tls": {"minimum": minimum, "profile": profile},
}}}}
