package rules.reliability.workloads_are_spread_test

import data.rules.reliability.workloads_are_spread as rule

test_one_zone_fails_at_the_fewest_replicas if {
	workload := _workload("kubernetes", ["b"], 1)
	rule.deny == {_finding("replicas", {"expected": 3})} with input as _input("production", workload, null)
}

test_the_fix_is_left_to_people_where_the_most_replicas_forbid_it if {
	rule.deny == {_finding("replicas", {})} with input as _input("production", _workload("kubernetes", ["b"], 1), 2)
}

test_what_must_be_alone_is_left_to_people if {
	workload := object.union(_workload("kubernetes", ["b"], 1), {"singleLeader": true})
	rule.deny == {_finding("replicas", {})} with input as _input("production", workload, null)
}

test_machines_in_one_zone_fail_at_their_runtime if {
	rule.deny == {_finding("runtime", {})} with input as _input("production", _workload("vm", ["b"], 2), null)
}

test_a_single_machine_is_not_judged_here if {
	rule.deny == set() with input as _input("production", _workload("vm", ["b"], 1), null)
}

test_three_zones_pass if {
	rule.deny == set() with input as _input("production", _workload("kubernetes", ["b", "c", "d"], 3), 9)
}

test_two_zones_pass_outside_production_only if {
	workload := _workload("kubernetes", ["b", "c"], 2)
	rule.deny == set() with input as _input("staging", workload, null)
	count(rule.deny) == 1 with input as _input("production", workload, null)
}

test_one_zone_fails_outside_production_too if {
	wanted := [finding.params.wanted |
		some finding in rule.deny with input as _input("staging", _workload("kubernetes", ["b"], 1), null)
	]
	wanted == [2]
}

test_an_environment_of_two_zones_asks_for_two if {
	document := _input("production", _workload("kubernetes", ["b", "c"], 2), null)
	rule.deny == set() with input as json.patch(document, [{
		"op": "replace",
		"path": "/spec/environment/spec/zones",
		"value": ["b", "c"],
	}])
}

test_an_environment_of_four_zones_asks_for_three if {
	document := _input("production", _workload("kubernetes", ["b", "c", "d"], 3), null)
	rule.deny == set() with input as json.patch(document, [{
		"op": "add",
		"path": "/spec/environment/spec/zones/-",
		"value": "e",
	}])
}

test_the_most_replicas_may_be_as_many_as_are_wanted if {
	workload := _workload("kubernetes", ["b"], 1)
	rule.deny == {_finding("replicas", {"expected": 3})} with input as _input("production", workload, 3)
}

test_what_nobody_waits_for_passes if {
	workload := object.union(_workload("kubernetes", ["b"], 1), {"onCriticalPath": false})
	rule.deny == set() with input as _input("production", workload, null)
}

_finding("replicas", fix) := {
	"rule": "reliability/workloads-are-spread",
	"path": ["service", "spec", "workloads", 0, "replicas", "min"],
	"params": object.union({"workload": "web", "zones": 1, "wanted": 3}, fix),
	"status": "failed",
}

_finding("runtime", fix) := {
	"rule": "reliability/workloads-are-spread",
	"path": ["service", "spec", "workloads", 0, "runtime"],
	"params": object.union({"workload": "web", "zones": 1, "wanted": 3}, fix),
	"status": "failed",
}

_workload(runtime, zones, replicas) := {
	"name": "web",
	"runtime": runtime,
	"zones": zones,
	"minReplicas": replicas,
	"onCriticalPath": true,
	"singleLeader": false,
}

_input(purpose, workload, most) := {"spec": {
	"service": {"spec": {"workloads": [{"replicas": {"max": most}}]}},
	"environment": {"spec": {"purpose": purpose, "zones": ["b", "c", "d"]}},
	"design": {"workloads": [workload]},
}}
