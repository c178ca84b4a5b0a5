# METADATA
# title: Background work is watched
# description: >-
#   A queue that stands still gives no errors: nobody waits for it. CustomersDot's failed billing jobs were
#   alerted on by an exception tracker, and drowned in its noise.
# custom:
#   level: 2
#   severity: error
#   stages: [spec]
#   declared: {field: spec.jobs, proof: operations/promises-are-measured}
#   message: "No job says what workload {workloads} must get done, so nobody is told when it isn't."
#   remediation: "Add what {workloads} runs to `jobs`, with `successPercent` and `maxDelaySeconds`."
#   references:
#     - https://docs.cloud.google.com/architecture/framework/reliability/observability
#     - https://sre.google/workbook/data-processing/
package rules.operations.jobs_are_watched

import data.lib.result
import data.lib.words

deny contains finding if {
	watched := {job.workload | some job in input.spec.service.spec.jobs}
	unwatched := {workload.name |
		some workload in input.spec.service.spec.workloads
		workload.kind in ["worker", "cron"]
	} - watched
	count(unwatched) > 0
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "jobs"],
		{"workloads": words.listed(sort(unwatched))},
	)
}
