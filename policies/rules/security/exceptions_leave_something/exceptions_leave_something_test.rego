package rules.security.exceptions_leave_something_test

import data.rules.security.exceptions_leave_something as rule

test_an_exception_for_everybody_on_all_of_a_journey_fails if {
	rule.deny == {{
		"rule": "security/exceptions-leave-something",
		"path": ["service", "spec", "edge", "waf", "exceptions", 0],
		"params": {"exception": "callouts", "journeys": "hooks, sync", "waf": "spec.edge.waf.profile"},
		"status": "failed",
	}} with input as _input("baseline", ["hooks", "sync"])
}

test_an_exception_that_leaves_something_passes if {
	rule.deny == set() with input as _input("baseline", [])
}

test_where_the_firewall_is_off_another_rule_says_so if {
	rule.deny == set() with input as _input("off", ["hooks"])
}

_input(profile, swallows) := {"spec": {"design": {"edge": {
	"wafProfile": profile,
	"wafExceptions": [{"name": "callouts", "swallows": swallows}],
}}}}
