package rules.operations.cut_overs_leave_a_budget_test

import data.rules.operations.cut_overs_leave_a_budget as rule

test_with_a_spent_budget_it_fails if {
	rule.deny == {_finding("failed")} with input as _input("exhausted", _moves)
}

test_with_a_budget_that_nobody_knows_it_is_undecided if {
	rule.deny == {_finding("undecided")} with input as _input("unknown", _moves)
}

test_with_anything_left_it_passes if {
	every state in ["healthy", "watch", "at risk"] {
		rule.deny == set() with input as _input(state, _moves)
	}
}

test_an_update_that_moves_nobody_passes if {
	every state in ["exhausted", "unknown"] {
		rule.deny == set() with input as _input(state, null)
	}
}

test_without_a_state_nothing_is_said if {
	rule.deny == set() with input as object.remove(_input("exhausted", _moves), ["state"])
}

_moves := {"phase": "names-5", "at": "Wednesday 2026-11-18 12:00", "locks": [], "peak": ""}

_finding(status) := {
	"rule": "operations/cut-overs-leave-a-budget",
	"path": ["service", "spec"],
	"params": {"service": "portal", "phase": "names-5", "said": "25.00 of 20.16 minutes are spent"},
	"status": status,
}

_input(state, moves) := {
	"spec": {"service": {"metadata": {"name": "portal"}}},
	"state": {"budget": {"state": state, "said": "25.00 of 20.16 minutes are spent"}, "cutOver": moves},
}
