package rules.reliability.schedules_avoid_changed_clocks_test

import data.rules.reliability.schedules_avoid_changed_clocks as rule

test_a_schedule_that_meets_changed_clocks_fails if {
	rule.deny == {{
		"rule": "reliability/schedules-avoid-changed-clocks",
		"path": ["service", "spec", "workloads", 0, "schedule"],
		"params": {"workload": "bills", "schedule": "30 2 * * *", "zone": "Europe/Berlin"},
		"status": "failed",
	}} with input as _service({})
}

test_another_hour_passes if {
	rule.deny == set() with input as _service({"meetsChangedClocks": false})
}

test_a_machine_of_today_is_judged_once_it_moves if {
	rule.deny == set() with input as _service({"runtime": "vm"})
}

_service(changed) := {"spec": {"design": {"workloads": [object.union(
	{
		"name": "bills",
		"runtime": "kubernetes",
		"schedule": "30 2 * * *",
		"timeZone": "Europe/Berlin",
		"meetsChangedClocks": true,
	},
	changed,
)]}}}
