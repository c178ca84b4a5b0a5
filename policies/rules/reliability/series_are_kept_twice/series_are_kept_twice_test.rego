package rules.reliability.series_are_kept_twice_test

import data.rules.reliability.series_are_kept_twice as rule

test_too_few_nodes_fail_in_the_spec if {
	found := rule.deny with input as _spec(2)
	{finding.path | some finding in found} == {["global", "spec", "storageNodes"]}
	rule.deny == set() with input as _spec(3)
}

test_two_copies_on_three_nodes_pass if {
	_paths({}) == set()
}

test_each_part_that_is_missing_fails_at_its_place if {
	_paths({"replicationFactor": 1}) == {["replicationFactor"]}
	_paths({"vmstorage": {"replicaCount": 2}}) == {["vmstorage", "replicaCount"]}
	_paths({"vmstorage": {"extraArgs": {"dedup.minScrapeInterval": "0s"}}}) == {[
		"vmstorage", "extraArgs", "dedup.minScrapeInterval",
	]}
	_paths({"vmselect": {"extraArgs": {"dedup.minScrapeInterval": "0"}}}) == {[
		"vmselect", "extraArgs", "dedup.minScrapeInterval",
	]}
	_paths({"vmstorage": {"topologySpreadConstraints": []}}) == {["vmstorage", "topologySpreadConstraints"]}
	_paths({"vmselect": {"podDisruptionBudget": {}}}) == {["vmselect", "podDisruptionBudget"]}
}

test_a_cluster_that_says_nothing_fails_everywhere if {
	found := rule.deny with input as _plan({})
	count(found) == 6
}

test_what_is_not_known_yet_is_undecided if {
	found := rule.deny with input as _plan(_changed({"replicationFactor": {"$unknown": []}, "vmselect": {"podDisruptionBudget": {"$unknown": []}}}))
	{finding.status | some finding in found} == {"undecided"}
}

test_without_a_global_stack_there_is_nothing_to_judge if {
	rule.deny == set() with input as {"spec": {"global": null}}
}

_paths(changed) := {array.slice(finding.path, 4, 9) | some finding in found} if {
	found := rule.deny with input as _plan(_changed(changed))
}

_spec(nodes) := {"spec": {"global": {"metadata": {"name": "live"}, "spec": {"storageNodes": nodes}}}}

_plan(spec) := {"plan": {"resources": [{
	"urn": "urn:series",
	"type": "kubernetes:operator.victoriametrics.com/v1beta1:VMCluster",
	"name": "series",
	"inputs": {"spec": spec},
}]}}

# Field by field, and in a part field by field: what is said of one replaces it.
_changed(changed) := {field: _part(_whole[field], object.get(changed, field, {})) | some field, _ in _whole}

_part(whole, {}) := whole

_part(whole, changed) := {field: object.get(changed, field, value) | some field, value in whole} if {
	is_object(whole)
	changed != {}
}

_part(whole, changed) := changed if {
	not is_object(whole)
	changed != {}
}

_whole := {
	"replicationFactor": 2,
	"vmstorage": {
		"replicaCount": 3,
		"topologySpreadConstraints": [{"maxSkew": 1}],
		"extraArgs": {"dedup.minScrapeInterval": "30s"},
	},
	"vmselect": {
		"podDisruptionBudget": {"maxUnavailable": 1},
		"extraArgs": {"dedup.minScrapeInterval": "30s"},
	},
}
