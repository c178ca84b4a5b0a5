package rules.reliability.readiness_tests_what_is_needed_test

import data.rules.reliability.readiness_tests_what_is_needed as rule

test_each_check_of_something_soft_fails if {
	rule.deny == {_finding(1, "cache"), _finding(3, "zuora")} with input as _service(
		"web",
		["db", "cache", "quota", "zuora"],
	)
}

test_what_is_needed_may_be_tested if {
	rule.deny == set() with input as _service("worker", ["db", "quota"])
}

test_a_schedule_has_no_probes if {
	rule.deny == set() with input as _service("cron", ["cache"])
}

_finding(j, check) := {
	"rule": "reliability/readiness-tests-what-is-needed",
	"path": ["service", "spec", "workloads", 0, "readiness", "checks", j],
	"params": {"workload": "app", "check": check},
	"status": "failed",
}

_service(kind, checks) := {"spec": {"service": {"spec": {
	"workloads": [{"name": "app", "kind": kind, "readiness": {"checks": checks}}],
	"stores": [{"name": "db", "need": "hard"}, {"name": "cache", "need": "soft"}],
	"dependencies": [{"name": "quota", "need": "hard"}, {"name": "zuora", "need": "soft"}],
}}}}
