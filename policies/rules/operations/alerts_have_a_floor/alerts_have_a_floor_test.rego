package rules.operations.alerts_have_a_floor_test

import data.rules.operations.alerts_have_a_floor as rule

test_no_floor_fails if {
	rule.deny == {{
		"rule": "operations/alerts-have-a-floor",
		"path": ["service", "spec", "alerting", "minimumRequests"],
		"params": {"service": "portal", "expected": 3600},
		"status": "failed",
	}} with input as _service(0)
}

test_any_floor_passes if {
	rule.deny == set() with input as _service(1)
}

_service(requests) := {"spec": {"service": {
	"metadata": {"name": "portal"},
	"spec": {"alerting": {"minimumRequests": requests}},
}}}
