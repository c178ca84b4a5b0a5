package rules.operations.steps_are_realised_test

import rego.v2

import data.rules.operations.steps_are_realised as rule

test_copies_that_are_replaced_at_once_fail if {
	rule.deny == {_finding} with input as _input("production", [5, 100], _deployment("RollingUpdate"))
	rule.deny == {_finding} with input as _input("production", [5, 100], _deployment({"$unknown": []}))
}

test_a_single_leader_has_no_steps if {
	rule.deny == set() with input as _input("production", [5, 100], _deployment("Recreate"))
}

test_a_rollout_in_the_same_steps_passes if {
	rule.deny == set() with input as _input("production", [5, 100], _stepwise([{"setWeight": 5}, {"pause": {"duration": "900s"}}, {"analysis": {}}]))
}

test_other_steps_or_none_or_ones_that_do_not_wait_fail if {
	every steps in [[{"setWeight": 50}, {"pause": {"duration": "900s"}}], [], [{"setWeight": 5}], [{"setWeight": 5}, {"pause": {"duration": "1s"}}]] {
		rule.deny == {_other} with input as _input("production", [5, 100], _stepwise(steps))
	}
	bare := json.remove(_stepwise([]), ["inputs/spec/strategy/canary/steps"])
	rule.deny == {_other} with input as _input("production", [5, 100], bare)
}

test_steps_that_nobody_knows_yet_are_undecided if {
	found := rule.deny with input as _input("production", [5, 100], _stepwise({"$unknown": []}))
	{finding.status | some finding in found} == {"undecided"}
}

test_who_asks_for_no_steps_gets_none if {
	rule.deny == set() with input as _input("production", [100], _deployment("RollingUpdate"))
}

test_other_environments_may_do_without if {
	rule.deny == set() with input as _input("staging", [5, 100], _deployment("RollingUpdate"))
}

test_what_is_no_workload_of_the_service_is_not_asked if {
	other := object.union(_deployment("RollingUpdate"), {"name": "proxy"})
	rule.deny == set() with input as _input("production", [5, 100], other)
}

test_an_environment_that_knows_no_steps_is_said_without_a_plan if {
	asked := json.remove(_input("production", [5, 100], _deployment("RollingUpdate")), ["plan"])
	found := rule.deny with input as json.patch(asked, [{"op": "replace", "path": "/spec/environment/spec/cluster/rollouts", "value": null}])
	{finding.path | some finding in found} == {["service", "spec", "rollout", "steps"]}
	alone := [
		{"op": "replace", "path": "/spec/environment/spec/cluster/rollouts", "value": null},
		{"op": "replace", "path": "/spec/service/spec/workloads/0/singleLeader", "value": true},
	]
	rule.deny == set() with input as json.patch(asked, alone)
}

_finding := {
	"rule": "operations/steps-are-realised",
	"path": ["plan", "urn:web"],
	"params": {
		"resource": "portal-web",
		"what": "replaces all its copies at once",
		"workload": "web",
		"environment": "main",
		"service": "portal",
	},
	"status": "failed",
}

_other := json.patch(_finding, [
	{"op": "replace", "path": "/path", "value": ["plan", "urn:web", "inputs", "spec", "strategy", "canary", "steps"]},
	{"op": "replace", "path": "/params/what", "value": "goes on in other steps, or without waiting"},
])

_stepwise(steps) := {
	"urn": "urn:web",
	"type": "kubernetes:argoproj.io/v1alpha1:Rollout",
	"name": "portal-web",
	"inputs": {"spec": {"strategy": {"canary": {"steps": steps}}}},
}

_deployment(strategy) := {
	"urn": "urn:web",
	"type": "kubernetes:apps/v1:Deployment",
	"name": "portal-web",
	"inputs": {"spec": {"strategy": {"type": strategy}}},
}

_input(purpose, steps, resource) := {
	"spec": {
		"service": {"metadata": {"name": "portal"}, "spec": {
			"rollout": {"steps": steps, "soakMinutes": 15},
			"workloads": [{"name": "web", "kind": "web", "runtime": "kubernetes", "singleLeader": false}],
		}},
		"environment": {"metadata": {"name": "main"}, "spec": {"purpose": purpose, "cluster": {"rollouts": "image"}}},
		"design": {"workloads": [{"name": "web", "resource": "portal-web"}]},
	},
	"plan": {"resources": [resource]},
}
