package rules.reliability.connection_pools_fit_test

import data.rules.reliability.connection_pools_fit as rule

test_more_connections_than_are_safe_fail_at_the_field_that_says_how_many if {
	every field, fit in {"size": "medium", "maxConnections": 202} {
		rule.deny == {_finding(field, {"expected": fit})} with input as _input(161, field, fit)
	}
}

test_where_no_value_is_enough_none_is_expected if {
	rule.deny == {_finding("size", {})} with input as _input(161, "size", null)
}

test_as_many_connections_as_are_safe_pass if {
	rule.deny == set() with input as _input(160, "size", "small")
}

_finding(field, fix) := {
	"rule": "reliability/connection-pools-fit",
	"path": ["service", "spec", "stores", 0, field],
	"params": object.union({"store": "db", "wanted": 161, "safe": 160, "field": field}, fix),
	"status": "failed",
}

_input(wanted, field, fit) := {"spec": {"design": {"stores": [{
	"name": "db",
	"connectionsWanted": wanted,
	"connectionsSafe": 160,
	"connectionsField": field,
	"connectionsFit": fit,
}]}}}
