package rules.reliability.connection_pools_fit_test

import data.rules.reliability.connection_pools_fit as rule

test_more_connections_than_are_safe_fail if {
	rule.deny == {{
		"rule": "reliability/connection-pools-fit",
		"path": ["service", "spec", "stores", 0, "maxConnections"],
		"params": {"store": "db", "wanted": 161, "safe": 160},
		"status": "failed",
	}} with input as _input(161)
}

test_as_many_connections_as_are_safe_pass if {
	rule.deny == set() with input as _input(160)
}

_input(wanted) := {"spec": {"design": {"stores": [{
	"name": "db",
	"connectionsWanted": wanted,
	"connectionsSafe": 160,
}]}}}
