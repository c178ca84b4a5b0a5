package rules.performance.never_scales_to_zero_test

import data.rules.performance.never_scales_to_zero as rule

test_a_web_workload_that_may_vanish_fails if {
	rule.deny == {_finding(3)} with input as _input("web", 0, null)
}

test_the_fix_stays_below_the_most_copies if {
	rule.deny == {_finding(2)} with input as _input("web", 0, 2)
	rule.deny == {_finding(3)} with input as _input("web", 0, 9)
}

test_one_copy_passes if {
	rule.deny == set() with input as _input("web", 1, null)
}

test_a_worker_is_not_waited_for if {
	rule.deny == set() with input as _input("worker", 0, null)
}

_finding(expected) := {
	"rule": "performance/never-scales-to-zero",
	"path": ["service", "spec", "workloads", 0, "replicas", "min"],
	"params": {"workload": "app", "expected": expected},
	"status": "failed",
}

_input(kind, replicas, most) := {"spec": {
	"service": {"spec": {"workloads": [{"replicas": {"max": most}}]}},
	"environment": {"spec": {"zones": ["b", "c", "d"]}},
	"design": {"workloads": [{"name": "app", "kind": kind, "minReplicas": replicas}]},
}}
