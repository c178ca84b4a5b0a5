package rules.reliability.liveness_tests_no_vendor_test

import data.rules.reliability.liveness_tests_no_vendor as rule

test_each_check_of_a_liveness_probe_fails if {
	rule.deny == {_finding(0, "db"), _finding(1, "zuora")} with input as _service("web", ["db", "zuora"])
}

test_a_probe_that_tests_only_its_copy_passes if {
	rule.deny == set() with input as _service("web", [])
}

test_a_schedule_has_no_probes if {
	rule.deny == set() with input as _service("cron", ["db"])
}

_finding(j, check) := {
	"rule": "reliability/liveness-tests-no-vendor",
	"path": ["service", "spec", "workloads", 0, "liveness", "checks", j],
	"params": {"workload": "web", "check": check},
	"status": "failed",
}

_service(kind, checks) := {"spec": {"service": {"spec": {"workloads": [{
	"name": "web",
	"kind": kind,
	"readiness": {"checks": ["db"]},
	"liveness": {"checks": checks},
}]}}}}
