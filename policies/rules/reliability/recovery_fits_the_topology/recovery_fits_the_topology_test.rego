package rules.reliability.recovery_fits_the_topology_test

import data.rules.reliability.recovery_fits_the_topology as rule

test_a_promise_that_the_topology_keeps_passes_up_to_the_minute if {
	rule.deny == set() with input as _input(45, 5, "transaction log", 45, 5)
}

test_a_minute_too_few_fails_at_its_objective if {
	rule.deny == {
		_finding("rtoMinutes", "transaction log", "comes back after 45 min", "`rtoMinutes: 44`"),
		_finding("rpoMinutes", "transaction log", "may miss its last 5 min", "`rpoMinutes: 4`"),
	} with input as _input(44, 4, "transaction log", 45, 5)
}

test_a_time_that_nobody_measured_is_asked_for_elsewhere if {
	rule.deny == set() with input as _input(60, 1680, "backup", null, 1680)
}

test_what_has_no_backup_never_comes_back if {
	rule.deny == {
		_finding("rtoMinutes", "nothing", "never comes back", "`rtoMinutes: 60`"),
		_finding("rpoMinutes", "nothing", "never comes back", "`rpoMinutes: 60`"),
	} with input as _input(60, 60, "nothing", null, null)
}

test_without_a_promise_there_is_none_to_keep if {
	rule.deny == set() with input as _input(null, null, "nothing", null, null)
}

_finding(field, means, gives, promised) := {
	"rule": "reliability/recovery-fits-the-topology",
	"path": ["service", "spec", "recovery", field],
	"params": {"store": "db", "loss": "a zone", "means": means, "gives": gives, "promised": promised},
	"status": "failed",
}

_input(rto, rpo, means, rto_given, rpo_given) := {"spec": {
	"service": {"spec": {"recovery": {"rtoMinutes": rto, "rpoMinutes": rpo}}},
	"design": {"stores": [{"name": "db", "recoveries": [{
		"loss": "a zone",
		"means": means,
		"rtoMinutes": rto_given,
		"rpoMinutes": rpo_given,
	}]}]},
}}
