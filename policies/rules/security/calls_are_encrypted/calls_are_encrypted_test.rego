package rules.security.calls_are_encrypted_test

import data.rules.security.calls_are_encrypted as rule

test_a_call_over_the_internet_in_clear_text_fails if {
	rule.deny == {{
		"rule": "security/calls-are-encrypted",
		"path": ["service", "spec", "dependencies", 1, "tls"],
		"params": {"dependency": "mail", "addresses": "mail.example.com:25, mx.example.com:25", "expected": true},
		"status": "failed",
	}} with input as _input([
		{"name": "zuora", "addresses": null, "tls": null, "private": null},
		{"name": "mail", "addresses": ["mail.example.com:25", "mx.example.com:25"], "tls": false, "private": false},
	])
}

test_a_private_call_in_clear_text_passes if {
	rule.deny == set() with input as _input([{"name": "mail", "addresses": ["10.9.0.1:25"], "tls": false, "private": true}])
}

test_an_encrypted_call_passes if {
	rule.deny == set() with input as _input([{"name": "a", "addresses": ["a.example:1"], "tls": true, "private": false}])
}

test_vendors_and_services_pass if {
	rule.deny == set() with input as _input([{"name": "zuora", "addresses": null, "tls": null, "private": null}])
}

_input(dependencies) := {"spec": {"service": {"spec": {"dependencies": dependencies}}}}
