package rules.operations.copies_can_be_asked_test

import data.rules.operations.copies_can_be_asked as rule

test_a_worker_that_says_nothing_is_asked_for_a_probe if {
	rule.deny == {{
		"rule": "operations/copies-can-be-asked",
		"path": ["service", "spec", "workloads", 0, "liveness"],
		"params": {"workload": "jobs"},
		"status": "failed",
	}} with input as _service({})
}

test_one_that_can_be_asked_passes if {
	rule.deny == set() with input as _service({"liveness": {"by": "command", "reason": null}})
}

test_a_reason_is_enough if {
	rule.deny == set() with input as _service({"liveness": {"by": "none", "reason": "It ends when it fails."}})
}

test_schedules_and_machines_have_no_probes if {
	every changed in [{"kind": "cron"}, {"runtime": "vm"}] {
		rule.deny == set() with input as _service(changed)
	}
}

_service(changed) := {"spec": {"service": {"spec": {"workloads": [object.union(
	{
		"name": "jobs",
		"kind": "worker",
		"runtime": "kubernetes",
		"liveness": {"by": "none", "reason": null},
	},
	changed,
)]}}}}
