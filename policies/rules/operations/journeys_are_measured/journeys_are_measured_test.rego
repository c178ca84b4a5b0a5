package rules.operations.journeys_are_measured_test

import data.rules.operations.journeys_are_measured as rule

test_a_web_workload_without_endpoints_fails_at_their_list if {
	rule.deny == {_finding([], {})} with input as _service([_endpoint("api", 1)])
}

test_journeys_that_count_nothing_fail_at_the_weight_of_the_first_by_name if {
	rule.deny == {_finding([2, "weight"], {"expected": 1})} with input as _service([
		_endpoint("api", 1),
		_endpoint("web", 0),
		object.union(_endpoint("web", 0), {"name": "a"}),
	])
}

test_one_journey_that_counts_is_enough if {
	rule.deny == set() with input as _service([
		_endpoint("api", 1),
		_endpoint("web", 0),
		object.union(_endpoint("web", 3), {"name": "more"}),
	])
}

test_signing_in_and_paying_count if {
	every sensitive, doing in {"login": "sign in", "payment": "pay"} {
		buy := {"name": "buy", "workload": "web", "weight": 0, "sensitive": sensitive}
		rule.deny == {{
			"rule": "operations/journeys-are-measured",
			"path": ["service", "spec", "endpoints", 1, "weight"],
			"params": {
				"what": concat(" ", ["endpoint buy, where people", doing]),
				"which": "endpoint buy",
				"expected": 1,
			},
			"status": "failed",
		}} with input as _service([_endpoint("api", 1), buy])
	}
}

test_other_journeys_may_be_left_out if {
	every sensitive in ["none", "token"] {
		more := {"name": "more", "workload": "web", "weight": 0, "sensitive": sensitive}
		rule.deny == set() with input as _service([_endpoint("api", 1), _endpoint("web", 1), more])
	}
}

test_a_payment_that_counts_is_enough if {
	buy := {"name": "buy", "workload": "web", "weight": 1, "sensitive": "payment"}
	rule.deny == set() with input as _service([_endpoint("api", 1), _endpoint("web", 0), buy])
}

_finding(at, fix) := {
	"rule": "operations/journeys-are-measured",
	"path": array.concat(["service", "spec", "endpoints"], at),
	"params": object.union(
		{"what": "workload web", "which": "an endpoint of workload web (add one, if there is none)"},
		fix,
	),
	"status": "failed",
}

_endpoint(workload, weight) := {"name": "all", "workload": workload, "weight": weight, "sensitive": "none"}

_service(endpoints) := {"spec": {"service": {"spec": {
	"workloads": [
		{"name": "web", "kind": "web"},
		{"name": "api", "kind": "web"},
		{"name": "jobs", "kind": "worker"},
	],
	"endpoints": endpoints,
}}}}
