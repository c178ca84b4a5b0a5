package rules.operations.cut_overs_keep_out_of_locks_test

import data.rules.operations.cut_overs_keep_out_of_locks as rule

test_each_lock_that_is_on_fails if {
	rule.deny == {_finding("in the weekend's lock"), _finding("in a lock of changes")} with input as _input([
		"in the weekend's lock",
		"in a lock of changes",
	])
}

test_outside_of_locks_it_passes if {
	rule.deny == set() with input as _input([])
}

test_an_update_that_moves_nobody_is_never_locked if {
	rule.deny == set() with input as {
		"spec": _input([]).spec,
		"state": {"cutOver": null},
	}
}

test_without_a_state_nothing_is_said if {
	rule.deny == set() with input as {"spec": _input([]).spec}
}

_finding(lock) := {
	"rule": "operations/cut-overs-keep-out-of-locks",
	"path": ["service", "spec"],
	"params": {"service": "portal", "phase": "names-5", "at": "Saturday 2026-11-21 12:00", "lock": lock},
	"status": "failed",
}

_input(locks) := {
	"spec": {"service": {"metadata": {"name": "portal"}}},
	"state": {"cutOver": {"phase": "names-5", "at": "Saturday 2026-11-21 12:00", "locks": locks, "peak": ""}},
}
