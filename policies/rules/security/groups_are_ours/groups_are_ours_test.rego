package rules.security.groups_are_ours_test

import data.rules.security.groups_are_ours as rule

test_a_group_of_another_domain_is_said_where_it_stands if {
	rule.deny == {{
		"rule": "security/groups-are-ours",
		"path": ["service", "spec", "edge", "groups", 1],
		"params": {"group": "all@gmail.com", "environment": "live", "domains": "acme.example"},
		"status": "failed",
	}} with input as _input("employees", ["team@acme.example", "all@gmail.com"], ["staff@acme.example"])
}

test_groups_of_our_own_pass if {
	rule.deny == set() with input as _input("employees", ["team@acme.example"], ["staff@acme.example"])
}

test_where_no_domain_is_known_or_nobody_needs_a_group_nothing_is_said if {
	rule.deny == set() with input as _input("employees", ["all@gmail.com"], [])
	rule.deny == set() with input as _input("public", ["all@gmail.com"], ["staff@acme.example"])
}

_input(exposure, groups, employees) := {"spec": {
	"environment": {"metadata": {"name": "live"}, "spec": {"employees": employees}},
	"service": {"spec": {"edge": {"exposure": exposure, "groups": groups}}},
}}
