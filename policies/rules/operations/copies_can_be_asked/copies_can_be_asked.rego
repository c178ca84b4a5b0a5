# METADATA
# title: Somebody can ask a copy how it is
# description: >-
#   A copy that hangs looks like one that works: without a probe nothing restarts it, and a rollout goes on as
#   if the new version were fine. A worker without a port can be asked by a command.
# custom:
#   level: 2
#   severity: warning
#   stages: [spec]
#   message: "Nobody can ask a copy of workload {workload} whether it is alive."
#   remediation: >-
#     Give workload {workload} a `liveness.command` that ends with 0 when it is fine, or a `port`; where there is
#     nothing to ask, say why in `liveness.reason`.
#   references:
#     - https://kubernetes.io/docs/concepts/workloads/pods/probes/
#     - https://docs.celeryq.dev/en/stable/userguide/monitoring.html
package rules.operations.copies_can_be_asked

import data.lib.result

deny contains finding if {
	some i, workload in input.spec.service.spec.workloads
	workload.runtime == "kubernetes"
	workload.kind != "cron"
	workload.liveness.by == "none"
	workload.liveness.reason == null
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "workloads", i, "liveness"],
		{"workload": workload.name},
	)
}
