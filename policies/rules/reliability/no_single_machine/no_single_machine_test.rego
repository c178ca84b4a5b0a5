package rules.reliability.no_single_machine_test

import data.rules.reliability.no_single_machine as rule

test_the_only_machine_of_a_critical_workload_fails_there if {
	rule.deny == {{
		"rule": "reliability/no-single-machine",
		"path": ["service", "spec", "workloads", 1, "vm", "instances"],
		"params": {"machine": "vm", "zone": "us-east1-b", "workload": "web"},
		"status": "failed",
	}} with input as _input(1, ["jobs", "web", "api"])
}

test_two_machines_are_not_judged_here if {
	rule.deny == set() with input as _input(2, ["web"])
}

test_a_machine_that_nobody_waits_for_passes if {
	rule.deny == set() with input as _input(1, ["jobs"])
}

test_without_machines_nothing_is_judged if {
	rule.deny == set() with input as {"spec": {"design": {"machines": [], "workloads": []}}}
}

_input(instances, workloads) := {"spec": {"design": {
	"machines": [{"name": "vm", "zone": "us-east1-b", "instances": instances, "workloads": workloads}],
	"workloads": [
		{"name": "jobs", "onCriticalPath": false},
		{"name": "web", "onCriticalPath": true},
		{"name": "api", "onCriticalPath": true},
	],
}}}
