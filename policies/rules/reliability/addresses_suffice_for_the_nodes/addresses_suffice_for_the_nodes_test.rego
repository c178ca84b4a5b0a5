package rules.reliability.addresses_suffice_for_the_nodes_test

import data.rules.reliability.addresses_suffice_for_the_nodes as rule

test_each_range_that_is_too_small_fails_at_its_place if {
	rule.deny == {_finding("nodes", 4), _finding("pods", 8)} with input as _input({"nodes": 4, "pods": 8})
	rule.deny == {_finding("pods", 8)} with input as _input({"nodes": 9, "pods": 8})
}

test_just_enough_passes if {
	rule.deny == set() with input as _input({"nodes": 9, "pods": 9})
}

test_a_service_is_not_judged if {
	rule.deny == set() with input as {"spec": {"together": null}}
}

_finding(range, room) := {
	"rule": "reliability/addresses-suffice-for-the-nodes",
	"path": ["environment", "spec", "network", range],
	"params": {"environment": "portal", "range": range, "room": room, "most": 9},
	"status": "failed",
}

_input(room) := {"spec": {
	"environment": {"metadata": {"name": "portal"}},
	"together": {"cluster": {"mostNodes": 9, "roomForNodes": room}},
}}
