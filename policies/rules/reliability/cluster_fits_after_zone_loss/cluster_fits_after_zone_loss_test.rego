package rules.reliability.cluster_fits_after_zone_loss_test

import data.rules.reliability.cluster_fits_after_zone_loss as rule

test_copies_without_a_node_fail_at_the_number_of_nodes if {
	rule.deny == {_finding({"expected": 4})} with input as _input(3, 4)
}

test_where_no_number_is_enough_none_is_expected if {
	rule.deny == {_finding({})} with input as _input(3, null)
}

test_a_cluster_with_room_for_all_passes if {
	rule.deny == set() with input as _input(0, 2)
}

test_of_a_node_whose_size_nobody_knows_it_is_not_decided if {
	cluster := {"machineType": "m9-x", "zones": 2, "nodesPerZone": 2, "node": null, "least": null, "most": null}
	document := {"spec": {"environment": {"metadata": {"name": "live"}}, "together": {"cluster": cluster}}}
	[{
		"rule": "reliability/cluster-fits-after-zone-loss",
		"path": ["environment", "spec", "cluster", "machineType"],
		"params": {
			"environment": "live",
			"left": "nobody knows how many",
			"pods": "all",
			"who": "the size of m9-x isn't known",
			"nodes": 2,
			"zones": 2,
		},
		"status": "undecided",
	}] == [finding | some finding in rule.deny with input as document]
}

test_a_service_by_itself_is_not_judged_here if {
	rule.deny == set() with input as {"spec": {"together": null}}
}

_finding(fix) := {
	"rule": "reliability/cluster-fits-after-zone-loss",
	"path": ["environment", "spec", "cluster", "nodesPerZone", "max"],
	"params": object.union(
		{"environment": "live", "left": 3, "pods": 9, "who": "3 of shop/web", "nodes": 2, "zones": 2},
		fix,
	),
	"status": "failed",
}

_input(left, needed) := {"spec": {
	"environment": {"metadata": {"name": "live"}},
	"together": {"cluster": {
		"machineType": "e2-standard-4",
		"zones": 2,
		"nodesPerZone": 2,
		"node": {"machineType": "e2-standard-4", "cpu": 3.42, "memoryMb": 12379, "pods": 98},
		"least": {"pods": 9, "nodesPerZone": needed, "leftOut": left, "firstLeftOut": "3 of shop/web"},
		"most": {"pods": 9, "nodesPerZone": needed, "leftOut": left, "firstLeftOut": "3 of shop/web"},
	}},
}}
