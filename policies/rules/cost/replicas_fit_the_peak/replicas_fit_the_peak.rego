# METADATA
# title: Copies are as many as the peak needs
# description: >-
#   Copies that no peak needs, not even with a zone lost, are paid for day and night. The autoscaler adds
#   them when there is a reason. Where this meets reliability, reliability wins.
# custom:
#   level: 4
#   severity: warning
#   stages: [spec]
#   message: "Workload {workload} keeps {left} copies even without a zone, and needs {needed} at its peak."
#   remediation: "Take `replicas.min` of workload {workload} out: the default is the fewest that survive a zone."
#   references:
#     - https://docs.cloud.google.com/architecture/framework/cost-optimization/optimize-resource-usage
package rules.cost.replicas_fit_the_peak

import data.lib.result

deny contains finding if {
	some i, workload in input.spec.design.workloads
	workload.kind != "cron"
	workload.runtime == "kubernetes"
	workload.minReplicas > count(input.spec.environment.spec.zones)
	workload.leftAfterZoneLoss >= workload.neededAtPeak * 2
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "workloads", i, "replicas", "min"],
		{"workload": workload.name, "left": workload.leftAfterZoneLoss, "needed": workload.neededAtPeak},
	)
}
