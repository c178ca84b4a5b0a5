package rules.security.sensitive_limits_hold_test

import data.rules.security.sensitive_limits_hold as rule

test_a_header_that_a_client_writes_fails_where_it_stands if {
	rule.deny == {{
		"rule": "security/sensitive-limits-hold",
		"path": ["service", "spec", "endpoints", 0, "rateLimit", "key", "header"],
		"params": {
			"endpoint": "sign-in",
			"sensitive": "login",
			"why": "a client gets a new allowance whenever it changes the header X-Login",
			"fix": "Leave the header X-Login out of the `key` of the limit of sign-in",
		},
		"status": "failed",
	}} with input as _input("login", _key(["address"], "X-Login", null))
}

test_each_part_that_a_client_chooses_fails if {
	found := rule.deny with input as _input("login", _key(["address", "path"], null, "session"))
	{finding.path[count(finding.path) - 1] | some finding in found} == {1, "cookie"}
}

test_a_country_alone_is_no_client if {
	some finding in rule.deny with input as _input("login", _key(["region"], null, null))
	finding.path == ["service", "spec", "endpoints", 0, "rateLimit", "key", "by"]
	finding.params.why == "all clients of a country share one allowance"
}

test_an_address_with_its_region_passes if {
	rule.deny == set() with input as _input("login", _key(["address", "region"], null, null))
}

test_a_limit_without_a_key_and_an_endpoint_without_a_limit_pass if {
	rule.deny == set() with input as _input("login", null)
	rule.deny == set() with input as _service({"name": "sign-in", "sensitive": "login", "rateLimit": null})
}

test_what_nobody_attacks_may_count_as_it_likes if {
	rule.deny == set() with input as _input("none", _key(["address"], "X-Login", null))
}

_key(by, header, cookie) := {"by": by, "header": header, "cookie": cookie}

_input(sensitive, key) := _service({"name": "sign-in", "sensitive": sensitive, "rateLimit": {"key": key}})

_service(endpoint) := {"spec": {"service": {"spec": {
	"edge": {"exposure": "public"},
	"endpoints": [endpoint],
}}}}
