package rules.reliability.zones_are_three_test

import data.rules.reliability.zones_are_three as rule

test_two_zones_fail if {
	rule.deny == {_finding(2)} with input as _environment("production", ["us-east1-b", "us-east1-c"])
}

test_a_zone_of_another_region_does_not_count if {
	every zone in ["us-east4-a", "us-east10-a"] {
		rule.deny == {_finding(2)} with input as _environment("production", ["us-east1-b", "us-east1-c", zone])
	}
}

test_three_zones_pass if {
	rule.deny == set() with input as _environment("production", ["us-east1-b", "us-east1-c", "us-east1-d"])
}

test_only_production_needs_three if {
	rule.deny == set() with input as _environment("staging", ["us-east1-b"])
}

_finding(zones) := {
	"rule": "reliability/zones-are-three",
	"path": ["environment", "spec", "zones"],
	"params": {"environment": "live", "region": "us-east1", "zones": zones},
	"status": "failed",
}

_environment(purpose, zones) := {"spec": {"environment": {
	"metadata": {"name": "live"},
	"spec": {"purpose": purpose, "region": "us-east1", "zones": zones},
}}}
