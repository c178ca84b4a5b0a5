package rules.reliability.shutdown_lets_requests_finish_test

import data.rules.reliability.shutdown_lets_requests_finish as rule

test_a_shutdown_before_the_longest_request_fails if {
	rule.deny == {{
		"rule": "reliability/shutdown-lets-requests-finish",
		"path": ["service", "spec", "workloads", 1, "shutdownSeconds"],
		"params": {"workload": "web", "seconds": 59, "endpoint": "purchase", "timeout": 60, "expected": 60},
		"status": "failed",
	}} with input as _service(59)
}

test_a_shutdown_after_the_longest_request_passes if {
	rule.deny == set() with input as _service(60)
}

_service(seconds) := {"spec": {"service": {"spec": {
	"workloads": [{"name": "jobs", "shutdownSeconds": 1}, {"name": "web", "shutdownSeconds": seconds}],
	"endpoints": [
		{"name": "sign-in", "workload": "web", "timeoutSeconds": 30},
		{"name": "purchase", "workload": "web", "timeoutSeconds": 60},
	],
}}}}
