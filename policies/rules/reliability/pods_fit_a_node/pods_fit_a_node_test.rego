package rules.reliability.pods_fit_a_node_test

import data.rules.reliability.pods_fit_a_node as rule

test_more_cores_than_a_node_has_fail_at_the_cpu if {
	rule.deny == {_finding("cpu", 64, "cores", 3.42)} with input as _input("kubernetes", 64, 1024)
}

test_more_memory_than_a_node_has_fails_at_the_memory if {
	rule.deny == {_finding("memoryMb", 13000, "MiB", 12379)} with input as _input("kubernetes", 1, 13000)
}

test_a_copy_that_takes_a_whole_node_passes if {
	rule.deny == set() with input as _input("kubernetes", 3.42, 12379)
}

test_machines_are_not_judged_here if {
	rule.deny == set() with input as _input("vm", 64, 1024)
}

test_of_a_node_whose_size_nobody_knows_the_environment_is_asked if {
	document := json.patch(_input("kubernetes", 64, 1024), [{"op": "replace", "path": "/spec/design/node", "value": null}])
	rule.deny == set() with input as document
}

_finding(field, asked, unit, room) := {
	"rule": "reliability/pods-fit-a-node",
	"path": ["service", "spec", "workloads", 0, field],
	"params": {
		"workload": "web",
		"asked": asked,
		"unit": unit,
		"field": field,
		"room": room,
		"machine": "e2-standard-4",
	},
	"status": "failed",
}

_input(runtime, cpu, memory) := {"spec": {"design": {
	"node": {"machineType": "e2-standard-4", "cpu": 3.42, "memoryMb": 12379, "pods": 98},
	"workloads": [{"name": "web", "runtime": runtime, "cpu": cpu, "memoryMb": memory}],
}}}
