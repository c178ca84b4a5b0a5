package rules.operations.cut_overs_avoid_the_peak_test

import data.rules.operations.cut_overs_avoid_the_peak as rule

test_at_the_peak_it_fails if {
	rule.deny == {{
		"rule": "operations/cut-overs-avoid-the-peak",
		"path": ["service", "spec", "traffic", "peakHours"],
		"params": {"service": "portal", "phase": "names-5", "at": "Wednesday 2026-11-18 03:10", "peak": "in the peak"},
		"status": "failed",
	}} with input as _input({"phase": "names-5", "at": "Wednesday 2026-11-18 03:10", "locks": [], "peak": "in the peak"})
}

test_in_a_quiet_hour_it_passes if {
	rule.deny == set() with input as _input({
		"phase": "names-5",
		"at": "Wednesday 2026-11-18 12:00",
		"locks": [],
		"peak": "",
	})
}

test_an_update_that_moves_nobody_passes if {
	rule.deny == set() with input as _input(null)
}

test_without_a_state_nothing_is_said if {
	rule.deny == set() with input as object.remove(_input(null), ["state"])
}

_input(moves) := {
	"spec": {"service": {"metadata": {"name": "portal"}}},
	"state": {"cutOver": moves},
}
