package rules.performance.limits_protect_the_copies_test

import data.rules.performance.limits_protect_the_copies as rule

test_one_client_that_may_take_more_than_there_is_fails if {
	rule.deny == {{
		"rule": "performance/limits-protect-the-copies",
		"path": ["service", "spec", "workloads", 0],
		"params": {"workload": "web", "client": 60.5, "carries": 60.0},
		"status": "failed",
	}} with input as _input(60.5, 60.0)
}

test_one_client_that_may_take_all_there_is_passes if {
	rule.deny == set() with input as _input(60.0, 60.0)
}

test_what_nobody_has_limited_passes if {
	rule.deny == set() with input as _input(null, 60.0)
}

test_what_nobody_has_measured_passes if {
	rule.deny == set() with input as _input(60.0, null)
}

_input(client, carries) := {"spec": {"design": {"workloads": [{
	"name": "web",
	"clientPerSecond": client,
	"carriesPerSecond": carries,
}]}}}
