package rules.operations.journeys_are_measured_test

import data.rules.operations.journeys_are_measured as rule

test_a_web_workload_without_endpoints_fails_at_their_list if {
	rule.deny == {_finding([], {})} with input as _service([_endpoint("api", 1)])
}

test_journeys_that_count_nothing_fail_at_the_first_weight if {
	rule.deny == {_finding([1, "weight"], {"expected": 1})} with input as _service([
		_endpoint("api", 1),
		_endpoint("web", 0),
		_endpoint("web", 0),
	])
}

test_one_journey_that_counts_is_enough if {
	rule.deny == set() with input as _service([_endpoint("api", 1), _endpoint("web", 0), _endpoint("web", 3)])
}

_finding(at, fix) := {
	"rule": "operations/journeys-are-measured",
	"path": array.concat(["service", "spec", "endpoints"], at),
	"params": object.union({"workload": "web"}, fix),
	"status": "failed",
}

_endpoint(workload, weight) := {"workload": workload, "weight": weight}

_service(endpoints) := {"spec": {"service": {"spec": {
	"workloads": [
		{"name": "web", "kind": "web"},
		{"name": "api", "kind": "web"},
		{"name": "jobs", "kind": "worker"},
	],
	"endpoints": endpoints,
}}}}
