# METADATA
# title: The busiest hour survives the loss of a zone
# description: >-
#   Zones don't fail at quiet times: the seat sync of all self-managed instances hits CustomersDot at
#   04:00 UTC, and in 2023 it was unstable for two hours around that without any zone being lost.
# custom:
#   level: 3
#   severity: error
#   stages: [spec]
#   message: "Workload {workload} keeps {left} copies when a zone is lost, and needs {needed} at its peak."
#   remediation: >-
#     Raise `replicas.min` of workload {workload} until {needed} copies are left without the fullest zone, or
#     take it out: the default is the smallest number that does, where there are two zones or more.
#   references:
#     - https://docs.cloud.google.com/architecture/framework/reliability/horizontal-scalability
#     - https://gitlab.com/gitlab-com/gl-infra/production/-/issues/16334
package rules.reliability.peak_survives_zone_loss

import data.lib.result

deny contains finding if {
	input.spec.environment.spec.purpose == "production"
	some i, workload in input.spec.design.workloads
	workload.runtime == "kubernetes"
	workload.kind != "cron"
	workload.neededAtPeak != null
	workload.leftAfterZoneLoss < workload.neededAtPeak
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "workloads", i, "replicas", "min"],
		object.union(
			{"workload": workload.name, "left": workload.leftAfterZoneLoss, "needed": workload.neededAtPeak},
			{"expected": number | some number in [workload.minForPeak]; number != null},
		),
	)
}
