package rules.operations.jobs_are_watched_test

import data.rules.operations.jobs_are_watched as rule

test_unwatched_workloads_are_one_finding if {
	rule.deny == {_finding("clock and jobs")} with input as _service([])
	rule.deny == {_finding("clock")} with input as _service(["jobs", "jobs"])
}

test_watched_workloads_pass if {
	rule.deny == set() with input as _service(["jobs", "clock"])
}

_finding(workloads) := {
	"rule": "operations/jobs-are-watched",
	"path": ["service", "spec", "jobs"],
	"params": {"workloads": workloads},
	"status": "failed",
}

_service(watched) := {"spec": {"service": {"spec": {
	"workloads": [
		{"name": "web", "kind": "web"},
		{"name": "jobs", "kind": "worker"},
		{"name": "clock", "kind": "cron"},
	],
	"jobs": [{"name": "job", "workload": workload} | some workload in watched],
}}}}
