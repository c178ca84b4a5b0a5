package rules.performance.timeouts_fit_the_journey_test

import data.rules.performance.timeouts_fit_the_journey as rule

test_a_timeout_at_the_objective_fails if {
	rule.deny == {{
		"rule": "performance/timeouts-fit-the-journey",
		"path": ["service", "spec", "endpoints", 0, "timeoutSeconds"],
		"params": {"endpoint": "purchase", "timeout": 1, "latency": 1000},
		"status": "failed",
	}} with input as _service(1, 1000)
}

test_a_timeout_above_the_objective_passes if {
	rule.deny == set() with input as _service(1, 999)
}

_service(timeout, latency) := {"spec": {"service": {"spec": {"endpoints": [{
	"name": "purchase",
	"timeoutSeconds": timeout,
	"slo": {"latencyMs": latency},
}]}}}}
