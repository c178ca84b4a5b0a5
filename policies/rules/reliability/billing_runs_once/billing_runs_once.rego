# METADATA
# title: Billing runs once
# description: >-
#   With several copies, a schedule runs several times and a retried job runs twice. When it moves money,
#   a customer pays twice. One leader prevents the first, an idempotency key the second.
# custom:
#   level: 3
#   severity: error
#   stages: [spec]
#   message: "Workload {workload} has no {lacks}: what it does may be done twice."
#   remediation: "Give workload {workload} a {lacks} and write it as `{field}`."
#   references:
#     - https://docs.stripe.com/api/idempotent_requests
#     - https://docs.gitlab.com/development/sidekiq/idempotent_jobs/
package rules.reliability.billing_runs_once

import rego.v2

import data.lib.result

deny contains finding if {
	some i, workload in input.spec.service.spec.workloads
	workload.kind == "cron"
	not workload.singleLeader
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "workloads", i, "singleLeader"],
		{"workload": workload.name, "lacks": "single leader", "field": "singleLeader", "expected": true},
	)
}

deny contains finding if {
	some i, workload in input.spec.service.spec.workloads
	workload.name in _billing
	workload.idempotencyKey == null
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "workloads", i, "idempotencyKey"],
		{"workload": workload.name, "lacks": "key of idempotency", "field": "idempotencyKey"},
	)
}

_billing contains job.workload if {
	some job in input.spec.service.spec.jobs
	job.billing
}
