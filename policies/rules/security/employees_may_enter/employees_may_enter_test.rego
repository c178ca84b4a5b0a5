package rules.security.employees_may_enter_test

import data.rules.security.employees_may_enter as rule

test_a_service_for_employees_that_lets_none_in_fails if {
	rule.deny == {{
		"rule": "security/employees-may-enter",
		"path": ["service", "spec", "edge", "groups"],
		"params": {"host": "wiki.acme.example", "environment": "live"},
		"status": "failed",
	}} with input as _input("employees", [])
}

test_one_group_passes if {
	rule.deny == set() with input as _input("employees", ["employees@acme.example"])
}

test_what_is_public_needs_none if {
	rule.deny == set() with input as _input("public", [])
}

_input(exposure, groups) := {"spec": {
	"environment": {"metadata": {"name": "live"}},
	"design": {"edge": {"host": "wiki.acme.example", "exposure": exposure, "groups": groups}},
}}
