package rules.reliability.copies_fit_the_cluster_test

import data.rules.reliability.copies_fit_the_cluster as rule

test_copies_without_a_node_fail_at_the_workload_that_has_most_of_them if {
	rule.deny == {_finding("failed", 40, 90, "40 of portal/web")} with input as _input({"leftOut": 40})
}

test_copies_that_all_find_one_pass if {
	rule.deny == set() with input as _input({"leftOut": 0, "workload": ""})
}

test_what_does_not_run_there_passes if {
	rule.deny == set() with input as json.patch(_input({}), [
		{"op": "replace", "path": "/spec/design/ownFit", "value": null},
		{"op": "replace", "path": "/spec/design/workloads", "value": [{"name": "web", "runtime": "vm"}]},
		{"op": "replace", "path": "/spec/design/node", "value": null},
	])
}

test_nodes_of_unknown_size_are_undecided if {
	unknown := "the size of c4-standard-4 isn't known"
	document := json.patch(_input({}), [
		{"op": "replace", "path": "/spec/design/ownFit", "value": null},
		{"op": "replace", "path": "/spec/design/node", "value": null},
	])
	rule.deny == {_finding("undecided", "Nobody knows how many", "all", unknown)} with input as document
}

_finding(status, left, pods, who) := {
	"rule": "reliability/copies-fit-the-cluster",
	"path": ["service", "spec", "workloads", 1, "replicas", "min"],
	"params": {
		"service": "portal",
		"environment": "production",
		"workload": "web",
		"left": left,
		"pods": pods,
		"who": who,
		"nodes": 2,
		"zones": 3,
	},
	"status": status,
}

_input(fit) := {"spec": {
	"service": {"metadata": {"name": "portal"}},
	"environment": {
		"metadata": {"name": "production"},
		"spec": {
			"zones": ["a", "b", "c"],
			"cluster": {"machineType": "c4-standard-4", "nodesPerZone": {"min": 1, "max": 2}},
		},
	},
	"design": {
		"node": {"cpu": 3},
		"workloads": [{"name": "old", "runtime": "vm"}, {"name": "web", "runtime": "kubernetes"}],
		"ownFit": object.union(
			{
				"pods": 90,
				"leftOut": 40,
				"workload": "web",
				"firstLeftOut": "40 of portal/web",
				"nodesPerZone": 2,
				"zones": 3,
			},
			fit,
		),
	},
}}
