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

test_a_rollout_passes if {
	rollout := object.union(_deployment("RollingUpdate"), {"type": "kubernetes:argoproj.io/v1alpha1:Rollout"})
	rule.deny == set() with input as _input("production", [5, 100], rollout)
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

_finding := {
	"rule": "operations/steps-are-realised",
	"path": ["plan", "urn:web"],
	"params": {"resource": "portal-web", "workload": "web", "environment": "main", "service": "portal"},
	"status": "failed",
}

_deployment(strategy) := {
	"urn": "urn:web",
	"type": "kubernetes:apps/v1:Deployment",
	"name": "portal-web",
	"inputs": {"spec": {"strategy": {"type": strategy}}},
}

_input(purpose, steps, resource) := {
	"spec": {
		"service": {"metadata": {"name": "portal"}, "spec": {"rollout": {"steps": steps}}},
		"environment": {"metadata": {"name": "main"}, "spec": {"purpose": purpose}},
		"design": {"workloads": [{"name": "web", "resource": "portal-web"}]},
	},
	"plan": {"resources": [resource]},
}
