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
	"params": {
		"host": "portal.acme.example",
		"field": field,
		"accepted": accepted,
		"wanted": expected,
		"expected": expected,
	},
	"status": "failed",
}

_input(minimum, profile) := {"spec": {"design": {"edge": {
	"host": "portal.acme.example",
	"tls": {"minimum": minimum, "profile": profile},
}}}}

test_a_policy_with_old_versions_and_weak_ciphers_fails_twice if {
	every inputs in [{"minTlsVersion": "TLS_1_0", "profile": "COMPATIBLE"}, {}] {
		rule.deny == {
			_planned("minTlsVersion", "minimum", "old TLS", "1.2", "failed"),
			_planned("profile", "profile", "weak ciphers", "modern", "failed"),
		} with input as _plan(inputs)
	}
}

test_a_policy_that_nobody_knows_yet_is_undecided if {
	inputs := {"minTlsVersion": {"$unknown": []}, "profile": "MODERN"}
	rule.deny == {_planned("minTlsVersion", "minimum", "old TLS", "1.2", "undecided")} with input as _plan(inputs)
}

test_a_modern_policy_passes if {
	every profile in ["MODERN", "RESTRICTED", "FIPS_202205"] {
		every version in ["TLS_1_2", "TLS_1_3"] {
			rule.deny == set() with input as _plan({"minTlsVersion": version, "profile": profile})
		}
	}
}

_planned(at, field, accepted, wanted, status) := {
	"rule": "security/tls-is-modern",
	"path": ["plan", "urn:tls", "inputs", at],
	"params": {"host": "portal", "field": field, "accepted": accepted, "wanted": wanted},
	"status": status,
}

_plan(inputs) := {"plan": {"resources": [{
	"urn": "urn:tls",
	"type": "gcp:compute/sSLPolicy:SSLPolicy",
	"name": "portal",
	"inputs": inputs,
}]}}
