package rules.performance.autoscaling_has_room_test

import data.rules.performance.autoscaling_has_room as rule

test_a_fixed_number_of_copies_fails if {
	rule.deny == {_finding(["replicas", "max"], {
		"lacks": "always has 3 copies",
		"field": "replicas.max",
		"wanted": "twice what the peak needs, and more than `replicas.min`",
		"expected": 8,
	})} with input as _input("production", {"maxReplicas": 3})
}

test_what_always_has_one_copy_may_be_alone_on_purpose if {
	some finding in rule.deny with input as _input("production", {"minReplicas": 1, "maxReplicas": 1})
	finding.params.lacks == "always has 1 copy"
	endswith(finding.params.wanted, "leave `replicas` out and write `singleLeader: true`")
}

test_where_no_number_is_enough_none_is_expected if {
	rule.deny == {_finding(["replicas", "max"], {
		"lacks": "always has 3 copies",
		"field": "replicas.max",
		"wanted": "twice what the peak needs, and more than `replicas.min`",
	})} with input as _input("production", {"maxReplicas": 3, "maxForRoom": null})
}

test_less_than_twice_the_peak_fails if {
	rule.deny == {_finding(["replicas", "max"], {
		"lacks": "may grow to 7 copies, and needs 4 at its known peak",
		"field": "replicas.max",
		"wanted": "twice what the peak needs, and more than `replicas.min`",
		"expected": 8,
	})} with input as _input("production", {"maxReplicas": 7})
}

test_growing_late_fails if {
	rule.deny == {_finding(["cpuTargetPercent"], {
		"lacks": "grows only at 81 % CPU",
		"field": "cpuTargetPercent",
		"wanted": "80 or less",
		"expected": 80,
	})} with input as _input("production", {"cpuTargetPercent": 81})
}

test_room_for_twice_the_peak_passes if {
	rule.deny == set() with input as _input("production", {})
}

test_an_unknown_peak_asks_only_for_some_room if {
	rule.deny == set() with input as _input("production", {"neededAtPeak": null, "maxReplicas": 4})
}

test_only_production_has_waves if {
	rule.deny == set() with input as _input("staging", {"maxReplicas": 3})
}

test_schedules_machines_and_what_is_alone_do_not_scale if {
	every changed in [{"kind": "cron"}, {"runtime": "vm"}, {"singleLeader": true}] {
		rule.deny == set() with input as _input("production", object.union(changed, {"maxReplicas": 3}))
	}
}

_finding(at, params) := {
	"rule": "performance/autoscaling-has-room",
	"path": array.concat(["service", "spec", "workloads", 0], at),
	"params": object.union({"workload": "web"}, params),
	"status": "failed",
}

_input(purpose, changed) := {"spec": {
	"environment": {"spec": {"purpose": purpose}},
	"design": {"workloads": [object.union(
		{
			"name": "web",
			"kind": "web",
			"singleLeader": false,
			"runtime": "kubernetes",
			"minReplicas": 3,
			"maxReplicas": 8,
			"neededAtPeak": 4,
			"maxForRoom": 8,
			"cpuTargetPercent": 80,
		},
		changed,
	)]},
}}
