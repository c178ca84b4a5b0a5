package rules.reliability.billing_runs_once_test

import data.rules.reliability.billing_runs_once as rule

test_a_schedule_without_a_leader_fails if {
	leader := {"lacks": "single leader", "expected": true}
	rule.deny == {_finding("singleLeader", leader)} with input as _service("cron", false, null, false)
}

test_a_billing_job_without_a_key_fails_at_its_workload if {
	key := {"lacks": "key of idempotency"}
	rule.deny == {_finding("idempotencyKey", key)} with input as _service("worker", false, null, true)
}

test_billing_with_leader_and_key_passes if {
	rule.deny == set() with input as _service("cron", true, "invoice_id", true)
}

test_an_ordinary_job_needs_no_key if {
	rule.deny == set() with input as _service("worker", false, null, false)
}

_finding(field, params) := {
	"rule": "reliability/billing-runs-once",
	"path": ["service", "spec", "workloads", 0, field],
	"params": object.union({"workload": "clock", "field": field}, params),
	"status": "failed",
}

_service(kind, leader, key, billing) := {"spec": {"service": {"spec": {
	"workloads": [{"name": "clock", "kind": kind, "singleLeader": leader, "idempotencyKey": key}],
	"jobs": [{"name": "reconcile", "workload": "clock", "billing": billing}],
}}}}
