package rules.security.control_plane_is_narrow_test

import data.rules.security.control_plane_is_narrow as rule

test_the_whole_world_fails_at_its_range if {
	every range in ["0.0.0.0/0", "::/0"] {
		rule.deny == {{
			"rule": "security/control-plane-is-narrow",
			"path": ["environment", "spec", "network", "operators", 1],
			"params": {"environment": "live", "range": range},
			"status": "failed",
		}} with input as _environment(["10.100.0.0/24", range])
	}
}

test_the_operators_ranges_pass if {
	rule.deny == set() with input as _environment(["10.100.0.0/24"])
}

_environment(operators) := {"spec": {"environment": {
	"metadata": {"name": "live"},
	"spec": {"network": {"operators": operators}},
}}}
