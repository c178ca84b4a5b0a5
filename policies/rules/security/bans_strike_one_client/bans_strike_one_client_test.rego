package rules.security.bans_strike_one_client_test

import data.rules.security.bans_strike_one_client as rule

test_a_ban_of_an_address_fails if {
	rule.deny == {{
		"rule": "security/bans-strike-one-client",
		"path": ["service", "spec", "endpoints", 0, "rateLimit", "action"],
		"params": {"endpoint": "sign-in", "seconds": 600, "expected": "throttle"},
		"status": "failed",
	}} with input as _input("public", {"action": "ban", "banSeconds": 600})
}

test_a_throttle_passes if {
	rule.deny == set() with input as _input("public", {"action": "throttle", "banSeconds": 600})
}

test_an_endpoint_without_a_limit_passes if {
	rule.deny == set() with input as _input("public", null)
}

test_employees_have_addresses_that_are_known if {
	rule.deny == set() with input as _input("employees", {"action": "ban", "banSeconds": 600})
}

_input(exposure, limit) := {"spec": {"service": {"spec": {
	"edge": {"exposure": exposure},
	"endpoints": [{"name": "sign-in", "rateLimit": limit}],
}}}}
