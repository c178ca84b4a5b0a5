package rules.reliability.peak_survives_zone_loss_test

import data.rules.reliability.peak_survives_zone_loss as rule

test_too_few_copies_after_a_loss_fail_at_the_fewest_replicas if {
	rule.deny == {{
		"rule": "reliability/peak-survives-zone-loss",
		"path": ["service", "spec", "workloads", 0, "replicas", "min"],
		"params": {"workload": "web", "left": 2, "needed": 3, "expected": 5},
		"status": "failed",
	}} with input as _input("production", "web", 2, 3)
}

test_where_no_number_is_enough_none_is_expected if {
	document := json.patch(_input("production", "web", 2, 3), [{
		"op": "replace",
		"path": "/spec/design/workloads/0/minForPeak",
		"value": null,
	}])
	[{"workload": "web", "left": 2, "needed": 3}] == [finding.params | some finding in rule.deny with input as document]
}

test_just_enough_copies_pass if {
	rule.deny == set() with input as _input("production", "web", 3, 3)
}

test_a_workload_without_a_stated_capacity_is_not_judged if {
	rule.deny == set() with input as _input("production", "web", 0, null)
}

test_a_schedule_has_no_peak if {
	rule.deny == set() with input as _input("production", "cron", 0, 1)
}

test_the_peak_is_that_of_production if {
	rule.deny == set() with input as _input("staging", "web", 2, 3)
}

test_machines_are_not_judged_here if {
	document := json.patch(_input("production", "web", 0, 3), [{
		"op": "replace",
		"path": "/spec/design/workloads/0/runtime",
		"value": "vm",
	}])
	rule.deny == set() with input as document
}

_input(purpose, kind, left, needed) := {"spec": {
	"environment": {"spec": {"purpose": purpose}},
	"design": {"workloads": [{
		"name": "web",
		"kind": kind,
		"runtime": "kubernetes",
		"leftAfterZoneLoss": left,
		"neededAtPeak": needed,
		"minForPeak": 5,
	}]},
}}
