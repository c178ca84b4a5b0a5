package rules.security.bans_strike_one_client_test

import data.rules.security.bans_strike_one_client as rule

test_a_ban_of_an_address_fails if {
	rule.deny == {{
		"rule": "security/bans-strike-one-client",
		"path": ["service", "spec", "endpoints", 0, "rateLimit", "action"],
		"params": {"endpoint": "sign-in", "seconds": 600, "whom": "an address", "expected": "throttle"},
		"status": "failed",
	}} with input as _input("public", {"action": "ban", "banSeconds": 600, "key": null})
}

test_a_throttle_passes if {
	rule.deny == set() with input as _input("public", {"action": "throttle", "banSeconds": 600, "key": null})
}

test_an_endpoint_without_a_limit_passes if {
	rule.deny == set() with input as _input("public", null)
}

test_the_office_of_the_employees_has_one_address_too if {
	limit := {"action": "ban", "banSeconds": 600, "key": null}
	some finding in rule.deny with input as _input("employees", limit)
	finding.params.whom == "an address"
}

test_a_ban_of_a_path_strikes_employees_too if {
	limit := {"action": "ban", "banSeconds": 600, "key": {"by": ["path", "region"]}}
	some finding in rule.deny with input as _input("employees", limit)
	finding.params.whom == "a path and a region"
}

test_what_only_the_cluster_may_call_has_no_limit if {
	rule.deny == set() with input as _input("internal", {"action": "ban", "banSeconds": 600, "key": null})
}

_input(exposure, limit) := {"spec": {"service": {"spec": {
	"edge": {"exposure": exposure},
	"endpoints": [{"name": "sign-in", "rateLimit": limit}],
}}}}
