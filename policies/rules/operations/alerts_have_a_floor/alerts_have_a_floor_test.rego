package rules.operations.alerts_have_a_floor_test

import data.rules.operations.alerts_have_a_floor as rule

test_no_floor_fails if {
	rule.deny == {_finding("fire on a single request")} with input as _input(0, [_alert("all", "1h", 1000)])
}

test_any_floor_that_traffic_reaches_passes if {
	every floor in [1, 1000] {
		rule.deny == set() with input as _input(floor, [_alert("all", "1h", 1000)])
	}
}

test_a_floor_above_all_traffic_fails_for_the_least_that_comes if {
	fault := "wait for 1001 requests, and at most 500 come to endpoint rare in 1h"
	rule.deny == {_finding(fault)} with input as _input(1001, [
		_alert("all", "1h", 1000),
		_alert("new", "1h", null),
		_alert("rare", "1h", 500),
		_alert("rare", "6h", 3000),
	])
}

test_traffic_that_nobody_has_stated_is_not_judged if {
	rule.deny == set() with input as _input(10000000, [_alert("all", "1h", null)])
}

test_the_default_is_the_designs if {
	rule.deny == set() with input as _input(null, [_alert("all", "1h", 5)])
}

_finding(fault) := {
	"rule": "operations/alerts-have-a-floor",
	"path": ["service", "spec", "alerting", "minimumRequests"],
	"params": {"service": "portal", "fault": fault, "expected": 100},
	"status": "failed",
}

_alert(endpoint, window, most) := {"endpoint": endpoint, "window": window, "mostRequests": most}

_input(written, alerts) := {"spec": {
	"service": {"metadata": {"name": "portal"}, "spec": {"alerting": {"minimumRequests": written}}},
	"design": {
		"alertFloor": 100,
		"alerts": [object.union(alert, {"minimumRequests": floor}) |
			floor := [number | some number in [written, 4]; number != null][0]
			some alert in alerts
		],
	},
}}
