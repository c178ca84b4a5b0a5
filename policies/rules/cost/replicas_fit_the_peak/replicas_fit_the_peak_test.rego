package rules.cost.replicas_fit_the_peak_test

import data.rules.cost.replicas_fit_the_peak as rule

test_twice_what_the_peak_needs_fails_at_the_fewest_copies if {
	rule.deny == {{
		"rule": "cost/replicas-fit-the-peak",
		"path": ["service", "spec", "workloads", 0, "replicas", "min"],
		"params": {"workload": "web", "left": 8, "needed": 4},
		"status": "failed",
	}} with input as _input({})
}

test_less_than_twice_passes if {
	rule.deny == set() with input as _input({"leftAfterZoneLoss": 7})
}

test_one_copy_a_zone_is_never_too_many if {
	rule.deny == set() with input as _input({"minReplicas": 3, "leftAfterZoneLoss": 2, "neededAtPeak": 1})
}

test_an_unknown_peak_is_not_judged if {
	rule.deny == set() with input as _input({"neededAtPeak": null})
}

test_schedules_and_machines_have_no_autoscaler if {
	every changed in [{"kind": "cron"}, {"runtime": "vm"}] {
		rule.deny == set() with input as _input(changed)
	}
}

_input(changed) := {"spec": {
	"environment": {"spec": {"zones": ["b", "c", "d"]}},
	"design": {"workloads": [object.union(
		{
			"name": "web",
			"kind": "web",
			"runtime": "kubernetes",
			"minReplicas": 12,
			"leftAfterZoneLoss": 8,
			"neededAtPeak": 4,
		},
		changed,
	)]},
}}
