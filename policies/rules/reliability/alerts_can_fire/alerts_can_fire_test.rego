package rules.reliability.alerts_can_fire_test

import data.rules.reliability.alerts_can_fire as rule

test_a_threshold_of_everything_fails_at_the_objective if {
	rule.deny == {_finding("1h", 94)} with input as _input([_alert("1h", 1.44), _alert("6h", 0.6)])
}

test_availability_is_judged_as_latency_is if {
	alert := object.union(_alert("1h", 1), {"sli": "availability"})
	[["service", "spec", "endpoints", 1, "slo", "availability"]] == [finding.path |
		some finding in rule.deny with input as _input([alert])
	]
}

test_two_dead_windows_are_one_finding if {
	rule.deny == {_finding("6h and 1h", 94)} with input as _input([_alert("6h", 1), _alert("1h", 2.88)])
	rule.deny == {_finding("6h", 84)} with input as _input([_alert("6h", 1), _alert("1h", 0.9)])
}

test_a_threshold_below_everything_passes if {
	rule.deny == set() with input as _input([_alert("1h", 0.99)])
}

_finding(windows, least) := {
	"rule": "reliability/alerts-can-fire",
	"path": ["service", "spec", "endpoints", 1, "slo", "latency"],
	"params": {"endpoint": "purchase", "sli": "latency", "windows": windows, "objective": 90, "expected": least},
	"status": "failed",
}

_alert(window, threshold) := {
	"endpoint": "purchase",
	"sli": "latency",
	"window": window,
	"objective": 90,
	"leastObjective": {"1h": 94, "6h": 84}[window],
	"threshold": threshold,
}

_input(alerts) := {"spec": {"design": {"endpoints": [{"name": "all"}, {"name": "purchase"}], "alerts": alerts}}}
