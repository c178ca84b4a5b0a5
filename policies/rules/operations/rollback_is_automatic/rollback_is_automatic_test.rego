package rules.operations.rollback_is_automatic_test

import data.rules.operations.rollback_is_automatic as rule

test_a_critical_service_that_waits_for_people_fails if {
	rule.deny == {{
		"rule": "operations/rollback-is-automatic",
		"path": ["service", "spec", "rollout", "rollback"],
		"params": {"service": "portal", "expected": "automatic"},
		"status": "failed",
	}} with input as _service("critical", "manual")
}

test_a_critical_service_that_turns_back_by_itself_passes if {
	rule.deny == set() with input as _service("critical", "automatic")
}

test_other_services_may_wait if {
	rule.deny == set() with input as _service("standard", "manual")
}

_service(tier, rollback) := {"spec": {"service": {
	"metadata": {"name": "portal"},
	"spec": {"tier": tier, "rollout": {"rollback": rollback}},
}}}
