package rules.security.browsers_stay_on_https_test

import data.rules.security.browsers_stay_on_https as rule

test_a_backend_without_the_header_fails if {
	every headers in [[], ["X-Frame-Options: DENY"], ["Strict-Transport-Security: max-age=15767999"]] {
		rule.deny == {_finding("failed")} with input as _plan({"customResponseHeaders": headers})
	}
	rule.deny == {_finding("failed")} with input as _plan({"loadBalancingScheme": "EXTERNAL_MANAGED"})
}

test_the_header_passes_however_it_is_written if {
	every header in [
		"Strict-Transport-Security: max-age=31536000",
		"strict-transport-security:max-age=15768000; includeSubDomains",
	] {
		rule.deny == set() with input as _plan({"customResponseHeaders": ["X-A: b", header]})
	}
}

test_an_internal_backend_is_not_asked if {
	rule.deny == set() with input as _plan({"loadBalancingScheme": "INTERNAL_MANAGED"})
}

test_headers_that_nobody_knows_yet_are_undecided if {
	rule.deny == {_finding("undecided")} with input as _plan({"customResponseHeaders": {"$unknown": []}})
}

test_a_backend_that_may_be_public_is_undecided if {
	rule.deny == {object.union(
		_finding("undecided"),
		{"path": ["plan", "urn:backend", "inputs", "loadBalancingScheme"]},
	)} with input as _plan({"loadBalancingScheme": {"$unknown": []}})
}

_finding(status) := {
	"rule": "security/browsers-stay-on-https",
	"path": ["plan", "urn:backend", "inputs", "customResponseHeaders"],
	"params": {"backend": "portal-all"},
	"status": status,
}

test_a_host_that_is_pinned_for_days_only_fails_at_its_seconds if {
	rule.deny == {{
		"rule": "security/browsers-stay-on-https",
		"path": ["service", "spec", "edge", "hstsSeconds"],
		"params": {"backend": "portal.acme.example", "expected": 31536000},
		"status": "failed",
	}} with input as _pinned(15767999)
	rule.deny == set() with input as _pinned(15768000)
}

_pinned(seconds) := {"spec": {"design": {"edge": {"host": "portal.acme.example", "hstsSeconds": seconds}}}}

_plan(inputs) := {"plan": {"resources": [{
	"urn": "urn:backend",
	"type": "gcp:compute/backendService:BackendService",
	"name": "portal-all",
	"inputs": inputs,
}]}}
