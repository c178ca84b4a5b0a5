package rules.reliability.autoscaler_starts_from_one_test

import data.rules.reliability.autoscaler_starts_from_one as rule

test_an_autoscaler_of_zero_fails_whatever_it_scales if {
	every kind in ["web", "worker"] {
		rule.deny == {{
			"rule": "reliability/autoscaler-starts-from-one",
			"path": ["service", "spec", "workloads", 0, "replicas", "min"],
			"params": {"workload": "app", "expected": 1},
			"status": "failed",
		}} with input as _input(kind, "kubernetes", 0)
	}
}

test_one_copy_passes if {
	rule.deny == set() with input as _input("worker", "kubernetes", 1)
}

test_what_has_no_autoscaler_passes if {
	rule.deny == set() with input as _input("cron", "kubernetes", 0)
	rule.deny == set() with input as _input("worker", "vm", 0)
}

_input(kind, runtime, replicas) := {"spec": {"design": {"workloads": [{
	"name": "app",
	"kind": kind,
	"runtime": runtime,
	"minReplicas": replicas,
}]}}}
