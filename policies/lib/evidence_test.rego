package lib.evidence_test

import data.lib.evidence

test_a_quiet_week_with_requests_proves_the_rules_that_were_replayed if {
	evidence.proven == {"d"} with input as _previews(7, {})
}

test_a_shorter_log_one_without_requests_and_one_that_speaks_against_it_prove_nothing if {
	every input_ in [
		_previews(6.9, {}),
		_previews(7, {"requests": 0}),
		_previews(7, {"answered": 1}),
		_previews(7, {"undecided": 1}),
	] {
		evidence.proven == set() with input as input_
	}
}

_previews(days, more) := {"spec": {"catalog": {"previews": [{"days": days, "journeys": [object.union(
	{"digest": "d", "requests": 9, "answered": 0, "undecided": 0},
	more,
)]}]}}}
