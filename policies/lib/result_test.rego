package lib.result_test

import rego.v2

import data.lib.result

_chain := [{"path": ["rules", "operations", "alerts_have_owners", "deny"]}]

_unknown := {"$unknown": ["urn:network"]}

_plan(inputs) := {"plan": {"resources": [{"urn": "urn:db", "type": "t", "inputs": inputs}]}}

_fail(path) := result.fail(_chain, path, {})

test_a_finding_carries_its_rule_path_and_params if {
	result.fail(_chain, ["service", "spec", "alerts", 0], {"alert": "latency"}) == {
		"rule": "operations/alerts-have-owners",
		"path": ["service", "spec", "alerts", 0],
		"params": {"alert": "latency"},
		"status": "failed",
	}
}

test_a_known_value_fails if {
	_fail(["plan", "urn:db", "inputs", "tier"]).status == "failed" with input as _plan({"tier": "small"})
}

test_an_unknown_value_is_undecided if {
	_fail(["plan", "urn:db", "inputs", "tier"]).status == "undecided" with input as _plan({"tier": _unknown})
}

test_a_value_below_an_unknown_one_is_undecided if {
	path := ["plan", "urn:db", "inputs", "settings", "ip", 0, "cidr"]
	_fail(path).status == "undecided" with input as _plan({"settings": _unknown})
	_fail(path).status == "undecided" with input as _plan({"settings": {"ip": _unknown}})
	_fail(path).status == "undecided" with input as _plan({"settings": {"ip": [_unknown]}})
	_fail(path).status == "undecided" with input as _plan({"settings": {"ip": [{"cidr": _unknown}]}})
}

test_inputs_that_are_unknown_as_a_whole_are_undecided if {
	_fail(["plan", "urn:db", "inputs", "tier"]).status == "undecided" with input as _plan(_unknown)
}

test_an_unknown_value_beside_the_path_does_not_matter if {
	_fail(["plan", "urn:db", "inputs", "tier"]).status == "failed" with input as _plan({"name": _unknown})
}

test_a_missing_value_fails if {
	_fail(["plan", "urn:db", "inputs", "tier"]).status == "failed" with input as _plan({})
}

test_a_resource_that_is_not_in_the_plan_fails if {
	_fail(["plan", "urn:other", "inputs"]).status == "failed" with input as _plan({})
	_fail(["plan", "urn:db", "inputs"]).status == "failed" with input as {}
}

test_a_resource_as_a_whole_fails if {
	_fail(["plan", "urn:db"]).status == "failed" with input as _plan({"tier": _unknown})
}

test_the_marker_in_a_spec_means_nothing if {
	_fail(["service", "spec"]).status == "failed" with input as {"spec": {"service": {"spec": _unknown}}}
}

test_what_cannot_be_judged_is_undecided if {
	result.undecided(_chain, ["environment", "spec", "cluster"], {"type": "m9"}) == {
		"rule": "operations/alerts-have-owners",
		"path": ["environment", "spec", "cluster"],
		"params": {"type": "m9"},
		"status": "undecided",
	}
}
