package rules.operations.budget_allows_the_change_test

import data.rules.operations.budget_allows_the_change as rule

_both := [{"field": "workloads", "what": "what runs"}, {"field": "stores", "what": "what keeps data"}]

test_each_risky_change_fails_with_a_spent_budget if {
	rule.deny == {
		_finding("workloads", "what runs", "failed"),
		_finding("stores", "what keeps data", "failed"),
	} with input as _input("exhausted", _change("change", _both))
}

test_a_budget_that_nobody_knows_leaves_it_undecided if {
	rule.deny == {
		_finding("workloads", "what runs", "undecided"),
		_finding("stores", "what keeps data", "undecided"),
	} with input as _input("unknown", _change("change", _both))
}

test_with_anything_left_it_passes if {
	every state in ["healthy", "watch", "at risk"] {
		rule.deny == set() with input as _input(state, _change("change", _both))
		rule.deny == set() with input as _input(state, _unknown("change"))
	}
}

test_a_rollback_and_work_for_reliability_pass_always if {
	every purpose in ["rollback", "reliability"] {
		every state in ["exhausted", "unknown"] {
			rule.deny == set() with input as _input(state, _change(purpose, _both))
		}
	}
}

test_what_changes_nothing_risky_passes if {
	every state in ["exhausted", "unknown"] {
		rule.deny == set() with input as _input(state, _change("change", []))
	}
}

test_a_change_that_nobody_knows_is_undecided_unless_it_is_for_reliability if {
	every state in ["exhausted", "unknown"] {
		rule.deny == {_finding("workloads", "something: nobody knows what runs now", "undecided")} with input as _input(
			state,
			_unknown("change"),
		)
		rule.deny == set() with input as _input(state, _unknown("reliability"))
	}
}

test_without_a_state_nothing_is_said if {
	rule.deny == set() with input as object.remove(_input("exhausted", _change("change", _both)), ["state"])
}

_finding(field, what, status) := {
	"rule": "operations/budget-allows-the-change",
	"path": ["service", "spec", field],
	"params": {"service": "portal", "what": what, "said": "25.00 of 20.16 minutes are spent"},
	"status": status,
}

_change(purpose, risks) := {"isKnown": true, "purpose": purpose, "risks": risks}

_unknown(purpose) := {"isKnown": false, "purpose": purpose, "risks": []}

_input(state, change) := {
	"spec": {"service": {"metadata": {"name": "portal"}}},
	"state": {"budget": {"state": state, "said": "25.00 of 20.16 minutes are spent"}, "change": change},
}
