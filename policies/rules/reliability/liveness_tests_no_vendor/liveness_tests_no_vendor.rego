# METADATA
# title: Liveness tests nothing that a restart can't mend
# description: >-
#   A copy whose liveness fails is killed. When the probe asks a vendor or a database, their outage restarts
#   every copy at once, again and again, and the service is still down when they are back.
# custom:
#   level: 2
#   severity: error
#   stages: [spec]
#   message: "The liveness probe of workload {workload} tests {check}, which no restart mends."
#   remediation: "Take {check} out of `liveness.checks` of workload {workload}; readiness may test what it needs."
#   references:
#     - https://kubernetes.io/docs/concepts/workloads/pods/probes/
#     - https://docs.cloud.google.com/architecture/framework/reliability/graceful-degradation
#     - https://gitlab.com/gitlab-com/gl-infra/production/-/issues/8088
package rules.reliability.liveness_tests_no_vendor

import data.lib.result

deny contains finding if {
	some i, workload in input.spec.service.spec.workloads
	workload.kind != "cron"
	some j, check in workload.liveness.checks
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "workloads", i, "liveness", "checks", j],
		{"workload": workload.name, "check": check},
	)
}
